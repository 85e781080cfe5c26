import { z } from 'zod'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/)
const run = z.string().max(64)
const step = z.int().min(0).max(99)

/** What a view may ask of the server. A view names a demo; it never sends a command. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  /** Asks for a snapshot. */
  z.strictObject({ type: z.literal('hello') }),
  /** Looks again at what the lecture needs, and tells all views. */
  z.strictObject({ type: z.literal('runDoctor') }),
  /** Reads the ledger and what it costs, and tells all views. */
  z.strictObject({ type: z.literal('ledger') }),
  /** Removes the whole ledger and forgets all last runs. */
  z.strictObject({ type: z.literal('clean-all') }),
  /**
   * Runs the demo from its start, up to and including step `upTo` (all when left out).
   * `after` is the run that the view last saw (null: none): when another run has begun since,
   * nothing happens, so that two views that ask at once start one run.
   */
  z.strictObject({ type: z.literal('run'), demo: id, after: run.nullable(), upTo: step.optional() }),
  /** A click: lets that run go on to step `upTo`, or starts the first run; a step that has run is not run again. */
  z.strictObject({ type: z.literal('advance'), demo: id, after: run.nullable(), upTo: step }),
  z.strictObject({ type: z.literal('stop'), demo: id, run }),
  z.strictObject({ type: z.literal('edit'), demo: id, file: z.string().max(255), text: z.string().max(1024 * 1024) }),
  z.strictObject({ type: z.literal('reset'), demo: id, file: z.string().max(255) }),
  /** Has all views show the demo's recording in place of its run, or the run again. */
  z.strictObject({ type: z.literal('show'), demo: id, recorded: z.boolean() }),
  /** Removes what the demo made on the engine and forgets its last run. */
  z.strictObject({ type: z.literal('clean'), demo: id }),
])
export type Ask = z.infer<typeof clientMessageSchema>
