import type { Step } from './define.ts'
import type { RunEvent, RunState, State } from './events.ts'
import { idleRun, reduce } from './events.ts'
import { ProblemError } from './problem.ts'

/**
 * A recording is an asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/):
 * a header line, then `[seconds, code, data]` lines. `o` lines are what a terminal shows;
 * `r` lines (players skip codes that they do not know) are the run events without their text.
 * An `o` line between a step's start and end is that step's output;
 * one outside is decoration: the prompt with the command.
 */

/** Width and height in characters that a player opens. */
const SIZE = { width: 100, height: 28 }

/** How a command reads in a terminal: words that a shell would split or change are quoted. */
export function commandLine(words: readonly string[]): string {
  return words.map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\'', `'\\''`)}'`).join(' ')
}

/** A step as it is shown: its command as typed, and what the deck does with it besides. */
export function shownCommand({ command, times, into }: Step, words: readonly string[] = command): string {
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
      ? [seconds, 'o', (event.omitted ? `… ${event.omitted}자 생략 …\n${event.text}` : event.text).replaceAll('\n', '\r\n')]
      : [seconds, 'r', event])
  }
  return `${lines.map(line => JSON.stringify(line)).join('\n')}\n`
}

function damaged(detail: string, cause?: unknown): ProblemError {
  return new ProblemError({ says: '녹화 파일을 읽을 수 없습니다.', next: 'npm run record로 다시 녹화하세요.', detail }, { cause })
}

const outcomes: readonly State[] = ['passed', 'failed', 'cancelled', 'timed-out']

/**
 * The run events of a recording, for a demo with that many steps.
 * @throws {ProblemError} when the text is damaged, cut off, foreign, or of another version of the demo.
 */
export function decode(text: string, steps: number): RunEvent[] {
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
    else if (code === 'r')
      event = data as RunEvent
    else
      continue
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
  if (!outcomes.includes(state.state))
    throw damaged('the run has no end')
  if (state.steps.length !== steps)
    throw damaged(`recorded with ${state.steps.length} steps, the demo has ${steps}`)
  return events
}
