import type { Status } from '../model/run-events.ts'
import type { Fold } from './fold.ts'
import type { LargeStep, Room, Sizes } from './panel-fit.ts'
import { fitSteps, LEGIBLE, SMALLEST } from './panel-fit.ts'

/** A step as the choice of what a panel shows large sees it. */
export interface Candidate {
  status: Status
  /** Whether anything in its output is marked. */
  marked: boolean
  /** The steps whose outputs are compared with its own, by their index. */
  compared: readonly number[]
  /** What it takes when it is large, with that fold of its output. */
  large: (fold: Fold) => LargeStep
}

/** How a step is shown: large, as one quiet line, behind the line that counts those before, or not yet. */
export interface StepView {
  shows: 'large' | 'quiet' | 'counted' | 'hidden'
  fold: Fold
}

export interface PanelView extends Sizes {
  steps: StepView[]
  /** How many steps the line at the top stands for. */
  counted: number
  /** Whether there is room for commands and outputs alone, not for what was checked. */
  terse: boolean
}

interface Options {
  room: Room
  wall: boolean
  /** The last step that is shown before it runs. */
  upTo: number
  /** The steps that somebody has opened. */
  opened: ReadonlySet<number>
  /** Whether everything is shown large. */
  all: boolean
}

/** Of what does not fit: the panel scrolls then. */
const OVERFLOWING: Sizes = { output: LEGIBLE, command: SMALLEST }

const LEAST: Sizes = { output: SMALLEST, command: SMALLEST }
/** A room below this, in px, is the strip below a picture. */
const STRIP_HEIGHT = 120

/** What is shown large, one after the other the less the more has to fit. */
interface Attempt { large: Map<number, Fold>, least: number, terse?: boolean | undefined }

/**
 * The step that is being talked about: the one that runs, else the last that has ended, else the first.
 */
export function leadOf(steps: readonly Pick<Candidate, 'status'>[]): number {
  const running = steps.findIndex(({ status }) => status === 'running')
  return running === -1 ? Math.max(0, steps.findLastIndex(({ status }) => status !== 'idle')) : running
}

/**
 * What a panel shows, and in what size. Large are the step that is being talked about, the steps with which its output is
 * compared as long as both fit, and those that somebody has opened; the others are a quiet line each. First the output is
 * folded, then earlier lines are counted in one, and at last the compared ones become quiet: letters stay legible.
 */
export function viewOf(steps: readonly Candidate[], options: Options): PanelView {
  const { upTo, opened, all } = options
  const lead = leadOf(steps)
  const isShown = (index: number): boolean => steps[index]!.status !== 'idle' || index <= upTo
  if (all) {
    const large = new Map<number, Fold>(steps.flatMap((_, index) => isShown(index) ? [[index, 'nothing']] : []))
    return arrange(steps, { large, least: SMALLEST }, options) ?? viewAt(steps, large, { kept: 0, ...OVERFLOWING }, options)
  }
  const attempts = attemptsFor(steps, lead).map(({ large, least, terse }) => ({
    terse,
    large: new Map([...large, ...[...opened].filter(isShown).map(index => [index, 'nothing'] as const)]),
    least: opened.size > 0 ? SMALLEST : least,
  }))
  for (const attempt of attempts) {
    const view = arrange(steps, attempt, options)
    if (view)
      return view
  }
  const isStrip = options.room.height < STRIP_HEIGHT
  return viewAt(steps, attempts.at(-1)!.large, isStrip ? { kept: 0, terse: true, ...LEAST } : { kept: 1, ...OVERFLOWING }, options)
}

function attemptsFor(steps: readonly Candidate[], lead: number): Attempt[] {
  const { status, marked } = steps[lead]!
  const fold: Fold = status === 'passed' ? 'aside' : 'nothing'
  const [compared, all] = comparedWith(steps, lead)
  const withFold = (leads: Fold, others: readonly number[]): Map<number, Fold> => new Map([
    [lead, leads],
    ...others.map(index => [index, 'unmarked'] as const),
  ])
  const folded: Fold = status === 'passed' ? 'unmarked' : fold
  return [
    { large: withFold(fold, all), least: LEGIBLE },
    ...marked ? [{ large: withFold(folded, all), least: LEGIBLE }, { large: withFold(folded, compared), least: LEGIBLE }] : [],
    { large: withFold(fold, compared), least: SMALLEST },
    ...marked ? [{ large: withFold(folded, compared), least: SMALLEST }] : [],
    { large: withFold(fold, []), least: SMALLEST },
    { large: withFold(folded, []), least: SMALLEST },
    { large: withFold(folded, []), least: SMALLEST, terse: true },
  ]
}

/** The steps that have passed and whose outputs are compared with that one's; and those with one of theirs besides. */
function comparedWith(steps: readonly Candidate[], lead: number): [compared: number[], all: number[]] {
  const found = [lead]
  const counts = [lead, ...found].map(() => {
    found.push(...steps.keys().filter(other => steps[other]!.status === 'passed' && !found.includes(other)
      && found.some(index => steps[other]!.compared.includes(index) || steps[index]!.compared.includes(other))))
    return found.length
  })
  return [found.slice(1, counts[0]), found.slice(1)]
}

/** The view in which those steps are large and as many others as leave room are quiet lines; null where the letters would be smaller. */
function arrange(steps: readonly Candidate[], { large, least, terse = false }: Attempt, options: Options): PanelView | null {
  const { room, wall, upTo } = options
  const quiet = steps.filter(({ status }, index) => !large.has(index) && (status !== 'idle' || index <= upTo)).length
  const shown = [...large].map(([index, fold]) => steps[index]!.large(fold)).map(step => terse ? { ...step, checks: [] } : step)
  if (terse) {
    const sizes = fitSteps(shown, { room, wall, least, quiet: 0 })
    return sizes && viewAt(steps, large, { kept: 0, terse, ...sizes }, options)
  }
  for (let kept = quiet; kept >= 0; kept -= 1) {
    const sizes = fitSteps(shown, { room, wall, least, quiet: kept + (kept < quiet ? 1 : 0) })
    if (sizes)
      return viewAt(steps, large, { kept, ...sizes }, options)
  }
  return null
}

/** The quiet lines nearest to the step that is being talked about are kept; later steps give way first. */
function viewAt(
  steps: readonly Candidate[],
  large: ReadonlyMap<number, Fold>,
  { kept, terse = false, ...sizes }: Sizes & { kept: number, terse?: boolean },
  { upTo }: Options,
): PanelView {
  const quiet = steps.flatMap(({ status }, index) => large.has(index) || (status === 'idle' && index > upTo) ? [] : [index])
  const earlier = quiet.filter(index => steps[index]!.status !== 'idle')
  const later = quiet.filter(index => steps[index]!.status === 'idle')
  const keptEarlier = new Set(earlier.slice(Math.max(0, earlier.length - kept)))
  const keptLater = new Set(later.slice(0, Math.max(0, kept - earlier.length)))
  const views = steps.map((_, index): StepView => {
    const fold = large.get(index)
    if (fold)
      return { shows: 'large', fold }
    const shows = keptEarlier.has(index) || keptLater.has(index) ? 'quiet' : earlier.includes(index) ? 'counted' : 'hidden'
    return { shows, fold: 'nothing' }
  })
  return { ...sizes, terse, steps: views, counted: terse ? 0 : views.filter(({ shows }) => shows === 'counted').length }
}
