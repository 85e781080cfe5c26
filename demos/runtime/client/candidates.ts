import type { Demo, Step } from '../../define.ts'
import type { Output, RunState, StepState } from '../model/run-events.ts'
import type { Candidate } from './focus.ts'
import type { Fold } from './fold.ts'
import type { LargeStep } from './panel-fit.ts'
import type { Line } from './text-rows.ts'
import Anser from 'anser'
import { comparedWith } from '../model/expectation.ts'
import { longIds, withShortIds } from '../model/ids.ts'
import { idleRun } from '../model/run-events.ts'
import { stateText } from '../model/words.ts'
import { commandWords } from './command-words.ts'
import { stretchesOf } from './fold.ts'
import { markedRanges } from './output-blocks.ts'
import { columnsOf, commandLine, lineOf } from './text-rows.ts'

/** What is to be marked in a step's output. */
export type Marks = readonly (string | RegExp)[]

interface Options {
  /** Of each step. */
  marks: readonly Marks[]
  /** Whether everything is shown: commands with what the deck has added, outputs unfolded, IDs whole. */
  all: boolean
  /** Whether a step's state is a sign and a time alone. */
  short: boolean
  /** Whether the outputs are left to a picture beside. */
  commandsOnly: boolean
}

/** Outputs with more characters fill any panel. */
const LONGEST = 8 * 1024
/** Outputs with more lines do. */
const MOST_LINES = 60

const nothing: Output = { head: '', omitted: 0, tail: '' }
const plainTexts = new WeakMap<Output, string>()

/** The steps of a demo as the choice of what a panel shows large needs them. */
export function candidatesOf({ steps }: Pick<Demo, 'steps'>, run: RunState, options: Options): Candidate[] {
  const [idle] = idleRun(1).steps
  return steps.map((step, index) => {
    const state = run.steps[index] ?? idle!
    const marks = marksOf(state, options.marks[index]!)
    const large = once((fold: Fold) => largeStep(step, state, { ...options, marks, fold }))
    return {
      status: state.status,
      marked: markedRanges(plainText(state.output) ?? '', marks).length > 0,
      compared: comparedWith(step).map(id => steps.findIndex(each => each.id === id)).filter(each => each !== -1),
      large,
    }
  })
}

/** The function, which does its work once for each argument. */
function once<Argument, Result>(work: (argument: Argument) => Result): (argument: Argument) => Result {
  const done = new Map<Argument, Result>()
  return (argument) => {
    if (!done.has(argument))
      done.set(argument, work(argument))
    return done.get(argument)!
  }
}

function largeStep(
  step: Step,
  state: StepState,
  { all, short, commandsOnly, marks, fold }: Omit<Options, 'marks'> & { marks: Marks, fold: Fold },
): LargeStep {
  const words = commandWords(step, state, { all }).map(({ text }) => ({ text: all ? text : withShortIds(text) }))
  const isShown = state.status !== 'idle' && (!commandsOnly || state.status === 'failed')
  const says = state.checks.map(({ says, missed }) => `✓ ${says}${missed ? ` — ${missed}` : ''}`)
  return {
    command: commandLine(words),
    state: stateText(state, { short }).length,
    checks: [...says, ...state.reason ? [`✗ ${state.reason}`] : []].map(({ length }) => length),
    ...foldedOutput(isShown ? state.output : nothing, { fold, marks, all }),
  }
}

/** Only what has passed is evidence. */
export function marksOf({ status }: Pick<StepState, 'status'>, marks: Marks): Marks {
  return status === 'passed' || status === 'running' ? marks : []
}

/** Columns of what is said of an earlier step's output in its line. */
const LONGEST_GIST = 26

/** What is marked first in a step's output, for the line that tells of it; null where that is nothing, or long. */
export function gistOf(state: StepState, marks: Marks): string | null {
  const text = plainText(state.output) ?? ''
  const [range] = markedRanges(text, marksOf(state, marks))
  const found = range ? text.slice(...range) : ''
  const [id] = longIds(found)
  return [withShortIds(found), withShortIds(id?.id ?? '')].find(gist => gist !== '' && columnsOf(gist) <= LONGEST_GIST) ?? null
}

/** An output without colours; null for one that is longer than any panel. */
function plainText(output: Output): string | null {
  const { head, omitted, tail } = output
  if (omitted > 0 || head.length + tail.length > LONGEST)
    return null
  const known = plainTexts.get(output) ?? Anser.ansiToText(head + tail)
  plainTexts.set(output, known)
  return known
}
function foldedOutput(
  output: Output,
  { fold, marks, all }: { fold: Fold, marks: Marks, all: boolean },
): Pick<LargeStep, 'output' | 'folds'> {
  const text = plainText(output)
  if (text === null)
    return { output: null, folds: 0 }
  const stretches = stretchesOf(text, fold, marks)
  const lines = stretches.flatMap(each => 'text' in each ? linesOf(all ? each.text : withShortIds(each.text), fold) : [])
  return { output: lines.length > MOST_LINES ? null : lines, folds: stretches.filter(each => 'lines' in each).length }
}

function linesOf(text: string, fold: Fold): Line[] {
  return text.replace(/\n$/, '').split('\n').filter(line => text !== '' && (fold === 'nothing' || line.trim() !== '')).map(lineOf)
}
