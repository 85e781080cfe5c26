import type { RunClientMessage } from '../model/schema.ts'
import type { BrowserEngineState } from './browser-engine.ts'
import type { DemoState } from './demo-state.ts'
import { engineName } from '../model/run-events.ts'
import { RemoteSource } from './remote-source.ts'

/** A demo's run on the engine in the tab, which is its reader's own. */
export class BrowserSource extends RemoteSource {
  readonly kind = 'browser'
  readonly mayAct = true
  readonly mayEdit = true
  readonly offersBrowser = false
  readonly #engine: () => BrowserEngineState

  constructor(
    demo: DemoState,
    options: { engine: () => BrowserEngineState, send: (message: RunClientMessage) => void, flushEdits: () => void },
  ) {
    super(demo, options)
    this.#engine = options.engine
  }

  get name(): string {
    const engine = this.#engine()
    return `브라우저${engine.state === 'ready' ? ` · ${engineName(engine.version)}` : ''}`
  }
}
