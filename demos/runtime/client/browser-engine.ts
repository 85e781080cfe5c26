import type { ShallowRef } from 'vue'
import type { DemoSources, Host, Progress } from '../browser-engine/host.ts'
import type { RunServerMessage, RunSnapshot } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { ClientMessage, RunClientMessage } from '../model/schema.ts'
import { shallowRef } from 'vue'
import { logError } from '../model/log.ts'
import { problemOf } from '../model/problem.ts'
import { openWindowChannel } from './windows.ts'

export type BrowserEngineState
  = | { state: 'off' }
    | Progress
    | { state: 'ready', version: EngineVersion, images: string[] }
    | { state: 'failed', problem: Problem }

type EditMessage = Extract<ClientMessage, { type: 'edit' | 'reset' }>

const engineDied: Problem = {
  message: '브라우저 안의 엔진이 멈췄습니다.',
  hint: '다시 시도하면 처음 상태로 새로 시작합니다. 그동안은 녹화가 나옵니다.',
}

/** What the windows of a browser tell each other. */
type WindowMessage
  = | { type: 'hello' }
    | { type: 'here', engine: Extract<BrowserEngineState, { state: 'ready' }>, demos: Record<string, RunSnapshot> }
    | { type: 'gone' }
    | { type: 'to-host', message: RunClientMessage }
    | { type: 'from-host', message: RunServerMessage }
    | { type: 'edit', message: EditMessage }

/** What a window does with what it is told of the engine in the tab. */
export interface BrowserEngineListener {
  onSnapshot: (demos: Record<string, RunSnapshot>) => void
  onMessage: (message: RunServerMessage) => void
  /** Takes another window's edit. */
  onEdit: (message: EditMessage) => void
  demoOf: (id: string) => Promise<DemoSources>
}

/**
 * The engine in the tab, as the panels see it. One window of a browser holds it (browser-engine/host.ts); the others,
 * such as the audience's view beside the presenter's, show its runs and pass on what is asked of them.
 */
export class BrowserEngine {
  readonly state: ShallowRef<BrowserEngineState> = shallowRef({ state: 'off' })
  readonly #listener: BrowserEngineListener
  readonly #tellWindows: (message: WindowMessage) => void
  #host: Host | null = null
  #loading: AbortController | null = null

  constructor(listener: BrowserEngineListener) {
    this.#listener = listener
    this.#tellWindows = openWindowChannel('browser-engine', message => this.#receive(message))
    this.#tellWindows({ type: 'hello' })
  }

  /** Asks the engine, in whichever window it is. */
  send(message: RunClientMessage): void {
    if (this.#host)
      void this.#host.receive(message)
    else
      this.#tellWindows({ type: 'to-host', message })
  }

  /** Tells the other windows of an edit, so that the one with the engine runs what this one shows. */
  shareEdit(message: EditMessage): void {
    this.#tellWindows({ type: 'edit', message })
  }

  /** Brings the engine into this window, where no window has it; nothing else happens meanwhile. */
  async load(): Promise<void> {
    if (this.#loading || this.state.value.state === 'ready')
      return
    this.#loading = new AbortController()
    const { signal } = this.#loading
    this.state.value = { state: 'loading', bytes: 0, total: 0, secondsLeft: null }
    try {
      const { Host } = await import('../browser-engine/host.ts')
      const host = await Host.open(new URL('engine/', document.baseURI).href, {
        demoOf: this.#listener.demoOf,
        broadcast: (message) => {
          this.#listener.onMessage(message)
          this.#tellWindows({ type: 'from-host', message })
        },
        onDead: () => {
          this.unload()
          this.state.value = { state: 'failed', problem: engineDied }
        },
        onProgress: (progress) => {
          if (!signal.aborted)
            this.state.value = progress
        },
        signal,
      })
      if (signal.aborted)
        return host.close()
      this.#host = host
      const { version, images } = host.manifest
      this.state.value = { state: 'ready', version, images }
      this.#listener.onSnapshot(host.snapshot())
      this.#announce()
    }
    catch (error) {
      if (!signal.aborted) {
        logError(error)
        this.state.value = { state: 'failed', problem: problemOf(error) }
      }
    }
    finally {
      if (!signal.aborted)
        this.#loading = null
    }
  }

  /** Stops loading, or gives the engine's memory back. */
  unload(): void {
    this.#loading?.abort(new Error('left'))
    this.#loading = null
    if (this.#host)
      this.#tellWindows({ type: 'gone' })
    this.#host?.close()
    this.#host = null
    this.state.value = { state: 'off' }
  }

  #announce(): void {
    if (this.#host && this.state.value.state === 'ready')
      this.#tellWindows({ type: 'here', engine: this.state.value, demos: this.#host.snapshot() })
  }

  #receive(data: WindowMessage): void {
    switch (data.type) {
      case 'hello':
        return this.#announce()
      case 'here':
        if (this.#host || this.#loading)
          return
        this.state.value = data.engine
        return this.#listener.onSnapshot(data.demos)
      case 'gone':
        if (!this.#host && this.state.value.state === 'ready')
          this.state.value = { state: 'off' }
        return
      case 'to-host':
        return void this.#host?.receive(data.message)
      case 'from-host':
        return this.#host ? undefined : this.#listener.onMessage(data.message)
      case 'edit':
        return this.#listener.onEdit(data.message)
    }
  }
}
