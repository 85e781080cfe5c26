import type { Status } from '../model/run-events.ts'
import type { RunClientMessage } from '../model/schema.ts'
import type { DemoState } from './demo-state.ts'
import type { ServerState } from './server-state.ts'
import { engineName } from '../model/run-events.ts'
import { RemoteSource } from './remote-source.ts'

/** A demo's run on the deck's server. */
export class LiveSource extends RemoteSource {
  readonly kind = 'live'
  readonly #server: ServerState
  readonly #offersBrowser: () => boolean

  constructor(
    demo: DemoState,
    options: { server: ServerState, offersBrowser: () => boolean, send: (message: RunClientMessage) => void, flushEdits: () => void },
  ) {
    super(demo, options)
    this.#server = options.server
    this.#offersBrowser = options.offersBrowser
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

  /** A lecture needs a way on when a run has failed. */
  override toggleName(status: Status): string | null {
    return this.demo.recording && (status === 'failed' || status === 'timed-out') ? '녹화로' : null
  }
}
