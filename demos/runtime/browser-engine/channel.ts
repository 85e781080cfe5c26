import type { ApiResponse, EngineApi } from '../engine/api.ts'
import type { ExecOptions, Exit } from '../run/engine.ts'
import { ProblemError } from '../model/problem.ts'

/** The tab's end of the channel to the guest's agent; agent.c says what the frames are. */

const KIND = { run: 1, put: 2, stop: 3, call: 4, out: 16, end: 17, read: 18 }
const HEAD = 9
/** Bytes that the guest's console may hold unread, and that go into it at once. */
const WINDOW = 1024
const CHUNK = 1024
const SIGTERM = 15
const SIGKILL = 9
/** From SIGTERM to SIGKILL, in milliseconds; the guest is slow. */
const KILL_DELAY_MS = 4000
/** How the agent reports an errno of a program that could not be started. */
const NOT_STARTED = -1000

interface Job { onOutput: (bytes: Uint8Array) => void, end: (code: number) => void }

const encoder = new TextEncoder()

export class Channel implements EngineApi {
  readonly #write: (bytes: Uint8Array) => void
  readonly #jobs = new Map<number, Job>()
  #lastId = 0
  #received = new Uint8Array(0)
  /** What waits to be sent, and how much of what was sent the guest has not read yet. */
  #waiting: Uint8Array[] = []
  #unread = 0

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  /** Takes what the guest has written. */
  receive(bytes: Uint8Array): void {
    let all = new Uint8Array(this.#received.length + bytes.length)
    all.set(this.#received)
    all.set(bytes, this.#received.length)
    while (all.length >= HEAD) {
      const view = new DataView(all.buffer, all.byteOffset)
      const size = view.getUint32(0, true)
      if (all.length < HEAD + size)
        break
      this.#take(view.getUint8(4), view.getUint32(5, true), all.subarray(HEAD, HEAD + size))
      all = all.subarray(HEAD + size)
    }
    this.#received = all
  }

  /**
   * Runs an argument list in a folder of the guest; stdout and stderr are one stream, in order.
   * @throws {ProblemError} when the program cannot be started.
   */
  async run(folder: string, words: readonly string[], { signal, timeoutMs, onOutput }: ExecOptions): Promise<Exit> {
    if (signal.aborted)
      return { exitCode: null, ended: 'cancelled' }
    const { id, ended } = this.#start(KIND.run, encoder.encode(`${[folder, ...words].join('\0')}\0`), onOutput)
    let cut: 'cancelled' | 'timed-out' | null = null
    let killer: ReturnType<typeof setTimeout> | undefined
    const stop = (why: 'cancelled' | 'timed-out'): void => {
      cut ??= why
      this.#send(KIND.stop, id, Uint8Array.of(SIGTERM))
      killer ??= setTimeout(() => this.#send(KIND.stop, id, Uint8Array.of(SIGKILL)), KILL_DELAY_MS)
    }
    const onAbort = (): void => stop('cancelled')
    signal.addEventListener('abort', onAbort)
    const timer = setTimeout(stop, timeoutMs, 'timed-out')
    const code = await ended
    clearTimeout(timer)
    clearTimeout(killer)
    signal.removeEventListener('abort', onAbort)
    if (code <= NOT_STARTED && cut === null)
      throw new ProblemError({ message: `브라우저 안의 리눅스에 ${words[0]} 명령이 없습니다.`, hint: '라이브 엔진에서 실행하세요.' })
    return { exitCode: code < 0 ? null : code, ended: cut ?? 'exited' }
  }

  /** Writes a file, in place of the old one; its folders are made. */
  async put(path: string, text: string): Promise<void> {
    const code = await this.#start(KIND.put, encoder.encode(`${path}\0${text}`)).ended
    if (code !== 0)
      throw new Error(`the guest could not write ${path}: errno ${-code}`)
  }

  /**
   * A request to the guest's Engine API. It waits as long as the emulated engine takes: a limit would cut short what goes on.
   * @throws {ProblemError} when the engine does not answer.
   */
  async request(method: 'GET' | 'DELETE' | 'POST', path: string): Promise<ApiResponse> {
    let text = ''
    const decoder = new TextDecoder()
    const call = encoder.encode(`/run/docker.sock\0${method} ${path} HTTP/1.0\r\n\r\n`)
    const { ended } = this.#start(KIND.call, call, bytes => text += decoder.decode(bytes, { stream: true }))
    await ended
    const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(text) ?? []
    if (status === undefined)
      throw new ProblemError({ message: '브라우저 안의 도커 엔진이 응답하지 않습니다.', hint: '페이지를 새로 고친 뒤 다시 불러오세요.', detail: text })
    return { status: Number(status), body: text.slice(text.indexOf('\r\n\r\n') + 4) }
  }

  #start(kind: number, payload: Uint8Array, onOutput: Job['onOutput'] = () => {}): { id: number, ended: Promise<number> } {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<number>()
    this.#jobs.set(id, { onOutput, end: resolve })
    this.#send(kind, id, payload)
    return { id, ended: promise }
  }

  #send(kind: number, id: number, payload: Uint8Array): void {
    const frame = new Uint8Array(HEAD + payload.length)
    const view = new DataView(frame.buffer)
    view.setUint32(0, payload.length, true)
    view.setUint8(4, kind)
    view.setUint32(5, id, true)
    frame.set(payload, HEAD)
    this.#waiting.push(frame)
    this.#pump()
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#unread < WINDOW) {
      const bytes = this.#waiting.shift()!
      const now = bytes.subarray(0, Math.min(CHUNK, WINDOW - this.#unread))
      if (now.length < bytes.length)
        this.#waiting.unshift(bytes.subarray(now.length))
      this.#unread += now.length
      this.#write(now.slice())
    }
  }

  #take(kind: number, id: number, payload: Uint8Array): void {
    const view = new DataView(payload.buffer, payload.byteOffset)
    if (kind === KIND.read) {
      this.#unread -= view.getUint32(0, true)
      this.#pump()
    }
    else if (kind === KIND.out) {
      this.#jobs.get(id)?.onOutput(payload)
    }
    else if (kind === KIND.end) {
      this.#jobs.get(id)?.end(view.getInt32(0, true))
      this.#jobs.delete(id)
    }
  }
}
