import type { Status } from '../model/run-events.ts'
import type { RunClientMessage } from '../model/schema.ts'
import type { DemoState } from './demo-state.ts'
import type { ServerState } from './server-state.ts'
import type { Source, StepRange } from './source.ts'
import { engineName } from '../model/run-events.ts'
import { RemoteSource } from './remote-source.ts'

interface LiveOptions {
  server: ServerState
  offersBrowser: () => boolean
  send: (message: RunClientMessage) => void
  flushEdits: () => void
  /** Shows the recording in the run's place from now on. */
  fallBack: () => Source
}

/** A demo's run on the deck's server. While that is gone, what it has shown stays, until somebody goes on with the recording. */
export class LiveSource extends RemoteSource {
  readonly kind = 'live'
  readonly #server: ServerState
  readonly #offersBrowser: () => boolean
  readonly #fallBack: () => Source

  constructor(demo: DemoState, options: LiveOptions) {
    super(demo, options)
    this.#server = options.server
    this.#offersBrowser = options.offersBrowser
    this.#fallBack = options.fallBack
  }

  get name(): string {
    const engine = this.#server.engine.value
    const version = this.run.version ?? (engine?.reachable ? engine.version : null)
    return `라이브${version ? ` · ${engineName(version)}` : ''}`
  }

  get mayAct(): boolean {
    return this.#server.lecturer.value
  }

  /** The server has a working copy also while no engine answers. */
  get mayEdit(): boolean {
    return this.reported !== null && this.mayAct
  }

  get offersBrowser(): boolean {
    return this.#offersBrowser()
  }

  override start(range: StepRange): void {
    this.#server.gone.value ? this.#fallBack().start(range) : super.start(range)
  }

  override advance(range: StepRange): void {
    this.#server.gone.value ? this.#fallBack().advance(range) : super.advance(range)
  }

  /** A lecture needs a way on when a run has failed or its server is gone. */
  override toggleName(status: Status): string | null {
    return this.demo.recording && (status === 'failed' || status === 'timed-out' || this.#server.gone.value) ? '녹화로 보기' : null
  }
}
