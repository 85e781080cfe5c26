import type { Demo } from '../../define.ts'
import type { RunState, Status } from '../model/run-events.ts'

export type SourceKind = 'live' | 'browser' | 'recorded'

/** Steps to run, by their index: those before `first` stand on an earlier slide. */
export interface StepRange {
  first: number
  upTo: number
}

/** Where a demo's run comes from: the deck's server, the engine in the tab, or the recording. A panel asks it, whichever it is. */
export interface Source {
  readonly kind: SourceKind
  /** What the panel's head says, in Korean, e.g. `라이브 · Docker 26.1.5`. */
  readonly name: string
  /** The run so far: the one thing that a panel draws. */
  readonly run: RunState
  /** The texts of the files on which the run works, by their names. */
  readonly files: Readonly<Record<string, string>>
  /** Whether this page's user may start and stop the run. */
  readonly mayAct: boolean
  readonly mayEdit: boolean
  /** Whether an engine in the tab would be an alternative. */
  readonly offersBrowser: boolean
  /** Runs from the first step on. */
  start: (range: StepRange) => void
  /** Goes on from where the run stands; a step that has run is not run again. */
  advance: (range: StepRange) => void
  stop: () => void
  /** Removes what the run has made; null where it has made nothing. */
  readonly clean: (() => void) | null
  /** Why the panel is not live and how to get live, for a panel with that status; null where there is nothing to say. */
  notice: (status: Status) => string | null
  /** What V would show in its place, for a panel with that status; null where that is no help. */
  toggleName: (status: Status) => string | null
}

/** What there is to choose from. */
export interface Offers {
  /** The server's run; null without a server. */
  live: Status | null
  /** Whether the server's engine answers; null while unknown or without a server. */
  reachable: boolean | null
  /** The run in the tab; null without an engine there or where that cannot run the demo. */
  browser: Status | null
  /** Whether the deck is set to run its demos in the tab first. */
  browserFirst: boolean
}

/**
 * Live first, then the engine in the tab, which nobody has without asking for it, then the recording.
 * What runs in the tab stays in sight when an engine turns up, and so does a live run whose engine has gone,
 * until somebody takes the tab's.
 */
export function sourceOf({ live, reachable, browser, browserFirst }: Offers): SourceKind {
  if (browser !== null && (browserFirst || reachable !== true || browser === 'running'))
    return 'browser'
  return live !== null && (reachable !== false || live !== 'idle') ? 'live' : 'recorded'
}

/** Why the engine in the tab cannot run a demo, in Korean, or null. */
export function browserCannot({ notInTab, baseImages }: Demo, images: readonly string[]): string | null {
  const missing = baseImages.find(image => !images.includes(image))
  return notInTab ?? (missing === undefined ? null : `브라우저 안의 엔진에는 ${missing} 이미지가 없습니다.`)
}
