import type { Step } from '../../define.ts'
import type { Check, EngineVersion, RunEvent, RunState, Status } from './run-events.ts'
import { ProblemError } from './problem.ts'
import { idleRun, omittedText, reduce } from './run-events.ts'
import { STEP_REFERENCE } from './steps.ts'

/**
 * A recording is an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/):
 * a header line, then `[seconds, code, data]` lines, all data text. `o` lines are what a terminal shows;
 * `E` lines are the run events without their text, as JSON: players skip codes that they do not know,
 * and no version of the format has given this one a meaning (`o`, `i`, `m`, `r` and `x` have one).
 * An `o` line between a step's start and end is that step's output;
 * one outside is decoration: the prompt with the command.
 */
const EVENT_CODE = 'E'

/** Recordings made until November 2026 hold their run events, as objects, under the code that since means a resized terminal. */
const OLD_EVENT_CODE = 'r'

/** Width and height in characters that a player opens. */
const SIZE = { width: 100, height: 28 }

/** How a command reads in a terminal: words that a shell would split or change are quoted. */
export function commandLine(words: readonly string[]): string {
  return words.map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', `'\\''`)}'`).join(' ')
}

/** A step as it is shown: its command as typed, and what the deck does with it besides; an ID that is not known yet is called so. */
export function shownCommand(
  { command, times, into }: Step,
  words: readonly string[] = command.map(word => word.replaceAll(STEP_REFERENCE, 'ID')),
): string {
  return `${commandLine(words)}${into === undefined ? '' : ` > ${into}`}${times === undefined ? '' : `  # ${times}번`}`
}

/** What was really run, without what the deck put in. */
export function typedWords({ args, added: [from, to] }: { args: readonly string[], added: readonly [number, number] }): string[] {
  return [...args.slice(0, from), ...args.slice(to)]
}

/** The recording of a run's events; `commands` are shown as typed. */
export function encode(title: string, steps: readonly Step[], events: readonly RunEvent[]): string {
  const first = events[0]
  const last = events.at(-1)
  if (first?.type !== 'run-started' || last?.type !== 'run-ended')
    throw new Error('a recording needs a whole run')
  const lines: unknown[] = [{ version: 2, ...SIZE, timestamp: Math.floor(Date.parse(first.date) / 1000), duration: last.at / 1000, title }]
  for (const event of events) {
    const seconds = event.at / 1000
    if (event.type === 'step-started')
      lines.push([seconds, 'o', `\u001B[1m$ ${shownCommand(steps[event.step]!, typedWords(event))}\u001B[0m\r\n`])
    lines.push(event.type === 'output'
      ? [seconds, 'o', (event.omitted ? `${omittedText(event.omitted)}\n${event.text}` : event.text).replaceAll('\n', '\r\n')]
      : [seconds, EVENT_CODE, JSON.stringify(event)])
  }
  return `${lines.map(line => JSON.stringify(line)).join('\n')}\n`
}

function damaged(detail: string, cause?: unknown): ProblemError {
  return new ProblemError({ message: '녹화 파일을 읽을 수 없습니다.', hint: 'npm run record로 다시 녹화하세요.', detail }, { cause })
}

const outcomes: readonly Status[] = ['passed', 'failed', 'cancelled', 'timed-out']

/** Whether a value has the shape of a run event: what reads a recording relies on it. */
function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null)
    return false
  const event = value as { [Key in keyof Extract<RunEvent, { type: 'run-started' }>
    | keyof Extract<RunEvent, { type: 'step-started' }>
    | keyof Extract<RunEvent, { type: 'step-ended' }>]?: unknown }
  const isText = (each: unknown): boolean => typeof each === 'string'
  if (!Number.isFinite(event.at))
    return false
  switch (event.type) {
    case 'run-started': {
      const version = event.version as Partial<EngineVersion> | null | undefined
      return [event.run, event.demo, event.date, version?.engine, version?.platform].every(isText)
        && (version?.builder === null || isText(version?.builder))
        && [version?.cli, version?.store].every(each => each === undefined || isText(each))
    }
    case 'step-started':
      return Array.isArray(event.args)
        && event.args.every(isText)
        && Array.isArray(event.added)
        && event.added.length === 2
        && event.added.every(Number.isInteger)
        && (event.files === undefined || (typeof event.files === 'object' && Object.values(event.files ?? {}).every(isText)))
    case 'step-ended':
      return [
        ...outcomes,
        'skipped',
      ].includes(event.outcome as Status) && (event.exitCode === null
        || Number.isInteger(event.exitCode)) && Number.isFinite(event.durationMs)
      && Array.isArray(event.checks) && event.checks.every(
        (each: Partial<Check> | null) => isText(each?.says) && typeof each?.passed === 'boolean',
      ) && (event.reason === undefined || isText(event.reason))
    case 'run-ended':
      return outcomes.includes(event.outcome as Status)
    default:
      return false
  }
}

/** @throws {ProblemError} when the text is not a run event. */
function runEvent(json: string): RunEvent {
  let value: unknown
  try {
    value = JSON.parse(json)
  }
  catch (error) {
    throw damaged(String(error), error)
  }
  if (!isEvent(value))
    throw damaged(`not a run event: ${json.slice(0, 80)}`)
  return value
}

/**
 * The run events of a recording, for a demo with that many steps and, where it is given, that id.
 * @throws {ProblemError} when the text is damaged, cut off, foreign, or of another version of the demo.
 */
export function decode(text: string, steps: number, demo?: string): RunEvent[] {
  let lines: unknown[]
  try {
    lines = text.trimEnd().split('\n').map(line => JSON.parse(line) as unknown)
  }
  catch (error) {
    throw damaged(String(error), error)
  }
  const [header, ...rest] = lines
  if (typeof header !== 'object' || header === null || !('version' in header) || header.version !== 2)
    throw damaged('not an asciicast v2 header')

  const events: RunEvent[] = []
  let state: RunState = idleRun(steps)
  let open: number | null = null
  for (const line of rest) {
    if (!Array.isArray(line) || typeof line[0] !== 'number' || typeof line[1] !== 'string')
      throw damaged(`not an asciicast event: ${JSON.stringify(line).slice(0, 80)}`)
    const [seconds, code, data] = line as [number, string, unknown]
    let event: RunEvent
    if (code === 'o' && typeof data === 'string' && open !== null)
      event = { type: 'output', at: Math.round(seconds * 1000), step: open, text: data.replaceAll('\r\n', '\n') }
    else if (code === EVENT_CODE && typeof data === 'string')
      event = runEvent(data)
    else if (code === OLD_EVENT_CODE && typeof data !== 'string')
      event = runEvent(JSON.stringify(data))
    else
      continue
    if (event.type === 'run-started' && (event.steps !== steps || (demo !== undefined && event.demo !== demo)))
      throw damaged(`recorded of demo ${event.demo} with ${event.steps} steps`)
    try {
      state = reduce(state, event)
    }
    catch (error) {
      throw damaged(String(error), error)
    }
    if (event.type === 'step-started')
      open = event.step
    else if (event.type === 'step-ended')
      open = null
    events.push(event)
  }
  if (!outcomes.includes(state.status))
    throw damaged('the run has no end')
  return events
}
