import type { DemoSnapshot, RunServerMessage } from '../model/messages.ts'
import type { ClientMessage, RunClientMessage } from '../model/schema.ts'
import type { BrowserEngine } from './browser-engine.ts'
import type { DemoFolders } from './demo-folders.ts'
import type { DemoState } from './demo-state.ts'
import type { PageKind } from './page-kind.ts'
import type { RemoteSource } from './remote-source.ts'
import type { ReplayRequest } from './replay.ts'
import type { ServerState } from './server-state.ts'
import type { Source } from './source.ts'
import { idleRun } from '../model/run-events.ts'
import { BrowserSource } from './browser.ts'
import { createDemoState, loadDemo } from './demo-state.ts'
import { LiveSource } from './live.ts'
import { FinishedRecording, RecordedSource } from './recorded.ts'
import { browserCannot, sourceOf } from './source.ts'

/** What a page gives to each of its demos. */
export interface PageContext {
  readonly page: PageKind
  readonly folders: DemoFolders
  readonly server: ServerState
  readonly browserEngine: BrowserEngine
  /** Whether the deck is set to run its demos in the tab first. */
  readonly browserFirst: boolean
  readonly send: (message: ClientMessage) => void
  /** Sends the edits of a demo that still wait. */
  readonly flushEdits: (demo: string) => void
  readonly shareReplay: (message: { demo: string, request: ReplayRequest }) => void
  readonly shareShow: (message: { demo: string, recorded: boolean }) => void
}

/** One demo on a page: what the page knows of it, and the sources that its run may come from. */
export class PageDemo {
  readonly state: DemoState
  readonly live: LiveSource
  readonly browser: BrowserSource
  readonly recorded: RecordedSource
  readonly #finished: FinishedRecording
  readonly #context: PageContext
  /** Settles when the folder has been loaded; null before it is asked for. */
  #loaded: Promise<void> | null = null

  constructor(id: string, context: PageContext) {
    const { page, server, browserEngine, send } = context
    this.#context = context
    this.state = createDemoState(id)
    const flushEdits = (): void => context.flushEdits(id)
    const offersBrowser = (): boolean => context.browserFirst || (page === 'deck' ? this.#reachable === false : this.#reachable !== true)
    const request = (send: (message: RunClientMessage) => void) => (message: RunClientMessage): void => {
      this.clearNotes()
      send(message)
    }
    this.recorded = new RecordedSource(this.state, {
      page,
      server,
      offersBrowser,
      mayEdit: () => this.live.mayEdit,
      share: replay => context.shareReplay({ demo: id, request: replay }),
    })
    this.live = new LiveSource(this.state, {
      server,
      offersBrowser,
      flushEdits,
      send: request(send),
      fallBack: () => {
        this.showRecording(true)
        return this.recorded
      },
    })
    this.browser = new BrowserSource(this.state, {
      engine: () => browserEngine.state.value,
      flushEdits,
      send: request(message => browserEngine.send(message)),
    })
    this.#finished = new FinishedRecording(this.recorded, {
      server,
      running: () => this.running === this.browser ? this.browser : this.live,
    })
  }

  /** Loads the demo's folder at the first call; settles when it is there. */
  load(): Promise<void> {
    return this.#loaded ??= loadDemo(this.state, this.#context.folders)
  }

  /** Loads the folder again; a run under way ends as it began, and then the server says that the demo is defined anew. */
  loadAgain(): void {
    if (this.#loaded && !this.live.reported?.steps.some(({ status }) => status === 'running'))
      this.#loaded = loadDemo(this.state, this.#context.folders)
  }

  /** Where what a panel shows comes from now; in print it is the recording's end. */
  source(print: boolean): Source {
    if (print)
      return this.#finished
    if (!this.state.showRecording || !this.state.recording)
      return this.running
    return this.#context.server.gone.value ? this.recorded : this.#finished // the recording plays where no run can be started
  }

  /** Where a run comes from now. */
  get running(): Source {
    const { browserEngine, browserFirst } = this.#context
    const engine = browserEngine.state.value
    const { definition } = this.state
    const inTab = engine.state === 'ready' && definition !== null && browserCannot(definition, engine.images) === null
    const kind = sourceOf({
      live: this.live.reported?.status ?? null,
      reachable: this.#reachable,
      browser: inTab ? this.browser.run.status : null,
      browserFirst,
    })
    return this[kind]
  }

  /** Shows the recording in place of the run, or the run again, in all windows of this browser. */
  showRecording(recorded: boolean): void {
    this.state.showRecording = recorded
    this.#context.shareShow({ demo: this.state.id, recorded })
  }

  /** What was said of the last request goes with the next one. */
  clearNotes(): void {
    Object.assign(this.state, { refused: null, cleaned: null })
  }

  /** Takes what the server has of the demo. */
  takeSnapshot({ files, showRecording, ...run }: DemoSnapshot): void {
    this.live.reset(run)
    Object.assign(this.state, { showRecording, files })
  }

  /** Takes what the server, or the engine in the tab, says of the demo's run; false when events before it are missing. */
  receive(source: RemoteSource, message: Extract<RunServerMessage, { type: 'events' | 'cleaned' }>): boolean {
    if (message.type === 'events')
      return source.receive(message.seq, message.events)
    source.reset({ seq: message.seq, state: idleRun(source.run.steps.length) })
    this.state.cleaned = message.message
    return true
  }

  /** Whether the server's engine answers; null while unknown or without a server. */
  get #reachable(): boolean | null {
    const { gone, engine } = this.#context.server
    return gone.value ? false : engine.value?.reachable ?? null
  }
}
