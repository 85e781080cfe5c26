import type { Demo } from '../../define.ts'
import type { BrowserClientMessage, BrowserServerMessage, Host, Progress, Staged } from '../browser-engine/host.ts'
import type { Problem } from '../model/problem.ts'
import type { EngineVersion } from '../model/run-events.ts'
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

/** What the pages of a browser say to each other. */
type Word = { type: 'hello' } | { type: 'here', engine: Extract<BrowserEngine, { state: 'ready' }>, snapshot: BrowserServerMessage } | { type: 'gone' } | { type: 'ask', ask: BrowserClientMessage } | { type: 'tell', tell: BrowserServerMessage }

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
let hear: (message: BrowserServerMessage) => void = () => {}
let stagedOf: (id: string) => Promise<Staged>
let onEdit: (ask: Extract<BrowserClientMessage, { type: 'edit' | 'reset' }>) => void = () => {}

function say(word: Word): void {
  channel?.postMessage(word)
}

/** Hears what is told of runs in the tab; `staged` gives the page's own demos to it, `edited` takes another page's edits. */
export function listenToBrowserEngine(told: typeof hear, staged: typeof stagedOf, edited: typeof onEdit): void {
  hear = told
  stagedOf = staged
  onEdit = edited
  channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.type === 'hello' && host)
      announce(host)
    else if (data.type === 'here' && !host && !loading)
      follow(data)
    else if (data.type === 'gone' && !host && browserEngine.value.state === 'ready')
      browserEngine.value = { state: 'off' }
    else if (data.type === 'ask')
      take(data.ask)
    else if (data.type === 'tell' && !host)
      told(data.tell)
  })
  say({ type: 'hello' })
  window.addEventListener('pagehide', unloadBrowserEngine) // the guest's memory goes with the page, also where the browser keeps the page
}

function follow({ engine, snapshot }: Extract<Word, { type: 'here' }>): void {
  browserEngine.value = engine
  hear(snapshot)
}

function announce(page: Host): void {
  const { version, images } = page.manifest
  say({ type: 'here', engine: { state: 'ready', version, images }, snapshot: page.snapshot() })
}

function take(ask: BrowserClientMessage): void {
  if (ask.type === 'edit' || ask.type === 'reset')
    onEdit(ask)
  else
    void host?.ask(ask)
}

/** Asks the engine in the tab, in whichever page it is. */
export function sendToBrowserEngine(ask: BrowserClientMessage): void {
  if (host && ask.type !== 'edit' && ask.type !== 'reset')
    take(ask)
  else
    say({ type: 'ask', ask })
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
    const tell = (message: BrowserServerMessage): void => {
      hear(message)
      say({ type: 'tell', tell: message })
    }
    const opened = await Host.open(new URL('engine/', document.baseURI).href, stagedOf, tell, progress => !signal.aborted && (browserEngine.value = progress), signal)
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
