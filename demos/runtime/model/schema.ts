import { z } from 'zod'
import { SHELL_INPUT_LIMIT } from './messages.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/)
const run = z.string().max(64)
const poll = z.string().regex(/^[\w-]{1,32}$/)
const step = z.int().min(0).max(99)
const terminalSize = { columns: z.int().min(2).max(500), rows: z.int().min(2).max(300) }

/** What a client may ask of the server. A client names a demo; it never sends a command. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  /** Asks for a snapshot; with the lecturer's key, the connection may act from then on. */
  z.strictObject({ type: z.literal('hello'), key: z.string().max(64).optional() }),
  /** Looks again at what the lecture needs; the findings are broadcast. */
  z.strictObject({ type: z.literal('runDoctor') }),
  /** Reads the ledger and what it costs; both are broadcast. */
  z.strictObject({ type: z.literal('ledger') }),
  /** Removes the whole ledger and forgets all last runs. */
  z.strictObject({ type: z.literal('clean-all') }),
  /** Puts the whole deck back to its start: runs, edits, recordings that are shown; and removes the ledger where an engine answers. */
  z.strictObject({ type: z.literal('reset-all') }),
  /**
   * Runs the demo from its start, up to and including step `upTo` (all when left out).
   * `after` is the run that the client last saw (null: none): when another run has begun since,
   * nothing happens, so that two clients that ask at once start one run.
   */
  z.strictObject({ type: z.literal('run'), demo: id, after: run.nullable(), upTo: step.optional() }),
  /** A click: lets that run go on to step `upTo`, or starts the first run; a step that has run is not run again. */
  z.strictObject({ type: z.literal('advance'), demo: id, after: run.nullable(), upTo: step }),
  z.strictObject({ type: z.literal('stop'), demo: id, run }),
  z.strictObject({ type: z.literal('edit'), demo: id, file: z.string().max(255), text: z.string().max(1024 * 1024) }),
  z.strictObject({ type: z.literal('reset'), demo: id, file: z.string().max(255) }),
  /** Has all clients show the demo's recording in place of its run, or the run again. */
  z.strictObject({ type: z.literal('show'), demo: id, recorded: z.boolean() }),
  /** Asks the hall what a step's output will be, for the second time where the same question was closed. */
  z.strictObject({
    type: z.literal('open-poll'),
    demo: id,
    step: id,
    page: z.int().min(1).max(9999),
    question: z.string().min(1).max(300),
    answers: z.array(z.string().min(1).max(100)).min(2).max(4),
  }),
  /** Takes no more votes for that poll. */
  z.strictObject({ type: z.literal('close-poll'), poll }),
  /** Tells what the run has said of it. */
  z.strictObject({ type: z.literal('settle-poll'), poll, outcome: z.union([
    z.strictObject({ answer: z.int().min(0).max(3) }),
    z.strictObject({ reason: z.string().min(1).max(300) }),
  ]) }),
  /** Removes what the demo made on the engine and forgets its last run. */
  z.strictObject({ type: z.literal('clean'), demo: id }),
])
export type ClientMessage = z.infer<typeof clientMessageSchema>

/** Of them, what concerns a run: the deck's server and the engine in a tab take it alike. */
export type RunClientMessage = Extract<ClientMessage, { type: 'run' | 'advance' | 'stop' | 'show' | 'clean' }>

/** What the lecturer may ask of the shell in a container of a demo. */
export const shellClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('open'), demo: id, ...terminalSize }),
  z.strictObject({ type: z.literal('input'), text: z.string().max(SHELL_INPUT_LIMIT) }),
  z.strictObject({ type: z.literal('size'), ...terminalSize }),
  /** The client has drawn that many characters of the output. */
  z.strictObject({ type: z.literal('drawn'), characters: z.int().min(0).max(1e9) }),
  z.strictObject({ type: z.literal('close') }),
])
export type ShellClientMessage = z.infer<typeof shellClientMessageSchema>
