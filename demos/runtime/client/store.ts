import type { ComputedRef } from 'vue'
import type { Demo } from '../../define.ts'
import type { DemoSources } from '../browser-engine/host.ts'
import type { LedgerEntry } from '../model/ledger-text.ts'
import type { EngineStatus, Finding, Position, RunServerMessage, RunSnapshot, ServerMessage } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { RunEvent, RunState } from '../model/run-events.ts'
import type { ClientMessage } from '../model/schema.ts'
import type { Source } from './source.ts'
import { useNav, useSlideContext } from '@slidev/client'
import { computed, shallowReactive, shallowRef } from 'vue'
import { withParticle } from '../model/korean.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { decode } from '../model/recording.ts'
import { idleRun, reduce } from '../model/run-events.ts'
import { browserEngine, browserFirst, listenToBrowserEngine, sendToBrowserEngine } from './browser.ts'
import { listen, send } from './connection.ts'
import { browserCannot, sourceOf } from './source.ts'

/** A tab's side of the conversation with the server, and the recordings where there is none. */

const definitions = import.meta.glob<Demo>('../../*/demo.ts', { import: 'default' })
const originals = import.meta.glob<string>(['../../*/*', '!../../{commands,runtime}/*', '!**/demo.ts', '!**/*.{cast,vue}'], { query: '?raw', import: 'default' })
const recordings = import.meta.glob<string>('../../*/recording.cast', { query: '?raw', import: 'default' })

/** What a tab knows of one demo. */
export interface DemoState {
  readonly id: string
  /** The definition; null until loaded. */
  demo: Demo | null
  /** Why the definition cannot be used. */
  broken: Problem | null
  /** The run on the server and the number of its last event; null without a server. */
  live: { seq: number, state: RunState } | null
  /** Whether the lecturer has the recording shown in place of the live run. */
  instead: boolean
  /** The run on the engine in the tab; null before the first. */
  tab: { seq: number, state: RunState } | null
  /** The recording's events; null until loaded or where there is none. */
  recording: RunEvent[] | null
  /** Why there is a recording that cannot be used. */
  unrecorded: Problem | null
  /** How far the recording has been replayed in this browser. */
  replayed: RunState
  /** The files as they stand now, and as they are in the repository. */
  files: Record<string, string>
  originals: Record<string, string>
  /** What the server last refused, and what it last cleaned. */
  refused: Problem | null
  cleaned: string | null
}

const views = shallowReactive(new Map<string, DemoState>())

/** Whether this tab may start, stop, edit and clean. */
export const lecturer = shallowRef(false)
/** What the deck has made, as last read; null without a server and until somebody has asked. */
export const ledgerEntries = shallowRef<LedgerEntry[] | null>(null)
/** Where the audience goes; null when the deck is not shared. */
export const audience = shallowRef<string | null>(null)
/** Where the lecturer is, in a page of the audience. */
export const position = shallowRef<Position | null>(null)
/** The engine as the server sees it; null without a server. */
export const engine = shallowRef<EngineStatus | null>(null)
/** What the lecture needs, as the server last looked at it; null without a server and until somebody has asked. */
export const findings = shallowRef<Finding[] | null>(null)
/** The ids of all demos. */
export const demoIds = Object.keys(definitions).map(path => path.split('/').at(-2)!).sort()

const loads = new Map<string, Promise<void>>()

function viewOf(id: string): DemoState {
  const view = views.get(id) ?? shallowReactive<DemoState>({ id, demo: null, broken: null, live: null, tab: null, instead: false, recording: null, unrecorded: null, replayed: idleRun(0), files: {}, originals: {}, refused: null, cleaned: null })
  views.set(id, view)
  return view
}

/** A demo as this tab sees it; loads its definition, files and recording at the first call. */
export function useDemo(id: string): DemoState {
  const view = viewOf(id)
  if (!loads.has(id))
    loads.set(id, load(view))
  return view
}

async function load(view: DemoState): Promise<void> {
  const folder = `../../${view.id}`
  try {
    const define = definitions[`${folder}/demo.ts`]
    if (!define) {
      view.broken = { message: `데모 ${withParticle(view.id, '은/는')} 없습니다.`, hint: `demos/${view.id}/demo.ts를 만드세요.` }
      return
    }
    const demo = await define()
    const texts = await Promise.all(demo.files.map(async file => [file, await originals[`${folder}/${file}`]!()] as const))
    view.originals = Object.fromEntries(texts)
    view.files = { ...view.originals, ...view.files }
    const cast = await recordings[`${folder}/recording.cast`]?.()
    view.replayed = idleRun(demo.steps.length)
    view.demo = demo
    if (cast !== undefined)
      takeRecording(view, cast)
  }
  catch (error) {
    view.broken ??= problemOf(error) // the server's has the line
  }
}

/** A damaged recording does not keep a demo from running. */
function takeRecording(view: DemoState, cast: string): void {
  try {
    view.recording = decode(cast, view.demo!.steps.length, view.id)
  }
  catch (error) {
    view.unrecorded = problemOf(error)
  }
}

