/** What a step should show; checked when the step has ended. */
export interface Expectation {
  /** What the audience should see, in Korean, e.g. `"Hello, World!"가 출력됩니다`. */
  says: string
  /** Text or pattern that must occur in the step's output, colour codes taken out. */
  output?: string | RegExp
  /** An earlier step, 0-based, whose output must be the same. */
  sameAs?: number
  /** An earlier step, 0-based, whose output must be another. */
  differsFrom?: number
}

/** A step that looks at the machine on which the engine runs; it is skipped where that is not this one. */
export interface HostStep {
  /** What one would see with Docker Desktop or a remote engine, in Korean, one sentence. */
  elsewhere: string
  /** A command that must succeed first; the step is skipped where this machine does not allow it. */
  probe?: readonly [string, ...string[]]
}

/** One command of a demo. */
export interface Step {
  /** What the step does, in Korean, a few words. */
  title: string
  /**
   * The argument list, the program first. It is never handed to a shell.
   * `{0}` in a word stands for the last line that step 0 has printed, such as an ID.
   */
  command: readonly [string, ...string[]]
  /** How many times in a row it runs; once when left out. */
  times?: number
  /** The file of the working copy that takes what it prints, as `> file` does. */
  into?: string
  /** Set for a step that needs this machine to be the engine's. */
  host?: HostStep
  /** The exit code that counts as success, or those where engines differ; 0 when left out. */
  exitCode?: number | readonly number[]
  /** Where the server that the step has started answers; the step ends when it does, as one would wait before going on. */
  ready?: string
  /** Time limit in milliseconds; {@link DEFAULT_TIMEOUT_MS} when left out. */
  timeoutMs?: number
  expect?: readonly Expectation[]
}

/** A named, fixed list of steps with the files it works on. Its id is its folder's name. */
export interface Demo {
  /** In Korean, for lists and panel heads. */
  title: string
  /** Files of the demo's folder that a run works on, in the order in which tabs show them. */
  files: readonly string[]
  /** Images that must be on the machine before a run. */
  baseImages: readonly string[]
  /** Why the engine in the browser tab cannot run it, in Korean, one sentence; left out where it can. Live and recorded go for all. */
  notInTab?: string
  steps: readonly Step[]
  /** Why Podman's Docker-compatible socket cannot show it, in Korean, one sentence; with `before` it can from that major version on. */
  podman?: { cannot: string, before?: number }
}

export const DEFAULT_TIMEOUT_MS = 60_000

/** Types a demo; returns it unchanged. */
export function defineDemo(demo: Demo): Demo {
  return demo
}
