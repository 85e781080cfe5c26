import { byteLength, characterBoundary, sizeText } from './bytes.ts'

/** How a run ended. */
export type Outcome = 'passed' | 'failed' | 'cancelled' | 'timed-out'
/** How a step ended; `skipped` where this machine cannot show it, which fails no run. */
export type StepOutcome = Outcome | 'skipped'
export type Status = 'idle' | 'running' | StepOutcome

/** One expectation, checked. */
export interface Check {
  says: string
  passed: boolean
  /** What was looked for and not found, in Korean; only where the check failed. */
  missed?: string
}

export interface EngineVersion {
  /** Version of Docker Engine, e.g. `26.1.5`; another engine's has its name before it, e.g. `Podman 4.3.1`. */
  engine: string
  /** Builder, e.g. `buildx 0.13.1`, or null when there is only the classic one. */
  builder: string | null
  /** Operating system and architecture of the engine, e.g. `linux/amd64`. */
  platform: string
  /** Version of the docker CLI, which words most errors, e.g. `28.5.2`; recordings made until November 2026 do not have it, nor the engine in the tab. */
  cli?: string
  /** Where the engine keeps images: `containerd`, or its own storage driver's name, e.g. `overlay2`; where it is known. */
  store?: string
}

/** The engine's name and version, without a distribution's suffix. */
export function engineName({ engine }: Pick<EngineVersion, 'engine'>): string {
  return `${/^\d/.test(engine) ? 'Docker ' : ''}${withoutSuffix(engine)}`
}

/** What a recording was made on: the engine, and the CLI and the image store where they are known. */
export function recordedOn({ cli, store, ...version }: EngineVersion): string {
  return [
    engineName(version),
    ...cli === undefined ? [] : [`CLI ${withoutSuffix(cli)}`],
    ...store === undefined ? [] : [store],
  ].join(' · ')
}

function withoutSuffix(version: string): string {
  return version.replace(/\+.*$/, '')
}

/**
 * What happens in a run, in order. `at` is milliseconds since the run began.
 * The one format behind the panel, the terminal, the recording, the PDF and the tests.
 */
export type RunEvent
  = | { type: 'run-started', at: 0, run: string, demo: string, steps: number, date: string, version: EngineVersion }
    /**
     * `args` is what really runs; of it, `added` says which slice [from, to) the deck put in. `files` has a digest of each
     * of the demo's files as the step finds it, by ohash's `digest`; recordings made until November 2026 have none.
     */
    | {
      type: 'step-started'
      at: number
      step: number
      args: string[]
      added: [from: number, to: number]
      files?: Record<string, string>
    }
    /** stdout and stderr as one stream, in order. `omitted`: bytes left out before `text`. */
    | { type: 'output', at: number, step: number, text: string, omitted?: number }
    /** `exitCode` is null when the program did not end by itself or never started. */
    | {
      type: 'step-ended'
      at: number
      step: number
      outcome: StepOutcome
      exitCode: number | null
      durationMs: number
      checks: Check[]
      reason?: string
    }
    | { type: 'run-ended', at: number, outcome: Outcome }

/** Output of one step, bounded: the head and the tail are kept. */
export interface Output {
  head: string
  /** Bytes left out between head and tail, as UTF-8. */
  omitted: number
  tail: string
}

export interface StepState {
  status: Status
  args: string[]
  added: [from: number, to: number]
  /** Digests of the demo's files as the step found them; null before the step, and where they are not known. */
  files: Readonly<Record<string, string>> | null
  /** Milliseconds since the run began, or null before the step. */
  startedAt: number | null
  output: Output
  exitCode: number | null
  durationMs: number | null
  checks: Check[]
  /** Why the step failed where no check says it, why it was skipped, or why it ran once more, in Korean. */
  reason: string | null
}

/** A run as an explicit state; only {@link reduce} makes a new one. */
export interface RunState {
  status: Status
  id: string | null
  /** ISO 8601 date of the run's start. */
  date: string | null
  version: EngineVersion | null
  steps: StepState[]
}

/** UTF-16 units of a step's output that are kept at its beginning and at its end; one more or less, so that no character is cut. */
export const OUTPUT_HEAD = 128 * 1024
export const OUTPUT_TAIL = 16 * 1024

const idleStep: StepState = {
  status: 'idle',
  args: [],
  added: [0, 0],
  files: null,
  startedAt: null,
  output: { head: '', omitted: 0, tail: '' },
  exitCode: null,
  durationMs: null,
  checks: [],
  reason: null,
}

/** The state before any run of a demo with that many steps. */
export function idleRun(steps: number): RunState {
  return { status: 'idle', id: null, date: null, version: null, steps: Array.from<StepState>({ length: steps }).fill(idleStep) }
}

/** What stands in the place of that many bytes. */
export function omittedText(bytes: number): string {
  return `… ${sizeText(bytes)} 생략 …`
}

/** The whole text that is kept of an output; the gap is named by a line of its own. */
export function outputText({ head, omitted, tail }: Output): string {
  return omitted === 0 ? head + tail : `${head}\n${omittedText(omitted)}\n${tail}`
}

function append(output: Output, text: string, omitted: number): Output {
  let { head, tail } = output
  omitted += output.omitted
  if (omitted === 0 && tail === '') {
    const room = characterBoundary(text, Math.max(0, OUTPUT_HEAD - head.length))
    head += text.slice(0, room)
    text = text.slice(room)
  }
  tail += text
  if (tail.length > OUTPUT_TAIL) {
    const cut = characterBoundary(tail, tail.length - OUTPUT_TAIL)
    omitted += byteLength(tail.slice(0, cut))
    tail = tail.slice(cut)
  }
  return { head, omitted, tail }
}

/**
 * The state after an event.
 * @throws {Error} when the event cannot follow that state: a run's events have one order.
 */
export function reduce(state: RunState, event: RunEvent): RunState {
  if (event.type === 'run-started') {
    if (state.status === 'running')
      throw new Error(`run ${event.run} started while ${state.id} is running`)
    return { ...idleRun(event.steps), status: 'running', id: event.run, date: event.date, version: event.version }
  }
  if (state.status !== 'running')
    throw new Error(`${event.type} in a run that is ${state.status}`)
  if (event.type === 'run-ended')
    return { ...state, status: event.outcome }

  const step = state.steps[event.step]
  if (!step)
    throw new Error(`${event.type} of step ${event.step}, which the run does not have`)
  if (step.status !== (event.type === 'step-started' ? 'idle' : 'running'))
    throw new Error(`${event.type} of step ${event.step}, which is ${step.status}`)
  return { ...state, steps: state.steps.with(event.step, next(step, event)) }
}

function next(step: StepState, event: Extract<RunEvent, { step: number }>): StepState {
  switch (event.type) {
    case 'step-started':
      return { ...step, status: 'running', args: event.args, added: event.added, files: event.files ?? null, startedAt: event.at }
    case 'output':
      return { ...step, output: append(step.output, event.text, event.omitted ?? 0) }
    case 'step-ended':
      return {
        ...step,
        status: event.outcome,
        exitCode: event.exitCode,
        durationMs: event.durationMs,
        checks: event.checks,
        reason: event.reason ?? null,
      }
  }
}