/** Asks whoever runs the demo: the server, or the engine in the tab. Edits go to both. */
export function ask(message: Extract<ClientMessage, { demo: string }>): void {
  const view = views.get(message.demo)
  if (view) {
    view.refused = null
    view.cleaned = null
  }
  const inTab = view !== undefined && chosen(view) === 'browser' && message.type !== 'show'
  if (inTab)
    sendToBrowserEngine(message)
  if (!inTab || (lecturer.value && (message.type === 'edit' || message.type === 'reset')))
    send(message)
}

/** Which source a panel of this demo shows now, print aside. */
function chosen(view: DemoState): Source {
  const able = browserEngine.value.state === 'ready' && view.demo !== null && browserCannot(view.demo, browserEngine.value.images) === null
  return sourceOf({
    live: view.live?.state.status ?? null,
    reachable: engine.value?.reachable ?? null,
    tab: able ? view.tab?.state.status ?? 'idle' : null,
    browserFirst,
  })
}

/** Edits wait this long for the next key, in milliseconds. */
const EDIT_PAUSE_MS = 300
const edits = new Map<string, { view: DemoState, file: string, timer: ReturnType<typeof setTimeout> }>()

/** Asks the server to look again at what the lecture needs. */
export function runDoctor(): void {
  send({ type: 'runDoctor' })
}

/** Asks the server to read the ledger, or to remove all that is in it. */
export function askLedger(type: 'ledger' | 'clean-all'): void {
  send({ type })
}

function hear(message: ServerMessage): void {
  switch (message.type) {
    case 'snapshot':
      lecturer.value = message.lecturer
      audience.value = message.audience
      engine.value = message.engine
      findings.value = message.findings
      for (const [id, problem] of Object.entries(message.broken))
        viewOf(id).broken = problem
      for (const [id, { seq, state, showRecording, files }] of Object.entries(message.demos)) {
        const view = viewOf(id)
        view.live = { seq, state }
        view.instead = showRecording
        view.files = files
      }
      break
    case 'engine':
      engine.value = message.engine
      break
    case 'findings':
      findings.value = message.findings
      break
    case 'events':
      return hearEvents(viewOf(message.demo), message.seq, message.events)
    case 'file': {
      const view = viewOf(message.demo)
      if (!edits.has(`${view.id}/${message.file}`)) // the text being typed here is newer
        view.files = { ...view.files, [message.file]: message.text }
      break
    }
    case 'show':
      viewOf(message.demo).instead = message.recorded
      break
    case 'cleaned': {
      const view = viewOf(message.demo)
      view.live = { seq: message.seq, state: idleRun(view.demo?.steps.length ?? 0) }
      view.cleaned = message.message
      break
    }
    case 'ledger':
      ledgerEntries.value = message.ledgerEntries
      break
    case 'position':
      position.value = message
      break
    case 'refused':
      if (message.demo !== null)
        viewOf(message.demo).refused = message.problem
  }
}

function hearEvents(view: DemoState, seq: number, events: RunEvent[]): void {
  if (!view.live)
    return // the snapshot is on its way
  if (seq !== view.live.seq + 1) {
    if (seq > view.live.seq)
      send({ type: 'hello' }) // something was missed
    return
  }
  view.live = { seq: seq + events.length - 1, state: events.reduce(reduce, view.live.state) }
}

listen(hear)

function snapshotFromBrowserEngine(demos: Record<string, RunSnapshot>): void {
  for (const view of views.values())
    view.tab = null
  for (const [id, { seq, state }] of Object.entries(demos))
    viewOf(id).tab = { seq, state }
}

/** Hears of runs in the tab as {@link hear} does of the server's. */
function receiveFromBrowserEngine(message: RunServerMessage): void {
  if (message.type === 'events') {
    const view = viewOf(message.demo)
    const before = view.tab ?? { seq: 0, state: idleRun(view.demo?.steps.length ?? 0) }
    if (message.seq === before.seq + 1) // else the snapshot is on its way
      view.tab = { seq: before.seq + message.events.length, state: message.events.reduce(reduce, before.state) }
  }
  else if (message.type === 'cleaned') {
    const view = viewOf(message.demo)
    view.tab = { seq: message.seq, state: idleRun(view.demo?.steps.length ?? 0) }
    view.cleaned = message.message
  }
  else if (message.type === 'refused') {
    hear(message)
  }
}

/** A demo as the engine in the tab takes it. */
async function demoOf(id: string): Promise<DemoSources> {
  const view = useDemo(id)
  await loads.get(id)
  if (!view.demo)
    throw new ProblemError(view.broken ?? { message: `데모 ${withParticle(id, '은/는')} 없습니다.`, hint: '페이지를 새로 고치세요.' })
  return { demo: view.demo, files: view.files }
}

listenToBrowserEngine({
  onSnapshot: snapshotFromBrowserEngine,
  onMessage: receiveFromBrowserEngine,
  onEdit: (message) => {
    const view = viewOf(message.demo)
    view.files = { ...view.files, [message.file]: message.type === 'edit' ? message.text : view.originals[message.file] ?? '' }
  },
  demoOf,
})

