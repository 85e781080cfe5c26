import type { InjectionKey } from 'vue'
import type { Demo } from '../../define.ts'
import type { DemoSources } from '../browser-engine/host.ts'
import type { RunServerMessage, ServerMessage } from '../model/messages.ts'
import type { ClientMessage } from '../model/schema.ts'
import type { ServerListener } from './connection.ts'
import type { DemoFolders } from './demo-folders.ts'
import type { DemoState } from './demo-state.ts'
import type { Vote } from './hall.ts'
import type { PageContext } from './page-demo.ts'
import type { PageKind } from './page-kind.ts'
import type { Source } from './source.ts'
import { inject, shallowReactive } from 'vue'
import { ProblemError } from '../model/problem.ts'
import { BrowserEngine } from './browser-engine.ts'
import { idleRunOf, setFile } from './demo-state.ts'
import { Hall } from './hall.ts'
import { PageDemo } from './page-demo.ts'
import { PendingEdits } from './pending-edits.ts'
import { ServerState } from './server-state.ts'
import { browserCannot } from './source.ts'
import { openWindowChannel } from './windows.ts'

export interface StoreOptions {
  readonly page: PageKind
  readonly folders: DemoFolders
  /** Whether the deck is set to run its demos in the tab first (`engine: tab` in the head of slides.md). */
  readonly browserFirst: boolean
  /** Opens the way to the server and returns what sends; both do nothing where there is no server. */
  readonly connect: (listener: ServerListener) => (message: ClientMessage | Vote) => void
}

