import type { RunState, Status } from '../model/run-events.ts'
import type { DemoState } from './demo-state.ts'
import type { PageKind } from './page-kind.ts'
import type { ReplayRequest } from './replay.ts'
import type { ServerState } from './server-state.ts'
import type { Source, StepRange } from './source.ts'
import { computed } from 'vue'
import { recordedOn, reduce } from '../model/run-events.ts'
import { idleRunOf } from './demo-state.ts'
import { Replay } from './replay.ts'

interface RecordedOptions {
  page: PageKind
  server: ServerState
  mayEdit: () => boolean
  offersBrowser: () => boolean
  /** Has the other windows of this browser play along, as they follow a run on a server. */
  share: (request: ReplayRequest) => void
}

/** A demo's recording, played in this browser. */
export class RecordedSource implements Source {
  readonly kind = 'recorded'
  readonly clean = null
  readonly #demo: DemoState
  readonly #options: RecordedOptions
  readonly #replay = computed(() => this.#demo.recording && new Replay(this.#demo.recording))
  readonly #end = computed(() => this.#demo.recording?.reduce(reduce, idleRunOf(this.#demo)) ?? idleRunOf(this.#demo))

  constructor(demo: DemoState, options: RecordedOptions) {
    this.#demo = demo
    this.#options = options
  }

  get name(): string {
    const first = this.#demo.recording?.[0]
    return first?.type === 'run-started' ? `녹화 · ${first.date.slice(0, 10)} · ${recordedOn(first.version)}` : '녹화 없음'
  }

  get run(): RunState {
    return this.#replay.value?.run ?? idleRunOf(this.#demo)
  }

  /** The recording's end, for print. */
  get end(): RunState {
    return this.#end.value
  }

  get files(): Record<string, string> {
    return this.#demo.originals
  }

  get mayAct(): boolean {
    return this.#demo.recording !== null
  }

  get mayEdit(): boolean {
    return this.#options.mayEdit()
  }

  get offersBrowser(): boolean {
    return this.#options.offersBrowser()
  }

  /** Plays in this window alone. */
  play(request: ReplayRequest): void {
    this.#replay.value?.play(request)
  }

  start(range: StepRange): void {
    this.#playEverywhere({ ...range, restart: true })
  }

  advance(range: StepRange): void {
    this.#playEverywhere({ ...range, restart: false })
  }

  /** Goes back to before the run. */
  stop(): void {
    this.#playEverywhere({ first: 0, upTo: -1, restart: true })
  }

  #playEverywhere(request: ReplayRequest): void {
    this.#options.share(request)
    this.play(request)
  }

  /** The line goes when a replay needs its place. */
  notice(status: Status): string | null {
    if (status !== 'idle')
      return null
    if (this.#options.page === 'site')
      return '정적 사이트라서 녹화를 보여 줍니다. 저장소에서 npm start로 열면 직접 실행됩니다.'
    const engine = this.#options.server.engine.value
    return engine && !engine.reachable ? `${engine.problem.message} ${engine.problem.hint}` : null
  }

  toggleName(): null {
    return null
  }
}

/** A demo's recording at its end: in print, and where the lecturer has it shown in place of a run. The run can still be started. */
export class FinishedRecording implements Source {
  readonly kind = 'recorded'
  readonly clean = null
  readonly offersBrowser = false
  readonly #recorded: RecordedSource
  readonly #running: () => Source
  readonly #server: ServerState

  /** `running` is what would be shown without it. */
  constructor(recorded: RecordedSource, { running, server }: { running: () => Source, server: ServerState }) {
    this.#recorded = recorded
    this.#running = running
    this.#server = server
  }

  get name(): string {
    return this.#recorded.name
  }

  get run(): RunState {
    return this.#recorded.end
  }

  get files(): Record<string, string> {
    return this.#recorded.files
  }

  get mayAct(): boolean {
    return this.#server.lecturer.value
  }

  get mayEdit(): boolean {
    return this.#recorded.mayEdit
  }

  start(range: StepRange): void {
    this.#running().start(range)
  }

  advance(range: StepRange): void {
    this.#running().advance(range)
  }

  stop(): void {}

  /** The head says it, and a line of its own would take the wall's place from the output. */
  notice(): null {
    return null
  }

  toggleName(): string {
    return '라이브로'
  }
}
