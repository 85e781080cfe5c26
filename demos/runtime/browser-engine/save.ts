import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { V86 } from 'v86'
import { Channel } from './channel.ts'
import { compileSmall, toConsole } from './console.ts'

/** Boots the guest that build.sh made, warms it up, and saves its state in parts for the deck to serve. */

const work = join(import.meta.dirname, '../../../engine.local')
const out = join(import.meta.dirname, '../../../public/engine')
/** Of the guest's memory, in MiB: what the engine, its programs and a build take, and little more. */
const MEMORY_MB = Number(process.env.GUEST_MB ?? 448)
/** Of one part, in bytes: what a broken download loses at most. */
const PART = 8 * 1024 * 1024
const CMDLINE = 'console=ttyS0 rootfstype=tmpfs rdinit=/init tsc=reliable mitigations=off random.trust_cpu=on quiet'

async function buffer(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

const started = performance.now()
const say = (text: string): void => console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)}s ${text}`)

const machine = new V86({
  wasm_path: join(import.meta.dirname, '../../../node_modules/v86/build/v86.wasm'),
  memory_size: MEMORY_MB * 1024 * 1024,
  vga_memory_size: 2 * 1024 * 1024,
  bios: { buffer: await buffer('/usr/share/seabios/bios.bin') },
  vga_bios: { buffer: await buffer('/usr/share/seabios/vgabios-stdvga.bin') },
  bzimage: { buffer: await buffer(join(work, 'bzImage')) },
  initrd: { buffer: await buffer(join(work, 'initrd.zst')) },
  cmdline: CMDLINE,
  virtio_console: { type: 'none' },
  disable_speaker: true,
  autostart: true,
})
machine.add_listener('emulator-ready', () => compileSmall(machine))
let log = ''
const ready = new Promise<void>((resolve, reject) => {
  machine.add_listener('serial0-output-byte', (byte) => {
    log += String.fromCharCode(byte)
    if (process.env.LOG)
      process.stdout.write(String.fromCharCode(byte))
    if (log.endsWith('READY\r\n'))
      resolve()
  })
  setTimeout(() => reject(new Error(`the guest did not start: ${log.slice(-2000)}`)), 600_000).unref()
})
const channel = new Channel(bytes => toConsole(machine, bytes))
machine.add_listener('virtio-console0-output-bytes', bytes => channel.receive(bytes))
await ready
say('dockerd answers')

async function guest(...words: string[]): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  const before = performance.now()
  const exit = await channel.run('/deck', words, {
    signal: new AbortController().signal,
    timeoutMs: 600_000,
    onOutput: bytes => text += decoder.decode(bytes, { stream: true }),
  })
  say(`${((performance.now() - before) / 1000).toFixed(1)}s ${words.join(' ').slice(0, 100)}`)
  if (exit.exitCode !== 0)
    throw new Error(`${words.join(' ')}: ${exit.ended} ${exit.exitCode}\n${text}`)
  return text
}

for (const [tar, image, cmd] of [['slim', 'debian:trixie-slim', '["bash"]'], ['busybox', 'busybox:stable', '["sh"]']] as const) {
  await guest(
    'docker', 'image', 'import', '--change', `CMD ${cmd}`, '--change',
    'LABEL ch01.base=made-from-debian-packages', `/root/${tar}.tar`, image,
  )
}

// Once through everything that a demo does, so that what is read from then on is in memory.
await channel.put('/deck/warm/Dockerfile', 'FROM debian:trixie-slim\nCOPY warm /\nRUN chmod +x /warm\nCMD ["/warm"]\n')
await channel.put('/deck/warm/warm', '#!/bin/sh\necho warm\n')
console.log(await guest('docker', 'image', 'build', '-t', 'warm', '/deck/warm'))
console.log(await guest('docker', 'container', 'run', '--rm', 'warm'))
for (const line of (process.env.TRY ?? '').split('\n').filter(each => each !== ''))
  console.log(await guest('sh', '-c', `${line} 2>&1 || true`))
const version = JSON.parse(await guest('docker', 'version', '--format', '{{json .Server}}')) as {
  Version: string
  Os: string
  Arch: string
  KernelVersion: string
}
await guest('docker', 'image', 'rm', 'warm')
await guest('docker', 'builder', 'prune', '--all', '--force')
await guest('rm', '-rf', '/deck/warm', '/root/slim.tar', '/root/busybox.tar')
console.log(await guest('free', '-m'))
await guest(
  'sh',
  '-c',
  'sync; echo 3 > /proc/sys/vm/drop_caches; mkdir /z; mount -t tmpfs -o size=100% z /z; dd if=/dev/zero of=/z/z bs=1M count=$(awk \'/MemFree/{print int($2/1024)-24}\' /proc/meminfo) 2>/dev/null; umount /z; rmdir /z',
)
await new Promise(resolve => setTimeout(resolve, 3000))
await machine.stop()

const state = Buffer.from(await machine.save_state())
say(`saved ${(state.length / 1e6).toFixed(1)} MB`)
const raw = join(work, 'state.bin')
await writeFile(raw, state)
await execa('zstd', [process.env.FAST ? '-6' : '-19', '--ultra', '-T0', '--force', '--quiet', raw, '-o', `${raw}.zst`])
const packed = await readFile(`${raw}.zst`)
say(`packed ${(packed.length / 1e6).toFixed(1)} MB`)
if (!process.env.FAST) {
  await mkdir(out, { recursive: true })
  for (const old of await readdir(out))
    /\.part$|^manifest\.json$/.test(old) && await rm(join(out, old))
  const parts = []
  for (let at = 0; at < packed.length; at += PART) {
    const bytes = packed.subarray(at, at + PART)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const file = `${sha256.slice(0, 12)}.part` // by its content, so that a cache never holds a stale one
    await writeFile(join(out, file), bytes)
    parts.push({ file, bytes: bytes.length, sha256 })
  }
  const manifest = {
    memoryMb: MEMORY_MB,
    rawBytes: state.length,
    version: { engine: version.Version, builder: 'BuildKit', platform: `${version.Os}/${version.Arch}` },
    kernel: version.KernelVersion,
    images: ['debian:trixie-slim', 'busybox:stable'],
    date: new Date((await stat(raw)).mtime).toISOString().slice(0, 10),
    parts,
  }
  await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  say(`wrote ${parts.length} parts to public/engine`)
}
process.exit(0)
