import type { LedgerEntry } from './ledger-text.ts'
import type { PollView } from './poll.ts'
import type { Problem } from './problem.ts'
import type { EngineVersion, RunEvent, RunState } from './run-events.ts'

/**
 * What the deck's server sends to its clients, and the engine in a tab to its pages; what they may send is in schema.ts.
 *
 * The order of messages: a client says `hello` when it has connected, and a `snapshot` answers it; until then the
 * client leaves out all other messages. After the snapshot each demo's events are numbered without a gap from the
 * snapshot's `seq` on, and `cleaned` takes a number too. A message whose numbers the client has seen already is left
 * out. One that begins beyond the next number means that the client has missed something: it says `hello` again.
 */

/** Names of the custom events on Vite's dev-server socket. */
export const TO_SERVER = 'demo:to-server'
export const TO_CLIENT = 'demo:to-client'
/** The same for a shell's terminal. */
export const SHELL_TO_SERVER = 'demo:shell-to-server'
export const SHELL_TO_CLIENT = 'demo:shell-to-client'
/** Where the audience's pages find their socket, relative to the page. */
export const AUDIENCE_SOCKET = 'audience'

/** How often the server says that it is there, in milliseconds. */
export const HEARTBEAT_MS = 1000
/** Longest text of an edited file, in bytes. */
export const FILE_LIMIT = 64 * 1024
/** Longest text that is typed or pasted into a shell at once, in characters. */
export const SHELL_INPUT_LIMIT = 16 * 1024
/** Characters of a shell's output that a client may be behind before the container has to wait. */
export const SHELL_OUTPUT_AHEAD = 256 * 1024

export type EngineStatus = { reachable: true, version: EngineVersion } | { reachable: false, problem: Problem }

/** One thing that a lecture needs; `hint` says what to do where it is not as it should be. */
export interface Finding {
  name: string
  state: 'ok' | 'warn' | 'bad' | 'unknown'
  message: string
  hint?: string
  detail?: string
}

/** Where the lecturer is. */
export interface Position { page: number, clicks: number }

/** A point of a slide, in percent of its width and height. */
export interface Point { x: number, y: number }

/** A demo's last run as a client that joins now sees it; `seq` is the number of the last event in `state`. */
export interface RunSnapshot {
  seq: number
  state: RunState
  /** Whether all clients show the recording in place of the run. */
  showRecording: boolean
}

/** The same with the demo's files as they stand now, which the deck's server has. */
export interface DemoSnapshot extends RunSnapshot {
  files: Record<string, string>
}

/** What concerns a run: the deck's server and the engine in a tab send it alike. */
export type RunServerMessage
  /** Events of one demo's run; the first has number `seq`. */
  = | { type: 'events', demo: string, seq: number, events: RunEvent[] }
    /** The demo was cleaned and is idle again; `message` says in Korean what was removed. */
    | { type: 'cleaned', demo: string, seq: number, message: string }
    /** The recording is shown in place of the run, or the run again. */
    | { type: 'show', demo: string, recorded: boolean }
    /** A client's message could not be followed; the server sends this to that client alone. */
    | { type: 'refused', demo: string | null, problem: Problem }

/** What the deck's server sends to its clients. */
export type ServerMessage
  = | RunServerMessage
    | {
      type: 'snapshot'
      demos: Record<string, DemoSnapshot>
      /** Demos whose definition cannot be used, and why. */
      broken: Record<string, Problem>
      /** Whether this client may start, stop, edit and clean. */
      lecturer: boolean
      /** Where the audience goes; null when the deck is not shared. */
      audience: string | null
      /** Null until the engine has been asked for the first time. */
      engine: EngineStatus | null
      /** What the doctor last found; null until a client has asked for it. */
      findings: Finding[] | null
      /** What the hall is asked, or was asked last; null before the first question. */
      poll: PollView | null
      /** How many of the audience are connected. */
      followers: number
    }
    | { type: 'poll', poll: PollView | null, followers: number }
    /** A demo's folder has changed: the demo as it is now, or null where it cannot be used, and why; both are null when it is gone. */
    | { type: 'defined', demo: string, snapshot: DemoSnapshot | null, broken: Problem | null }
    | { type: 'engine', engine: EngineStatus }
    | { type: 'findings', findings: Finding[] }
    /** The server is there; it says so every {@link HEARTBEAT_MS}. */
    | { type: 'heartbeat' }
    | { type: 'file', demo: string, file: string, text: string }
    | { type: 'ledger', ledgerEntries: LedgerEntry[] }
    /** Only to the audience. */
    | ({ type: 'position' } & Position)
    /** Only to the audience: where the lecturer's laser points, or that it is off. */
    | { type: 'pointer', at: Point | null }

/** What the server sends to the client that has opened a shell. */
export type ShellServerMessage
  = | { type: 'opened', demo: string, image: string }
    | { type: 'output', text: string }
    | { type: 'ended' }
    | { type: 'refused', problem: Problem }
