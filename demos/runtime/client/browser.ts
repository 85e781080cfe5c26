import type { Demo } from '../../define.ts'
import type { DemoSources, Host, Progress } from '../browser-engine/host.ts'
import type { RunServerMessage, RunSnapshot } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { ClientMessage, RunClientMessage } from '../model/schema.ts'
import { configs } from '@slidev/client'
import { shallowRef } from 'vue'
import { problemOf } from '../model/problem.ts'
import { browserCannot } from './source.ts'

/**
 * The engine in the tab, as the panels see it. One page of a browser holds it (guest/host.ts); the others,
 * such as the audience's window beside the presenter's, show its runs and send it what is asked of them.
 */

export type BrowserEngine
  = | { state: 'off' }
    | Progress
    | { state: 'ready', version: EngineVersion, images: string[] }
    | { state: 'failed', problem: Problem }

/** What a page asks: the page with the engine runs, and each page takes an edit of another. */
type PageMessage = RunClientMessage | Extract<ClientMessage, { type: 'edit' | 'reset' }>
type RunsSnapshot = Record<string, RunSnapshot>

/** What the pages of a browser say to each other. */
type Word
  = | { type: 'hello' }
    | { type: 'here', engine: Extract<BrowserEngine, { state: 'ready' }>, demos: RunsSnapshot }
    | { type: 'gone' }
    | { type: 'to-host', message: PageMessage }
    | { type: 'from-host', message: RunServerMessage }

/** What a page does with what it is told of the engine in the tab. */
export interface BrowserEngineListener {
  onSnapshot: (demos: RunsSnapshot) => void
  onMessage: (message: RunServerMessage) => void
  /** Takes another page's edit. */
  onEdit: (message: Extract<ClientMessage, { type: 'edit' | 'reset' }>) => void
  demoOf: (id: string) => Promise<DemoSources>
}

export const browserEngine = shallowRef<BrowserEngine>({ state: 'off' })

/** Why the engine in the tab, here already or not, cannot run a demo, in Korean, or null. */
export function browserRefuses(demo: Demo): string | null {
  return browserCannot(demo, browserEngine.value.state === 'ready' ? browserEngine.value.images : demo.baseImages)
}

/** Whether the deck is set to run its demos in the tab first (`engine: tab` in the head of slides.md). */
export const browserFirst = configs.engine === 'tab'

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('docker-basics:tab')
let host: Host | null = null
let loading: AbortController | null = null
let listener: BrowserEngineListener

function say(word: Word): void {
  channel?.postMessage(word)
}

/** Follows the engine in the tab, in whichever page of this browser it is. */
export function listenToBrowserEngine(each: BrowserEngineListener): void {
  listener = each
  channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.type === 'hello' && host)
      announce(host)
    else if (data.type === 'here' && !host && !loading)
      follow(data)
    else if (data.type === 'gone' && !host && browserEngine.value.state === 'ready')
      browserEngine.value = { state: 'off' }
    else if (data.type === 'to-host')
      take(data.message)
    else if (data.type === 'from-host' && !host)
      listener.onMessage(data.message)
  })
  say({ type: 'hello' })
  window.addEventListener('pagehide', unloadBrowserEngine) // the guest's memory goes with the page, also where the browser keeps the page
}

function follow({ engine, demos }: Extract<Word, { type: 'here' }>): void {
  browserEngine.value = engine
  listener.onSnapshot(demos)
}

function announce(page: Host): void {
  const { version, images } = page.manifest
  say({ type: 'here', engine: { state: 'ready', version, images }, demos: page.snapshot() })
}

function take(message: PageMessage): void {
  if (message.type === 'edit' || message.type === 'reset')
    listener.onEdit(message)
  else
    void host?.receive(message)
}

/** Asks the engine in the tab, in whichever page it is. */
export function sendToBrowserEngine(message: PageMessage): void {
  if (host && message.type !== 'edit' && message.type !== 'reset')
    take(message)
  else
    say({ type: 'to-host', message })
}

/** Brings the engine into this page; while that goes on, nothing else happens. */
export async function loadBrowserEngine(): Promise<void> {
  if (loading || browserEngine.value.state === 'ready')
    return
  loading = new AbortController()
  const { signal } = loading
  browserEngine.value = { state: 'loading', bytes: 0, total: 0, secondsLeft: null }
  try {
    const { Host } = await import('../browser-engine/host.ts')
    const opened = await Host.open(new URL('engine/', document.baseURI).href, {
      demoOf: listener.demoOf,
      broadcast: (message) => {
        listener.onMessage(message)
        say({ type: 'from-host', message })
      },
      onProgress: progress => !signal.aborted && (browserEngine.value = progress),
      signal,
    })
    if (signal.aborted)
      return opened.close()
    host = opened
    const { version, images } = host.manifest
    browserEngine.value = { state: 'ready', version, images }
    announce(host)
  }
  catch (error) {
    if (!signal.aborted)
      browserEngine.value = { state: 'failed', problem: problemOf(error) }
  }
  finally {
    if (!signal.aborted)
      loading = null
  }
}

/** Stops loading, or gives the engine's memory back. */
export function unloadBrowserEngine(): void {
  loading?.abort(new Error('left'))
  loading = null
  if (host)
    say({ type: 'gone' })
  host?.close()
  host = null
  browserEngine.value = { state: 'off' }
}
