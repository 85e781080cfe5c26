import type { InjectionKey } from 'vue'
import type { Demo } from '../../define.ts'
import type { DemoSources } from '../browser-engine/host.ts'
import type { DemoSnapshot, RunServerMessage, ServerMessage } from '../model/messages.ts'
import type { ClientMessage, RunClientMessage } from '../model/schema.ts'
import type { ServerListener } from './connection.ts'
import type { DemoFolders } from './demo-folders.ts'
import type { DemoState } from './demo-state.ts'
import type { PageKind } from './page-kind.ts'
import type { RemoteSource } from './remote-source.ts'
import type { ReplayRequest } from './replay.ts'
import type { Source } from './source.ts'
import { inject } from 'vue'
import { ProblemError } from '../model/problem.ts'
import { idleRun } from '../model/run-events.ts'
import { BrowserEngine } from './browser-engine.ts'
import { BrowserSource } from './browser.ts'
import { createDemoState, idleRunOf, loadDemo, setFile } from './demo-state.ts'
import { LiveSource } from './live.ts'
import { PendingEdits } from './pending-edits.ts'
import { FinishedRecording, RecordedSource } from './recorded.ts'
import { ServerState } from './server-state.ts'
import { browserCannot, sourceOf } from './source.ts'
import { openWindowChannel } from './windows.ts'

export interface StoreOptions {
  readonly page: PageKind
  readonly folders: DemoFolders
  /** Whether the deck is set to run its demos in the tab first (`engine: tab` in the head of slides.md). */
  readonly browserFirst: boolean
  /** Opens the way to the server and returns what sends; both do nothing where there is no server. */
  readonly connect: (listener: ServerListener) => (message: ClientMessage) => void
}

/** A demo with the sources that its run may come from. */
interface Entry {
  readonly state: DemoState
  readonly live: LiveSource
  readonly browser: BrowserSource
  readonly recorded: RecordedSource
  readonly finished: FinishedRecording
  /** Settles when the folder has been loaded; null before it is asked for. */
  loaded: Promise<void> | null
}

