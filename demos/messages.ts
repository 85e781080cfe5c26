import type { EngineVersion, RunEvent, RunState } from './events.ts'
import type { Problem } from './problem.ts'
import { z } from 'zod'

/** Names of the custom events on Vite's dev-server socket. */
export const ASK = 'demo:ask'
export const TELL = 'demo:tell'

/** Longest text of an edited file, in characters; the server also bounds its bytes. */
export const FILE_LIMIT = 64 * 1024

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/)
const run = z.string().max(64)

/** What a view may ask of the server. A view names a demo; it never sends a command. */
export const askSchema = z.discriminatedUnion('type', [
  /** Asks for a snapshot; `key` is the presenter key of a view that is not on the lecturer's machine. */
  z.strictObject({ type: z.literal('hello'), key: z.string().max(128).optional() }),
  /**
   * Runs the demo up to and including step `upTo` (all when left out).
   * `after` is the run that the view last saw (null: none): when another run has begun since,
   * nothing happens, so that two views that ask at once start one run.
   */
  z.strictObject({ type: z.literal('run'), demo: id, after: run.nullable(), upTo: z.int().min(0).max(99).optional() }),
  z.strictObject({ type: z.literal('stop'), demo: id, run }),
  z.strictObject({ type: z.literal('edit'), demo: id, file: z.string().max(255), text: z.string().max(FILE_LIMIT) }),
  z.strictObject({ type: z.literal('reset'), demo: id, file: z.string().max(255) }),
  /** Removes what the demo made on the engine and forgets its last run. */
  z.strictObject({ type: z.literal('clean'), demo: id }),
])
export type Ask = z.infer<typeof askSchema>

export type EngineStatus = { reachable: true, version: EngineVersion } | { reachable: false, problem: Problem }

/** A demo as a view that joins now sees it; `seq` numbers the last event in `state`. */
export interface DemoSnapshot {
  seq: number
  state: RunState
  files: Record<string, string>
}

/** What the server tells its views. */
export type Tell
  = | { type: 'snapshot', lecturer: boolean, engine: EngineStatus | null, demos: Record<string, DemoSnapshot> }
    | { type: 'engine', engine: EngineStatus }
    /** Events of one demo; the first has number `seq`. A view that misses some says hello again. */
    | { type: 'events', demo: string, seq: number, events: RunEvent[] }
    | { type: 'file', demo: string, file: string, text: string }
    /** The demo was cleaned: back to idle; `seq` counts on. */
    | { type: 'cleaned', demo: string, seq: number, removed: number }
    /** Only to the view whose message could not be followed. */
    | { type: 'refused', demo: string | null, problem: Problem }
