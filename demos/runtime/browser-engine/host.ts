import type { Demo } from '../../define.ts'
import type { RunServerMessage, RunSnapshot } from '../model/messages.ts'
import type { RunClientMessage } from '../model/schema.ts'
import type { Manifest, Sent } from './engine.ts'
import type { FromWorker, ToWorker } from './worker.ts'
import { clean } from '../engine/ledger.ts'
import { logError } from '../model/log.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { Runs } from '../run/runs.ts'
import { Channel } from './channel.ts'
import { startBrowserRun, warmUp } from './engine.ts'

/** A demo as the page has it: its definition, and its files as they stand now. */
export interface DemoSources { demo: Demo, files: Readonly<Record<string, string>> }

export interface HostOptions {
  /** @throws {ProblemError} when there is no such demo. */
  demoOf: (id: string) => Promise<DemoSources>
  /** Sends to all pages of this browser. */
  broadcast: (message: RunServerMessage) => void
  /** The engine does not answer any more; the host can only be closed. */
  onDead: () => void
}

/** How far loading is. */
export type Progress = { state: 'loading', bytes: number, total: number, secondsLeft: number | null } | { state: 'waking' }

/** Memory that a device must have, in GB, as far as a browser tells (https://developer.mozilla.org/docs/Web/API/Device_Memory_API). */
const LEAST_MEMORY_GB = 2

/** How often the engine is asked whether it is there, and how long it may take to answer, in milliseconds. */
const PING_PAUSE_MS = 10_000
const PING_TIMEOUT_MS = 30_000

/** Longest that a program of the guest may take while it wakes, and that waking takes in all, in milliseconds. */
const PROGRAM_TIMEOUT_MS = 60_000
const WAKE_TIMEOUT_MS = 130_000

/** @throws {ProblemError} when this browser cannot hold the guest. */
function checkBrowser(): void {
  if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined')
    throw new ProblemError({ message: '이 브라우저에는 WebAssembly가 없어 엔진을 실행할 수 없습니다.', hint: '최신 크롬, 엣지, 파이어폭스, 사파리에서 여세요. 여기서는 녹화가 나옵니다.' })
  const memory = 'deviceMemory' in navigator ? Number(navigator.deviceMemory) : LEAST_MEMORY_GB
  if (memory < LEAST_MEMORY_GB)
    throw new ProblemError({ message: `이 기기는 메모리가 ${memory} GB여서 엔진을 실행하기에 모자랍니다.`, hint: '메모리가 2 GB보다 큰 컴퓨터에서 여세요. 여기서는 녹화가 나옵니다.' })
}

/**
 * Sets the guest's clock, which stands at the day it was saved, and waits until the CLI has the engine's answer:
 * as with the server's, no engine is there before that.
 * @throws {ProblemError} when it has none.
 */
async function awake(channel: Channel, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: PROGRAM_TIMEOUT_MS, onOutput: () => {} }
  await channel.run('/', ['date', '-s', `@${Math.round(Date.now() / 1000)}`], options)
  const { ended, exitCode } = await channel.run('/', ['docker', 'version'], options)
  if (exitCode !== 0)
    throw unanswered(`docker version: ${ended} ${exitCode}`)
}

function unanswered(detail: string): ProblemError {
  return new ProblemError({ message: '브라우저 안의 엔진이 응답하지 않습니다.', hint: '다시 시도하세요. 그동안은 녹화가 나옵니다.', detail })
}

/** Whether the engine answers; a guest that has no room for a process any more says nothing at all. */
async function answers(channel: Channel): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<false>(resolve => timer = setTimeout(resolve, PING_TIMEOUT_MS, false))
  const ping = channel.request('GET', '/_ping').then(({ status }) => status === 200, () => false)
  return Promise.race([ping, late]).finally(() => clearTimeout(timer))
}

/**
 * The engine in this tab with its runs, for all pages of one browser. It takes and sends the
 * same messages as the deck's server (server/session.ts).
 */
export class Host {
  readonly manifest: Manifest
  readonly #worker: Worker
  readonly #runs: Runs
  readonly #options: HostOptions
  /** Ends the warming up as soon as a page asks for something. */
  readonly #asked = new AbortController()
  #closed = false