/** What a page knows of the demos, and its conversations about them: with the server, the engine in the tab, and other windows. */
export class Store {
  readonly page: PageKind
  readonly demoIds: readonly string[]
  readonly browserFirst: boolean
  readonly server = new ServerState()
  readonly browserEngine: BrowserEngine
  readonly #folders: DemoFolders
  readonly #entries = new Map<string, Entry>()
  readonly #edits = new PendingEdits((demo, file) => this.#sendEdit({
    type: 'edit',
    demo,
    file,
    text: this.#entry(demo).state.files[file] ?? '',
  }))

  readonly #send: (message: ClientMessage) => void
  readonly #shareReplay: (message: { demo: string, request: ReplayRequest }) => void
  readonly #shareShow: (message: { demo: string, recorded: boolean }) => void

  constructor({ page, folders, browserFirst, connect }: StoreOptions) {
    this.page = page
    this.demoIds = folders.ids
    this.browserFirst = browserFirst
    this.#folders = folders
    folders.onChange = () => this.#entries.forEach(entry => this.#loadAgain(entry))
    this.browserEngine = new BrowserEngine({
      onSnapshot: (demos) => {
        this.#entries.forEach(({ browser }) => browser.reset(null))
        Object.entries(demos).forEach(([id, run]) => this.#entry(id).browser.reset(run))
      },
      onMessage: message => this.#receiveFromBrowserEngine(message),
      onEdit: ({ demo, file, ...edit }) => setFile(this.#entry(demo).state, file, 'text' in edit ? edit.text : undefined),
      demoOf: id => this.#demoSources(id),
    })
    this.#shareReplay = openWindowChannel('replay', async ({ demo, request }) => {
      this.demo(demo)
      const { loaded, recorded } = this.#entry(demo)
      await loaded // a window that still loads would lose it
      recorded.play(request)
    })
    this.#shareShow = openWindowChannel('show', ({ demo, recorded }) => this.#entry(demo).state.showRecording = recorded)
    this.#send = connect({ onMessage: message => this.#receiveFromServer(message), onGone: () => this.server.gone.value = true })
  }

  /** A demo as this page sees it; loads its folder at the first call. */
  demo(id: string): DemoState {
    const entry = this.#entry(id)
    entry.loaded ??= loadDemo(entry.state, this.#folders)
    return entry.state
  }

  /** Where what a panel shows of a demo comes from now; in print it is the recording's end. */
  source(id: string, { print = false } = {}): Source {
    const { state, recorded, finished } = this.#entry(id)
    if (print)
      return finished
    if (!state.showRecording || !state.recording)
      return this.#running(id)
    return this.server.gone.value ? recorded : finished // the recording plays where no run can be started
  }

  /** Why the engine in the tab, here already or not, cannot run a demo, in Korean, or null. */
  browserRefuses(demo: Demo): string | null {
    const engine = this.browserEngine.state.value
    return browserCannot(demo, engine.state === 'ready' ? engine.images : demo.baseImages)
  }

  /**
   * Shows the recording in place of the run in all windows, or the run again; nothing where there is but one of them.
   * While the server is gone, the windows of this browser tell each other.
   */
  toggleRecording(id: string): void {
    const { state, live } = this.#entry(id)
    if (!this.server.lecturer.value || !live.reported || !state.recording)
      return
    clearNotes(state)
    if (this.server.gone.value)
      this.#showRecording(id, !state.showRecording)
    else
      this.#send({ type: 'show', demo: id, recorded: !state.showRecording })
  }

  /** Takes a new text of a file, and sends it when the typing pauses. */
  edit(id: string, file: string, text: string): void {
    const { state } = this.#entry(id)
    if (state.files[file] === text)
      return
    setFile(state, file, text)
    this.#edits.add(id, file)
  }

  /** Takes the repository's text of a file again. */
  resetFile(id: string, file: string): void {
    const { state } = this.#entry(id)
    this.#edits.cancel(id, file)
    setFile(state, file, undefined)
    this.#sendEdit({ type: 'reset', demo: id, file })
  }

  /** Asks the server to look again at what the lecture needs. */
  runDoctor(): void {
    this.#send({ type: 'runDoctor' })
  }

  /** Asks the server to read the ledger, or to remove all that is in it. */
  askLedger(type: 'ledger' | 'clean-all'): void {
    this.#send({ type })
  }

  #entry(id: string): Entry {
    const known = this.#entries.get(id)
    if (known)
      return known
    const state = createDemoState(id)
    const { server, page } = this
    const flushEdits = (): void => this.#edits.flush(id)
    const offersBrowser = (): boolean => this.#offersBrowser()
    const request = (send: (message: RunClientMessage) => void) => (message: RunClientMessage): void => {
      clearNotes(state)
      send(message)
    }
    const recorded = new RecordedSource(state, {
      page,
      server,
      offersBrowser,
      mayEdit: () => this.#entry(id).live.mayEdit,
      share: replay => this.#shareReplay({ demo: id, request: replay }),
    })
    const live = new LiveSource(state, {
      server,
      offersBrowser,
      flushEdits,
      send: request(message => this.#send(message)),
      fallBack: () => {
        this.#showRecording(id, true)
        return recorded
      },
    })
    const browser = new BrowserSource(state, {
      engine: () => this.browserEngine.state.value,
      flushEdits,
      send: request(message => this.browserEngine.send(message)),
    })
    const finished = new FinishedRecording(recorded, { server, running: () => this.#running(id) === browser ? browser : live })
    const entry: Entry = { state, live, browser, recorded, finished, loaded: null }
    this.#entries.set(id, entry)
    return entry
  }

  #running(id: string): Source {
    const { state, ...sources } = this.#entry(id)
    const engine = this.browserEngine.state.value
    const { live, browser } = sources
    const inTab = engine.state === 'ready' && state.definition !== null && browserCannot(state.definition, engine.images) === null
    return sources[sourceOf({
      live: live.reported?.status ?? null,
      reachable: this.#reachable,
      browser: inTab ? browser.run.status : null,
      browserFirst: this.browserFirst,
    })]
  }

  /** Whether the server's engine answers; null while unknown or without a server. */
  get #reachable(): boolean | null {
    return this.server.gone.value ? false : this.server.engine.value?.reachable ?? null
  }

  #offersBrowser(): boolean {
    return this.browserFirst || (this.page === 'deck' ? this.#reachable === false : this.#reachable !== true)
  }

  #showRecording(demo: string, recorded: boolean): void {
    this.#entry(demo).state.showRecording = recorded
    this.#shareShow({ demo, recorded })
  }

  /** Loads a demo's folder again; a run under way ends as it began, and then the server says that the demo is defined anew. */
  #loadAgain(entry: Entry): void {
    if (entry.loaded && !entry.live.reported?.steps.some(({ status }) => status === 'running'))
      entry.loaded = loadDemo(entry.state, this.#folders)
  }

  /** A demo as the engine in the tab takes it. */
  async #demoSources(id: string): Promise<DemoSources> {
    const state = this.demo(id)
    await this.#entry(id).loaded
    if (!state.definition)
      throw new ProblemError(state.broken!)
    return { demo: state.definition, files: state.files }
  }

  /** An edit goes to whoever may run the demo next. */
  #sendEdit(message: Extract<ClientMessage, { type: 'edit' | 'reset' }>): void {
    const { state, browser } = this.#entry(message.demo)
    clearNotes(state)
    if (this.#running(message.demo) === browser)
      this.browserEngine.shareEdit(message)
    if (this.server.lecturer.value)
      this.#send(message)
  }

  #receiveFromServer(message: ServerMessage): void {
    if (this.server.gone.value) {
      this.server.gone.value = false
      if (message.type !== 'snapshot')
        this.#send({ type: 'hello' }) // what was changed here meanwhile gives way to what the server has
    }
    this.#receive(message)
  }

  #receive(message: ServerMessage): void {
    this.server.receive(message)
    switch (message.type) {
      case 'snapshot':
        for (const [id, problem] of Object.entries(message.broken))
          this.#entry(id).state.broken = problem
        for (const [id, demo] of Object.entries(message.demos))
          this.#takeSnapshot(id, demo)
        break
      case 'defined': {
        const entry = this.#entry(message.demo)
        entry.state.broken = message.broken
        if (message.snapshot)
          this.#takeSnapshot(message.demo, message.snapshot)
        else
          entry.live.reset(null)
        this.#loadAgain(entry)
        break
      }
      case 'file':
        if (!this.#edits.has(message.demo, message.file)) // what is being typed here is newer
          setFile(this.#entry(message.demo).state, message.file, message.text)
        break
      case 'refused':
        if (message.demo !== null)
          this.#entry(message.demo).state.refused = message.problem
        break
      case 'show':
        this.#entry(message.demo).state.showRecording = message.recorded
        break
      case 'cleaned':
        takeCleaned(message, this.#entry(message.demo).state, this.#entry(message.demo).live)
        break
      case 'events':
        if (!this.#entry(message.demo).live.receive(message.seq, message.events))
          this.#send({ type: 'hello' })
    }
  }

  #takeSnapshot(id: string, { files, showRecording, ...run }: DemoSnapshot): void {
    const { state, live } = this.#entry(id)
    live.reset(run)
    Object.assign(state, { showRecording, files })
  }

  #receiveFromBrowserEngine(message: RunServerMessage): void {
    if (message.type === 'refused')
      return this.#receive(message)
    const { state, browser } = this.#entry(message.demo)
    if (!browser.reported)
      browser.reset({ seq: 0, state: idleRunOf(state) })
    if (message.type === 'cleaned')
      takeCleaned(message, state, browser)
    else if (message.type === 'events')
      browser.receive(message.seq, message.events)
  }
}

/** What was said of the last request goes with the next one. */
function clearNotes(state: DemoState): void {
  Object.assign(state, { refused: null, cleaned: null })
}

function takeCleaned({ seq, message }: Extract<RunServerMessage, { type: 'cleaned' }>, state: DemoState, source: RemoteSource): void {
  source.reset({ seq, state: idleRun(source.run.steps.length) })
  state.cleaned = message
}

/** Under this key setup/main.ts provides the page's store. */
export const storeKey: InjectionKey<Store> = Symbol('store')

/** The page's store. */
export function useStore(): Store {
  return inject(storeKey)!
}
