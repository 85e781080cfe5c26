import type { Problem } from '../model/problem.ts'
import type { Manifest } from './engine.ts'
import { V86 } from 'v86'
import wasm from 'v86/build/v86.wasm?url'
import { logError } from '../model/log.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { compileSmall, toConsole } from './console.ts'

/** The worker that holds the guest: it loads the guest's parts, wakes it, and passes bytes between it and the page. */

/** What the page sends: where the parts are, then bytes for the guest. */
export type ToWorker = { type: 'load', folder: string, manifest: Manifest } | { type: 'bytes', bytes: Uint8Array }
/** What the worker sends; of the `bytes` that it has loaded, `cached` came from the browser's cache. */
export type FromWorker
  = | { type: 'progress', bytes: number, cached: number }
    | { type: 'waking' }
    | { type: 'awake' }
    | { type: 'bytes', bytes: Uint8Array }
    | { type: 'failed', problem: Problem }

const CACHE = 'docker-basics:engine'
/** Tries of one part, and the pause between them, in milliseconds. */
const TRIES = 3
const PAUSE_MS = 1000

let machine: V86 | undefined

function send(message: FromWorker): void {
  postMessage(message)
}

onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'bytes')
    machine && toConsole(machine, data.bytes)
  else
    load(data.folder, data.manifest).catch(fail)
}

function fail(error: unknown): void {
  logError(error)
  send({ type: 'failed', problem: problemOf(error) })
}

async function load(folder: string, manifest: Manifest): Promise<void> {
  const state = await download(folder, manifest)
  send({ type: 'waking' })
  await wake(state, manifest)
  send({ type: 'awake' })
}

/** The saved state, still compressed, from its parts. A part that has come whole is kept in the browser's cache. */
async function download(folder: string, { parts }: Manifest): Promise<ArrayBuffer> {
  const cache = await globalThis.caches?.open(CACHE).catch(() => null) ?? null
  for (const old of await cache?.keys() ?? []) {
    if (!parts.some(({ file }) => old.url === folder + file))
      await cache!.delete(old)
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes, 0))
  let at = 0
  let cached = 0
  for (const part of parts) {
    const url = folder + part.file
    const kept = await cache?.match(url)
    const target = all.subarray(at, at + part.bytes)
    if (kept && await fill(kept, target, part.sha256)) {
      cached += part.bytes
    }
    else {
      await fetchPart(url, target, part.sha256, now => send({ type: 'progress', bytes: at + now, cached }))
      await cache?.put(url, new Response(target.slice())).catch(() => {}) // a full disk only costs the next load
    }
    at += part.bytes
    send({ type: 'progress', bytes: at, cached })
  }
  return all.buffer
}

/** @throws {ProblemError} when the part does not come whole, after some tries. */
async function fetchPart(url: string, target: Uint8Array, sha256: string, onProgress: (bytes: number) => void): Promise<void> {
  let why: unknown
  for (let turn = 0; turn < TRIES; turn++) {
    if (turn > 0)
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    try {
      const response = await fetch(url, { cache: turn === 0 ? 'default' : 'reload' })
      if (!response.ok)
        throw new Error(`${response.status} ${url}`)
      if (await fill(response, target, sha256, onProgress))
        return
      throw new Error(`not the bytes that were saved: ${url}`)
    }
    catch (error) {
      why = error
    }
  }
  throw new ProblemError({
    message: '엔진을 내려받다가 끊겼습니다.',
    hint: '네트워크를 확인하고 다시 시도하세요. 받은 부분은 남아 있어 이어서 받습니다.',
    detail: String(why),
  }, { cause: why })
}

/** Fills a buffer with a body; false when the body is not the part of that digest. */
async function fill(
  { body }: Response,
  target: Uint8Array,
  sha256: string,
  onProgress: (bytes: number) => void = () => {},
): Promise<boolean> {
  let at = 0
  const reader = body!.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (at + next.value.length > target.length)
      return false
    target.set(next.value, at)
    at += next.value.length
    onProgress(at)
  }
  if (at !== target.length)
    return false
  const digest = await crypto.subtle?.digest('SHA-256', target.slice()) // only where the page is secure
  return !digest || [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('') === sha256
}

/** @throws {ProblemError} when there is not enough memory. */
async function wake(state: ArrayBuffer, { memoryMb }: Manifest): Promise<void> {
  const failed = Promise.withResolvers<never>()
  addEventListener('unhandledrejection', ({ reason }) => failed.reject(reason))
  addEventListener('error', ({ error, message }) => failed.reject(error ?? message))
  try {
    machine = new V86({
      wasm_path: wasm,
      memory_size: memoryMb * 1024 * 1024,
      vga_memory_size: 2 * 1024 * 1024,
      initial_state: { buffer: state },
      virtio_console: { type: 'none' },
      disable_keyboard: true,
      disable_mouse: true,
      disable_speaker: true,
      autostart: true,
    })
    machine.add_listener('emulator-ready', () => compileSmall(machine!))
    machine.add_listener('virtio-console0-output-bytes', bytes => send({ type: 'bytes', bytes }))
    await Promise.race([failed.promise, new Promise<void>(resolve => machine!.add_listener('emulator-started', () => resolve()))])
  }
  catch (error) {
    throw new ProblemError({
      message: '브라우저 안의 엔진을 깨우지 못했습니다.',
      hint: '메모리가 모자랄 수 있습니다. 다른 탭을 닫고 다시 시도하세요. 그동안은 녹화가 나옵니다.',
      detail: String(error),
    }, { cause: error })
  }
}