  private constructor(manifest: Manifest, worker: Worker, channel: Channel, options: HostOptions) {
    this.manifest = manifest
    this.#worker = worker
    this.#options = options
    const sent = new Map<string, Sent>()
    this.#runs = new Runs({
      start: async ({ id, demo, upTo, onEvent }) => {
        const { files } = await options.demoOf(id)
        sent.set(id, sent.get(id) ?? new Map())
        return startBrowserRun({ channel, version: manifest.version, demoId: id, demo, files, sent: sent.get(id)!, upTo, onEvent })
      },
      clean: demo => clean(channel, { demo }),
      broadcast: options.broadcast,
    })
    void this.#watch(channel)
    void warmUp(channel, manifest.images[0]!, this.#asked.signal).catch(() => {}) // without it the first run takes longer
  }

  /**
   * Brings the guest from `folder` (an address that ends in /) and wakes it.
   * @throws {ProblemError} when that does not work; nothing of it is left then.
   */
  static async open(
    folder: string,
    { onProgress, signal, ...options }: HostOptions & { onProgress: (progress: Progress) => void, signal: AbortSignal },
  ): Promise<Host> {
    checkBrowser()
    const manifest = await readManifest(folder, signal)
    const total = manifest.parts.reduce((sum, part) => sum + part.bytes, 0)
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    const post = (message: ToWorker): void => worker.postMessage(message)
    const channel = new Channel(bytes => post({ type: 'bytes', bytes }))
    try {
      const start = performance.now()
      onProgress({ state: 'loading', bytes: 0, total, secondsLeft: null })
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('left')))
        worker.onerror = ({ message }) => reject(new ProblemError({
          message: '브라우저 안의 엔진이 멈췄습니다.',
          hint: '다시 시도하세요. 그동안은 녹화가 나옵니다.',
          detail: message,
        }))
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          switch (data.type) {
            case 'progress': {
              const rate = (data.bytes - data.cached) / (performance.now() - start) * 1000
              const secondsLeft = rate > 0 ? Math.ceil((total - data.bytes) / rate) : null
              return onProgress({ state: 'loading', bytes: data.bytes, total, secondsLeft })
            }
            case 'waking':
              return onProgress({ state: 'waking' })
            case 'bytes':
              return channel.receive(data.bytes)
            case 'awake':
              return resolve()
            case 'failed':
              return reject(new ProblemError(data.problem))
          }
        }
        post({ type: 'load', folder, manifest })
      })
      let timer: ReturnType<typeof setTimeout>
      const cut = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('left')))
        timer = setTimeout(() => reject(unanswered(`nothing within ${WAKE_TIMEOUT_MS} ms`)), WAKE_TIMEOUT_MS)
      })
      await Promise.race([awake(channel, signal), cut]).finally(() => clearTimeout(timer))
      return new Host(manifest, worker, channel, options)
    }
    catch (error) {
      worker.terminate()
      throw error
    }
  }

  /** The runs as a page that joins now sees them: the `demos` of a snapshot. */
  snapshot(): Record<string, RunSnapshot> {
    return this.#runs.snapshot()
  }

  /** Does what a page asks, or broadcasts why not; never throws. */
  async receive(message: RunClientMessage): Promise<void> {
    this.#asked.abort()
    try {
      this.#runs.define(message.demo, (await this.#options.demoOf(message.demo)).demo)
      await this.#runs.receive(message)
    }
    catch (error) {
      logError(error)
      this.#options.broadcast({ type: 'refused', demo: message.demo, problem: problemOf(error) })
    }
  }

  /** Gives the guest's memory back. */
  close(): void {
    this.#closed = true
    this.#worker.terminate()
  }

  /** Once may be a computer that has slept. */
  async #watch(channel: Channel): Promise<void> {
    while (!this.#closed && (await answers(channel) || await answers(channel)))
      await new Promise(resolve => setTimeout(resolve, PING_PAUSE_MS))
    if (!this.#closed)
      this.#options.onDead()
  }
}

async function readManifest(folder: string, signal: AbortSignal): Promise<Manifest> {
  try {
    const response = await fetch(`${folder}manifest.json`, { cache: 'no-cache', signal })
    if (!response.ok)
      throw new Error(`${response.status} ${response.url}`)
    return await response.json() as Manifest
  }
  catch (error) {
    throw new ProblemError({
      message: '브라우저에서 쓸 엔진을 찾지 못했습니다.',
      hint: '네트워크를 확인하고 다시 시도하세요. 그동안은 녹화가 나옵니다.',
      detail: String(error),
    }, { cause: error })
  }
}
