import type { LedgerEntry } from './ledger-text.ts'
import type { Problem } from './problem.ts'
import type { EngineVersion, RunEvent, RunState } from './run-events.ts'

/** Names of the custom events on Vite's dev-server socket. */
export const TO_SERVER = 'demo:to-server'
export const TO_CLIENT = 'demo:to-client'
/** Where followers' pages find their socket, relative to the page. */
export const AUDIENCE_SOCKET = 'hall'

/** Longest text of an edited file, in bytes. */
export const FILE_LIMIT = 64 * 1024

export type EngineStatus = { reachable: true, version: EngineVersion } | { reachable: false, problem: Problem }

/** One thing that a lecture needs; `hint` says what to do where it is not as it should be. */
export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'bad' | 'unknown'
  message: string
  hint?: string
  detail?: string
}

/** A demo as a view that joins now sees it; `seq` numbers the last event in `state`. */
export interface DemoSnapshot {
  seq: number
  state: RunState
  /** Whether the recording is shown in its place. */
  recorded: boolean
  files: Record<string, string>
}

/** What the server tells its views. */
export type Tell
  /** `hall` is where followers go; null when the deck is not shared. */
  = | { type: 'snapshot', lecturer: boolean, hall: string | null, engine: EngineStatus | null, findings: Finding[] | null, demos: Record<string, DemoSnapshot>, broken: Record<string, Problem> }
    | { type: 'engine', engine: EngineStatus }
    | { type: 'findings', findings: Finding[] }
    /** Events of one demo; the first has number `seq`. A view that misses some says hello again. */
    | { type: 'events', demo: string, seq: number, events: RunEvent[] }
    | { type: 'file', demo: string, file: string, text: string }
    /** The recording is shown in place of the run, or the run again. */
    | { type: 'show', demo: string, recorded: boolean }
    /** The demo was cleaned: back to idle; `seq` counts on; `message` what was removed, in Korean. */
    | { type: 'cleaned', demo: string, seq: number, message: string }
    | { type: 'ledger', ledgerEntries: LedgerEntry[] }
    /** Only to followers: where the lecturer is. */
    | { type: 'place', page: number, clicks: number }
    /** Only to the view whose message could not be followed. */
    | { type: 'refused', demo: string | null, problem: Problem }
