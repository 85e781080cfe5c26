import type { V86 } from 'v86'

/** The number of a setting, from v86's src/rust/jit.rs. */
const MAX_PAGES = 1

/** Puts bytes on the machine's virtio console. v86 has no public way in, as it has for its serial ports. */
export function toConsole(machine: V86, bytes: Uint8Array): void {
  (machine as unknown as { bus: { send: (event: string, data: Uint8Array) => void } }).bus.send('virtio-console0-input-bytes', bytes)
}

/**
 * Has the machine compile one page of the guest's code at a time, not three: a browser takes more than three times
 * as long for a function three times as large. To be called when the machine is ready; this is not public either.
 */
export function compileSmall(machine: V86): void {
  (machine as unknown as { v86: { cpu: { set_jit_config: (index: number, value: number) => void } } }).v86.cpu.set_jit_config(MAX_PAGES, 1)
}
