import type { LargeStep } from '../../demos/runtime/client/panel-fit.ts'
import { describe, expect, it } from 'vitest'
import { commandSize, fitSteps } from '../../demos/runtime/client/panel-fit.ts'
import { commandLine, lineOf } from '../../demos/runtime/client/text-rows.ts'

const room = { width: 560, height: 309 }
const limits = { room, quiet: 0, wall: false, least: 20 }
function step(command: string, ...lines: string[]): LargeStep {
  return {
    command: commandLine(command.split(' ').map(text => ({ text }))),
    output: lines.map(lineOf),
    folds: 0,
    state: 5,
    checks: [],
  }
}

describe('letters that fit a panel', () => {
  it('are as large as can be for little, and no larger', () => {
    expect(fitSteps([step('docker run hello', 'Hello, World!')], limits)?.output).toBe(40)
  })

  it('become smaller with each line, in few steps, down to the smallest that will do', () => {
    const counted = (count: number): LargeStep => step('seq', ...Array.from({ length: count }, String))
    const sizes = Array.from({ length: 30 }, (_, count) => fitSteps([counted(count)], limits)?.output)
    expect(sizes).toEqual(sizes.toSorted((a, b) => (b ?? 0) - (a ?? 0)))
    expect([...new Set(sizes)]).toEqual([40, 34, 29, 24, 22, 20, undefined])
    expect(fitSteps([counted(9)], { ...limits, least: 24 })).toBeNull()
  })

  it('become smaller for long lines while they are legible, and then lines are wrapped', () => {
    expect(fitSteps([step('cat', 'x'.repeat(38))], limits)?.output).toBe(29)
    expect(fitSteps([step('cat', 'x'.repeat(46))], limits)?.output).toBe(24)
    expect(fitSteps([step('cat', 'x '.repeat(40))], limits)?.output).toBe(29)
  })

  it('leave room for quiet lines, for what was checked, and for other steps', () => {
    const one = step('docker run hello', 'Hello, World!', 'and more', 'and more')
    const [alone] = [fitSteps([one], limits)!.output]
    expect(alone).toBe(40)
    expect(fitSteps([one], { ...limits, quiet: 4 })!.output).toBeLessThan(alone)
    expect(fitSteps([{ ...one, checks: [60, 60] }], limits)!.output).toBeLessThan(alone)
    expect(fitSteps([one, one], limits)!.output).toBeLessThan(alone)
  })

  it('grow with the wall', () => {
    const large = { width: 960, height: 500 }
    expect(fitSteps([step('docker run hello', 'Hello, World!')], { ...limits, room: large, wall: true })?.output).toBe(72)
  })

  it('are smaller in a command, which is one row where that is legible', () => {
    expect(commandSize([step('docker run hello')], 40, room)).toBe(30)
    expect(commandSize([step('docker container run --rm ch01/portable')], 40, { ...room, width: 620 })).toBe(24)
    expect(commandSize([step('docker')], 20, room)).toBe(20)
  })

  it('do not fit an output that is longer than any room', () => {
    expect(fitSteps([{ ...step('seq'), output: null }], limits)).toBeNull()
  })
})
