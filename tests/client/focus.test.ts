import type { Candidate } from '../../demos/runtime/client/focus.ts'
import type { Fold } from '../../demos/runtime/client/fold.ts'
import type { LargeStep } from '../../demos/runtime/client/panel-fit.ts'
import type { Status } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { leadOf, viewOf } from '../../demos/runtime/client/focus.ts'
import { commandLine, lineOf } from '../../demos/runtime/client/text-rows.ts'

const ROOM = { width: 560, height: 309 }
const base = { room: ROOM, wall: false, upTo: 9, opened: new Set<number>(), all: false }

/** A step that prints that many lines, of which the last is marked where it says so. */
function step(status: Status, { lines = 1, marked = true, compared = [] as number[] } = {}): Candidate {
  return {
    status,
    marked,
    compared,
    large: fold => ({
      command: commandLine([{ text: 'docker' }, { text: 'run' }]),
      output: Array.from({ length: fold === 'unmarked' ? Number(marked) : lines }, () => lineOf('output')),
      folds: Number(fold === 'unmarked'),
      state: 5,
      checks: [],
    }),
  }
}
const shows = (steps: Candidate[], options = {}): string[] => viewOf(steps, { ...base, ...options }).steps.map(each => each.shows)

describe('the step that is being talked about', () => {
  it('is the one that runs, else the last that has ended, else the first', () => {
    expect(leadOf([step('passed'), step('running'), step('idle')])).toBe(1)
    expect(leadOf([step('passed'), step('failed'), step('idle')])).toBe(1)
    expect(leadOf([step('idle'), step('idle')])).toBe(0)
  })
})

describe('a panel', () => {
  it('shows one step large and the others as a line each', () => {
    expect(shows([step('passed'), step('passed'), step('idle')])).toEqual(['quiet', 'large', 'quiet'])
  })

  it('shows nothing of what lies ahead where the slide asks', () => {
    expect(shows([step('passed'), step('idle'), step('idle')], { upTo: 1 })).toEqual(['large', 'quiet', 'hidden'])
  })

  it('shows what is compared large together, as long as it fits', () => {
    const steps = [step('passed'), step('passed'), step('passed', { compared: [0] })]
    expect(shows(steps)).toEqual(['large', 'quiet', 'large'])
    expect(shows(steps, { room: { ...ROOM, height: 120 } })).toEqual(['quiet', 'quiet', 'large'])
    expect(shows(steps, { room: { ...ROOM, height: 90 } })).toEqual(['counted', 'counted', 'large'])
  })

  it('folds what is not marked before its letters are less than legible', () => {
    expect(viewOf([step('passed', { lines: 3 })], base)).toMatchObject({ output: 40, steps: [{ fold: 'aside' }] })
    expect(viewOf([step('passed', { lines: 20 })], base)).toMatchObject({ output: 40, steps: [{ fold: 'unmarked' }] })
  })

  it('counts earlier steps in one line when there are too many', () => {
    const steps = Array.from({ length: 14 }, () => step('passed', { lines: 3 }))
    const { counted, output } = viewOf(steps, base)
    expect(counted).toBeGreaterThan(4)
    expect(output).toBeGreaterThanOrEqual(24)
    expect(shows(steps).slice(0, 2)).toEqual(['counted', 'counted'])
    expect(shows(steps).at(-2)).toBe('quiet')
  })

  it('shows large what somebody has opened, whole', () => {
    expect(viewOf([step('passed', { lines: 4 }), step('passed')], { ...base, opened: new Set([0]) }).steps)
      .toEqual([{ shows: 'large', fold: 'nothing' }, { shows: 'large', fold: 'aside' }])
  })

  it('is legible and scrolls when nothing helps', () => {
    expect(viewOf([step('running', { lines: 40 })], base)).toMatchObject({ output: 24, steps: [{ shows: 'large', fold: 'nothing' }] })
  })

  it('leaves out what was checked in a strip', () => {
    const checked = (fold: Fold): LargeStep => ({ ...step('passed').large(fold), checks: [20] })
    const steps = [step('passed'), step('passed')].map(each => ({ ...each, large: checked }))
    expect(viewOf(steps, { ...base, room: { width: 960, height: 70 } })).toMatchObject({ terse: true, counted: 0 })
    expect(viewOf(steps, base)).toMatchObject({ terse: false })
  })

  it('shows everything on request', () => {
    expect(viewOf([step('passed'), step('passed'), step('idle')], { ...base, all: true, upTo: 1 }).steps)
      .toEqual([{ shows: 'large', fold: 'nothing' }, { shows: 'large', fold: 'nothing' }, { shows: 'hidden', fold: 'nothing' }])
  })
})
