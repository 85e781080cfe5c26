import type { Step } from '../../define.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { Sink } from './output.ts'

/** How one command ended. `exitCode` is null when it did not end by itself. */
export interface Exit {
  exitCode: number | null
  ended: 'exited' | 'cancelled' | 'timed-out'
}

export interface ExecOptions {
  signal: AbortSignal
  timeoutMs: number
  /** Gets stdout and stderr as one stream, in order; the bytes are its own only until it returns. */
  onOutput: (bytes: Uint8Array) => void
}

/** What a run needs of an engine. For each step the members are called in the order in which they stand here. */
export interface Engine {
  /** Told by the first event of the run. */
  readonly version: EngineVersion
  /** How many times its usual limit a step may take here. */
  readonly patience: number
  /** Once a step: the texts of the demo's files that it works on. */
  readonly files: () => Readonly<Record<string, string>>
  /** Once a step: what really runs for its command, and which slice [from, to) of it was put in. */
  label: (command: readonly string[]) => { args: string[], added: [from: number, to: number] }
  /** Once a step, after `label`: why this engine or machine cannot show it, in Korean, or null; with a reason the step ends here. */
  skips: (step: Step) => Promise<string | null>
  /**
   * Runs the argument list in the demo's working copy: once a step, as many times in a row as the step says, or until it
   * shows what it should; once more where a container's output was lost.
   * @throws {ProblemError} when the program cannot be started.
   */
  exec: (args: string[], options: ExecOptions) => Promise<Exit>
  /** Once a step: takes out of its output what only this machine may know; without it the output is shown as it is. */
  redactStream?: (sink: Sink) => { push: Sink, end: () => void }
  /** Once for a step with an address, after a good `exec`: waits until it answers, or gives up without an error. */
  answered?: (address: string, signal: AbortSignal) => Promise<void>
  /** Once for a step that writes its output to a file, at its end: writes the file in the demo's working copy. */
  write: (file: string, text: string) => Promise<void>
  /** Once for a step with a wrong exit code: a known reason in its output, in Korean, or null. */
  explain: (output: string) => string | null
  /**
   * Once a run, after its last event: removes what the run has left on the engine. What it cannot remove is found again by its label.
   * `isCutOff` says that its last command did not end by itself: the engine may still be busy with what that asked for.
   */
  sweep: (isCutOff: boolean) => Promise<void>
}