/** Replays go together in all tabs of this browser, as runs do on a server. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('docker-basics:replay')
channel?.addEventListener('message', async ({ data: [id, from, upTo, restart] }: MessageEvent<[string, number, number, boolean]>) => {
  const view = useDemo(id)
  await loads.get(id) // a tab that still loads would lose it
  play(view, from, upTo, restart)
})

/** How many events of a recording have been replayed, and the timer of the next one. */
const players = new Map<string, { index: number, timer: ReturnType<typeof setTimeout> | undefined }>()

/**
 * Replays the recording at its real pace up to and including a step, from the start when `restart` is set.
 * A step that has been replayed is not replayed again; those before `from` stand on an earlier slide and take no time.
 */
export function replay(view: DemoState, from: number, upTo: number, restart: boolean): void {
  channel?.postMessage([view.id, from, upTo, restart])
  play(view, from, upTo, restart)
}

function play(view: DemoState, from: number, upTo: number, restart: boolean): void {
  const { recording } = view
  if (!recording)
    return
  const player = players.get(view.id) ?? { index: 0, timer: undefined }
  players.set(view.id, player)
  clearTimeout(player.timer)
  if (restart) {
    player.index = 0
    view.replayed = idleRun(view.replayed.steps.length)
  }
  const seen = upTo < from ? 0 : Math.max(player.index, recording.findIndex(event => 'step' in event && event.step >= from))
  view.replayed = recording.slice(player.index, seen).reduce(reduce, view.replayed)
  player.index = Math.max(player.index, seen)
  const start = performance.now() - (recording[player.index]?.at ?? 0)
  const advance = (): void => {
    for (let event = recording[player.index]; event; event = recording[player.index]) {
      if (upTo < 0 || ('step' in event && event.step > upTo))
        return
      const wait = start + event.at - performance.now()
      if (wait > 1) {
        player.timer = setTimeout(advance, wait)
        return
      }
      view.replayed = reduce(view.replayed, event)
      player.index += 1
    }
  }
  advance()
}

/** Stops a replay and puts it back to its start, in all tabs. */
export function rewind(view: DemoState): void {
  replay(view, 0, -1, true)
}

/** The recording's end, for print. */
export function finished(view: DemoState): RunState {
  return view.recording ? view.recording.reduce(reduce, idleRun(view.recording[0]?.type === 'run-started' ? view.recording[0].steps : 0)) : view.replayed
}

/** Shows the recording in place of the live run in all views, or the run again; nothing where there is but one of them. */
export function swap(view: DemoState): void {
  if (lecturer.value && view.live && view.recording)
    ask({ type: 'show', demo: view.id, recorded: !view.instead })
}

/** A run as a panel shows it, and where it comes from. */
export interface Shown { source: Source, run: RunState }

/**
 * What a component on a slide shows of a demo, by {@link sourceOf}, or the recording where the lecturer wants it in
 * place of a run; in print always the recording at its end.
 * Slidev keeps all slides mounted: what nobody sees is not drawn again with each event.
 */
export function useShown(view: DemoState): { shown: ComputedRef<Shown>, active: ComputedRef<boolean>, print: ComputedRef<boolean> } {
  const { currentPage, isPrintMode: print } = useNav()
  const { $page: page, $renderContext: context } = useSlideContext()
  const onStage = computed(() => ['slide', 'presenter'].includes(context.value))
  const active = computed(() => !print.value && onStage.value && currentPage.value === page.value)
  const shown = computed<Shown>((before) => {
    if (before && !active.value && onStage.value && !print.value)
      return before
    if (view.instead && view.recording)
      return { source: 'recorded', run: finished(view) }
    const source = print.value ? 'recorded' : chosen(view)
    switch (source) {
      case 'browser':
        return { source, run: view.tab?.state ?? idleRun(view.demo?.steps.length ?? 0) }
      case 'live':
        return { source, run: view.live!.state }
      case 'recorded':
        return { source, run: print.value ? finished(view) : view.replayed }
    }
  })
  return { shown, active, print }
}

/** Takes a new text of a file; it is sent to the server when the typing pauses. */
export function edit(view: DemoState, file: string, text: string): void {
  if (view.files[file] === text)
    return
  view.files = { ...view.files, [file]: text }
  const key = `${view.id}/${file}`
  clearTimeout(edits.get(key)?.timer)
  edits.set(key, { view, file, timer: setTimeout(sendEdit, EDIT_PAUSE_MS, key) })
}

function sendEdit(key: string): void {
  const { view, file, timer } = edits.get(key)!
  clearTimeout(timer)
  edits.delete(key)
  ask({ type: 'edit', demo: view.id, file, text: view.files[file] ?? '' })
}

/** Sends the edits that still wait, so that a run builds what is on the screen. */
export function flushEdits(id: string): void {
  for (const key of [...edits.keys()].filter(each => each.startsWith(`${id}/`)))
    sendEdit(key)
}
