import type { Demo } from '../../define.ts'
import type { Tell } from '../model/messages.ts'
import type { RunEvent, RunState } from '../model/run-events.ts'
import type { Run } from '../run/run.ts'
import type { Ask } from '../server/schema.ts'
import type { Manifest, Sent } from './engine.ts'
import type { FromWorker, ToWorker } from './worker.ts'
import { removedText } from '../model/labels.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { idleRun, reduce } from '../model/run-events.ts'
import { Channel } from './channel.ts'
import { cleanGuest, runInGuest, warmUp } from './engine.ts'

/** A demo as the page has it: its definition, and its files as they stand now. */
export interface Staged { demo: Demo, files: Readonly<Record<string, string>> }

interface Stage {
  demo: Demo
  run: Run | null
  state: RunState
  seq: number
  sent: Sent
  /** Starting and cleaning wait for one another. */
  turn: Promise<void>
}

/** Of what a page may ask and be told, what concerns runs. */
export type BrowserClientMessage = Extract<Ask, { type: 'run' | 'advance' | 'stop' | 'edit' | 'reset' | 'clean' }>
export type BrowserServerMessage = Extract<Tell, { type: 'events' | 'cleaned' | 'refused' }> | { type: 'snapshot', demos: Record<string, { seq: number, state: RunState }> }

/** How far loading is. */
export type Progress = { state: 'loading', bytes: number, total: number, secondsLeft: number | null } | { state: 'waking' }

/** Memory that a device must have, in GB, as far as a browser tells (https://developer.mozilla.org/docs/Web/API/Device_Memory_API). */
const LEAST_MEMORY_GB = 2

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
  const options = { signal, timeoutMs: 60_000, onOutput: () => {} }
  await channel.run('/', ['date', '-s', `@${Math.round(Date.now() / 1000)}`], options)
  const { ended, exitCode } = await channel.run('/', ['docker', 'version'], options)
  if (exitCode !== 0)
    throw new ProblemError({ message: '브라우저 안의 엔진이 응답하지 않습니다.', hint: '다시 시도하세요. 그동안은 녹화가 나옵니다.', detail: `docker version: ${ended} ${exitCode}` })
}

/** What the deck's server is to its views, for the pages of one browser: it has the engine in this tab, and the runs are its. */
export class Host {
  readonly manifest: Manifest
  readonly #worker: Worker
  readonly #channel: Channel
  readonly #stages = new Map<string, Stage>()
  readonly #stagedOf: (id: string) => Promise<Staged>
  readonly #broadcast: (message: BrowserServerMessage) => void
  /** Ends the warming up when somebody asks for something. */
  readonly #asked = new AbortController()

  private constructor(manifest: Manifest, worker: Worker, channel: Channel, stagedOf: (id: string) => Promise<Staged>, broadcast: (message: BrowserServerMessage) => void) {
    this.manifest = manifest
    this.#worker = worker
    this.#channel = channel
    this.#stagedOf = stagedOf
    this.#broadcast = broadcast
    void warmUp(channel, manifest.images[0]!, this.#asked.signal).catch(() => {}) // without it the first run takes longer
  }

  /**
   * Brings the guest from `folder` (an address that ends in /) and wakes it.
   * @throws {ProblemError} when that does not work; nothing of it is left then.
   */
  static async open(folder: string, stagedOf: (id: string) => Promise<Staged>, broadcast: (message: BrowserServerMessage) => void, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Host> {
    checkBrowser()
    const manifest = await readManifest(folder, signal)
    const total = manifest.parts.reduce((sum, part) => sum + part.bytes, 0)
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    const say = (message: ToWorker): void => worker.postMessage(message)
    const channel = new Channel(bytes => say({ type: 'bytes', bytes }))
    try {
      const start = performance.now()
      onProgress({ state: 'loading', bytes: 0, total, secondsLeft: null })
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('left')))
        worker.onerror = ({ message }) => reject(new ProblemError({ message: '브라우저 안의 엔진이 멈췄습니다.', hint: '다시 시도하세요. 그동안은 녹화가 나옵니다.', detail: message }))
        worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          switch (data.type) {
            case 'progress': {
              const rate = (data.bytes - data.cached) / (performance.now() - start) * 1000
              return onProgress({ state: 'loading', bytes: data.bytes, total, secondsLeft: rate > 0 ? Math.ceil((total - data.bytes) / rate) : null })
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
        say({ type: 'load', folder, manifest })
      })
      await Promise.race([
        awake(channel, signal),
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('left')))),
      ])
      return new Host(manifest, worker, channel, stagedOf, broadcast)
    }
    catch (error) {
      worker.terminate()
      throw error
    }
  }

  /** What a page that joins now sees. */
  snapshot(): BrowserServerMessage {
    return { type: 'snapshot', demos: Object.fromEntries([...this.#stages].map(([id, { seq, state }]) => [id, { seq, state }])) }
  }

  /** Follows a page's message, or tells all why not; never throws. */
  async ask(ask: Exclude<BrowserClientMessage, { type: 'edit' | 'reset' }>): Promise<void> {
    this.#asked.abort()
    try {
      const staged = await this.#stagedOf(ask.demo)
      const stage = this.#stages.get(ask.demo) ?? { demo: staged.demo, run: null, state: idleRun(staged.demo.steps.length), seq: 0, sent: new Map(), turn: Promise.resolve() }
      this.#stages.set(ask.demo, stage)
      if (ask.type === 'stop')
        return stage.state.id === ask.run ? stage.run?.stop() : undefined
      const done = stage.turn.then(() => ask.type === 'clean' ? this.#clean(ask.demo, stage) : this.#run(ask, stage, staged.files))
      stage.turn = done.catch(() => {})
      await done
    }
    catch (error) {
      this.#broadcast({ type: 'refused', demo: ask.demo, problem: problemOf(error) })
    }
  }

  /** Gives the guest's memory back. */
  close(): void {
    this.#worker.terminate()
  }

  async #run({ type, demo: id, after, upTo }: Extract<BrowserClientMessage, { type: 'run' | 'advance' }>, stage: Stage, files: Staged['files']): Promise<void> {
    const last = upTo ?? stage.demo.steps.length - 1
    if (after !== stage.state.id || stage.state.steps.some(({ status: state }) => state === 'running'))
      return // another page was first
    if (type === 'advance' && stage.state.status !== 'idle')
      return stage.run?.advance(last)
    stage.run?.stop() // one that waits between two clicks gives way
    await stage.run?.ended
    stage.run = await runInGuest(this.#channel, this.manifest.version, id, stage.demo, files, stage.sent, last, event => this.#emit(id, stage, event))
  }

  #emit(id: string, stage: Stage, event: RunEvent): void {
    stage.state = reduce(stage.state, event)
    stage.seq += 1
    this.#broadcast({ type: 'events', demo: id, seq: stage.seq, events: [event] })
  }

  async #clean(id: string, stage: Stage): Promise<void> {
    stage.run?.stop()
    await stage.run?.ended
    const removed = await cleanGuest(this.#channel, id)
    stage.run = null
    stage.state = idleRun(stage.demo.steps.length)
    stage.seq += 1
    this.#broadcast({ type: 'cleaned', demo: id, seq: stage.seq, message: removedText(removed) })
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
    throw new ProblemError({ message: '브라우저에서 쓸 엔진을 찾지 못했습니다.', hint: '네트워크를 확인하고 다시 시도하세요. 그동안은 녹화가 나옵니다.', detail: String(error) }, { cause: error })
  }
}