/** What a page knows of the demos, and its conversations about them: with the server, the engine in the tab, and other windows. */
export class Store {
  readonly page: PageKind
  readonly demoIds: readonly string[]
  readonly browserFirst: boolean
  readonly server = new ServerState()
  readonly hall = new Hall(message => this.#send(message))
  readonly browserEngine: BrowserEngine
  readonly #context: PageContext
  readonly #demos = shallowReactive(new Map<string, PageDemo>())
  readonly #edits = new PendingEdits((demo, file) => this.#sendEdit({
    type: 'edit',
    demo,
    file,
    text: this.#demo(demo).state.files[file] ?? '',
  }))

  readonly #send: (message: ClientMessage | Vote) => void

  constructor({ page, folders, browserFirst, connect }: StoreOptions) {
    this.page = page
    this.demoIds = folders.ids
    this.browserFirst = browserFirst
    folders.onChange = () => this.#demos.forEach(demo => demo.loadAgain())
    this.browserEngine = new BrowserEngine({
      onSnapshot: (demos) => {
        this.#demos.forEach(({ browser }) => browser.reset(null))
        Object.entries(demos).forEach(([id, run]) => this.#demo(id).browser.reset(run))
      },
      onMessage: message => this.#receiveFromBrowserEngine(message),
      onEdit: ({ demo, file, ...edit }) => setFile(this.#demo(demo).state, file, 'text' in edit ? edit.text : undefined),
      demoOf: id => this.#demoSources(id),
    })
    this.#context = {
      page,
      folders,
      browserFirst,
      server: this.server,
      browserEngine: this.browserEngine,
      send: message => this.#send(message),
      flushEdits: demo => this.#edits.flush(demo),
      shareReplay: openWindowChannel('replay', async ({ demo, request }) => {
        await this.#demo(demo).load() // a window that still loads would lose it
        this.#demo(demo).recorded.play(request)
      }),
      shareShow: openWindowChannel('show', ({ demo, recorded }) => this.#demo(demo).state.showRecording = recorded),
    }
    this.#send = connect({ onMessage: message => this.#receiveFromServer(message), onGone: () => this.server.gone.value = true })
  }

  /** A demo as this page sees it; loads its folder at the first call. */
  demo(id: string): DemoState {
    void this.#demo(id).load()
    return this.#demo(id).state
  }

  /** Where what a panel shows of a demo comes from now; in print it is the recording's end. */
  source(id: string, { print = false } = {}): Source {
    return this.#demo(id).source(print)
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
    const demo = this.#demo(id)
    const { state, live } = demo
    if (!this.server.lecturer.value || !live.reported || !state.recording)
      return
    demo.clearNotes()
    if (this.server.gone.value)
      demo.showRecording(!state.showRecording)
    else
      this.#send({ type: 'show', demo: id, recorded: !state.showRecording })
  }

  /** Takes a new text of a file, and sends it when the typing pauses. */
  edit(id: string, file: string, text: string): void {
    const { state } = this.#demo(id)
    if (state.files[file] === text)
      return
    setFile(state, file, text)
    this.#edits.add(id, file)
  }

  /** Takes the repository's text of a file again. */
  resetFile(id: string, file: string): void {
    const { state } = this.#demo(id)
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

  /** Asks the server to put the whole deck back to its start. */
  resetAll(): void {
    this.#send({ type: 'reset-all' })
  }

  /** Whether runs, edits or recordings that were shown are left over from before, as far as this page knows. */
  get hasLeftovers(): boolean {
    return [...this.#demos.values()].some(({ state, live }) => (live.reported?.status ?? 'idle') !== 'idle'
      || state.showRecording
      || Object.entries(state.originals).some(([file, text]) => state.files[file] !== text))
  }

  #demo(id: string): PageDemo {
    const known = this.#demos.get(id)
    if (known)
      return known
    const demo = new PageDemo(id, this.#context)
    this.#demos.set(id, demo)
    return demo
  }

  /** A demo as the engine in the tab takes it. */
  async #demoSources(id: string): Promise<DemoSources> {
    const demo = this.#demo(id)
    await demo.load()
    const { state } = demo
    if (!state.definition)
      throw new ProblemError(state.broken!)
    return { demo: state.definition, files: state.files }
  }

  /** An edit goes to whoever may run the demo next. */
  #sendEdit(message: Extract<ClientMessage, { type: 'edit' | 'reset' }>): void {
    const demo = this.#demo(message.demo)
    demo.clearNotes()
    if (demo.running === demo.browser)
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
    this.hall.receive(message)
    switch (message.type) {
      case 'snapshot':
        for (const [id, problem] of Object.entries(message.broken))
          this.#demo(id).state.broken = problem
        for (const [id, snapshot] of Object.entries(message.demos))
          this.#demo(id).takeSnapshot(snapshot)
        break
      case 'defined': {
        const demo = this.#demo(message.demo)
        demo.state.broken = message.broken
        demo.clearNotes()
        demo.recorded.play({ first: 0, upTo: -1, restart: true }) // what it has shown was another's
        if (message.snapshot)
          demo.takeSnapshot(message.snapshot)
        else
          demo.live.reset(null)
        demo.loadAgain()
        break
      }
      case 'file':
        if (!this.#edits.has(message.demo, message.file)) // what is being typed here is newer
          setFile(this.#demo(message.demo).state, message.file, message.text)
        break
      case 'refused':
        if (message.demo !== null)
          this.#demo(message.demo).state.refused = message.problem
        break
      case 'show':
        this.#demo(message.demo).state.showRecording = message.recorded
        break
      case 'cleaned':
      case 'events': {
        const demo = this.#demo(message.demo)
        if (!demo.receive(demo.live, message))
          this.#send({ type: 'hello' })
      }
    }
  }

  #receiveFromBrowserEngine(message: RunServerMessage): void {
    if (message.type === 'refused')
      return this.#receive(message)
    const demo = this.#demo(message.demo)
    if (!demo.browser.reported)
      demo.browser.reset({ seq: 0, state: idleRunOf(demo.state) })
    if (message.type !== 'show')
      demo.receive(demo.browser, message)
  }
}

/** Under this key setup/main.ts provides the page's store. */
export const storeKey: InjectionKey<Store> = Symbol('store')

/** The page's store. */
export function useStore(): Store {
  return inject(storeKey)!
}
