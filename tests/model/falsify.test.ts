import type { Demo, Step } from '../../demos/define.ts'
import type { StepState } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { claimsOf, falsified, verdictOf } from '../../demos/runtime/model/falsify.ts'
import { idleRun } from '../../demos/runtime/model/run-events.ts'

const hi = { says: '인사', output: 'hi' }
const run = ['docker', 'container', 'run', '--rm', 'busybox:stable', 'true'] as const
const demoOf = (...steps: Step[]): Demo => ({ title: '시험', files: ['file'], baseImages: [], steps })

describe('what a demo claims', () => {
  it('is each expectation, and an exit code other than 0 with the first of them', () => {
    const falsify = { files: { file: 'x' } }
    expect(claimsOf(demoOf(
      { id: 'plain', title: '', command: run },
      { id: 'says', title: '', command: run, expect: [{ ...hi, falsify }] },
      { id: 'fails', title: '', command: run, exitCode: 1, expect: [hi, hi] },
      { id: 'alone', title: '', command: run, exitCode: [137], falsify },
      { id: 'maybe', title: '', command: run, exitCode: [0, 1] },
    ))).toEqual([
      { step: 1, says: '인사', expectation: 0, exitCode: false, falsehood: falsify },
      { step: 2, says: '인사', expectation: 0, exitCode: true, falsehood: null },
      { step: 2, says: '인사', expectation: 1, exitCode: false, falsehood: null },
      { step: 3, says: '종료 코드 137', expectation: null, exitCode: true, falsehood: falsify },
    ])
  })
})

describe('a demo with a claim made false', () => {
  const steps: Step[] = [
    { id: 'make', title: '', command: ['docker', 'image', 'build', '-t', 'ch01/x', '.'] },
    { id: 'look', title: '', command: run },
    { id: 'id', title: '', command: ['docker', 'image', 'ls', '-q', 'ch01/x'] },
    { id: 'last', title: '', command: ['docker', 'container', 'run', '--rm', '{id}'], expect: [hi] },
    { id: 'after', title: '', command: run },
  ]
  const ids = (falsify: Step['falsify']): string[] => {
    const demo = demoOf(...steps.with(3, { ...steps[3]!, expect: [{ ...hi, falsify: falsify! }] }))
    return falsified(demo, claimsOf(demo)[0]!).steps.map(({ id }) => id)
  }

  it('ends with the claim\'s step, and has that step\'s other command', () => {
    const expectation = { ...hi, falsify: { commands: { one: ['false'] as const } } }
    const demo = demoOf({ id: 'one', title: '', command: run, expect: [expectation] }, steps[1]!)
    expect(falsified(demo, claimsOf(demo)[0]!).steps).toMatchObject([{ id: 'one', command: ['false'] }])
  })

  it('goes without the steps that only look where none before the last is another', () => {
    expect(ids({ commands: { last: ['docker', 'container', 'run', '--rm', '{id}'] } })).toEqual(['make', 'id', 'last'])
    expect(ids({ files: { file: '' } })).toEqual(['make', 'look', 'id', 'last'])
    expect(ids({ commands: { make: ['true'] } })).toEqual(['make', 'look', 'id', 'last'])
  })
})

describe('the verdict', () => {
  const demo = demoOf(
    { id: 'one', title: '', command: run },
    { id: 'two', title: '', command: run, exitCode: 1, expect: [hi, { says: '둘', output: 'x' }] },
  )
  const [both, second] = claimsOf(demo)
  const passed = { says: '', passed: true }
  const failed = { says: '', passed: false }
  const run2 = (last: Partial<StepState>, first: Partial<StepState> = { status: 'passed', exitCode: 0 }) => {
    const idle = idleRun(2)
    return { ...idle, steps: [{ ...idle.steps[0]!, ...first }, { ...idle.steps[1]!, status: 'failed' as const, exitCode: 0, ...last }] }
  }

  it('is that the claim is false where its check failed and no other did', () => {
    expect(verdictOf(demo, both!, run2({ checks: [failed, passed] }))).toEqual({ found: 'false' })
    expect(verdictOf(demo, second!, run2({ exitCode: 1, checks: [passed, failed] }))).toEqual({ found: 'false' })
  })

  it.each([
    ['its check passed', run2({ checks: [passed, passed] })],
    ['another check failed', run2({ checks: [failed, failed] })],
    ['the exit code is as it was', run2({ exitCode: 1, checks: [failed, passed] })],
    ['the program never ended by itself', run2({ status: 'timed-out', exitCode: null })],
    ['a step before it failed', run2({ status: 'idle' }, { status: 'failed', exitCode: 1 })],
  ])('is that the check does not tell it where %s', (_, state) => {
    expect(verdictOf(demo, both!, state)).toMatchObject({ found: 'unmoved' })
  })

  it('is that this machine cannot show it where the step was skipped', () => {
    const reason = '여기서는 안 됩니다.'
    expect(verdictOf(demo, both!, run2({ status: 'skipped', exitCode: null, reason }))).toEqual({ found: 'skipped', reason })
  })
})
