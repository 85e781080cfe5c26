import type { V86 } from 'v86'

/** Puts bytes on the machine's virtio console. v86 has no public way in, as it has for its serial ports. */
export function toConsole(machine: V86, bytes: Uint8Array): void {
  (machine as unknown as { bus: { send: (event: string, data: Uint8Array) => void } }).bus.send('virtio-console0-input-bytes', bytes)
}
