import type { Answer } from '../../demos/runtime/model/question.ts'
import type { RunState, Status } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { confirmedAnswer, settle } from '../../demos/runtime/model/question.ts'
import { idleRun } from '../../demos/runtime/model/run-events.ts'

const kernels: Answer[] = [
  { says: '같다', sameAs: 'host' },
  { says: '다르다', differsFrom: 'host' },
  { says: '컨테이너에는 커널이 없다', output: 'No such file' },
]

describe('the answer that an output confirms', () => {
  it('is the one whose expectation it meets, whichever the engine makes true', () => {
    expect(confirmedAnswer(kernels, '6.12.1\n', { host: '6.12.1\n' })).toBe(0)
    expect(confirmedAnswer(kernels, '6.12.1-linuxkit\n', { host: '25.1.0\n' })).toBe(1)
  })

  it('is one by what does not occur', () => {
    const answers: Answer[] = [{ says: '된다', without: /denied/ }, { says: '막힌다', output: 'denied' }]
    expect([confirmedAnswer(answers, 'ok'), confirmedAnswer(answers, 'denied')]).toEqual([0, 1])
  })

  it('is none where the output fits no answer', () => {
    expect(confirmedAnswer([{ says: '된다', output: 'ok' }, { says: '안 된다', output: /denied/ }], 'something else')).toBeNull()
  })

  it('is none where it fits two: then it tells neither', () => {
    expect(confirmedAnswer([{ says: '된다', output: 'ok' }, { says: '둘 다', output: 'ok [..]' }], 'ok denied')).toBeNull()
  })

  it('is none where there is nothing to compare with', () => {
    expect(confirmedAnswer(kernels, '6.12.1', {})).toBeNull()
  })
})

const demo = {
  steps: [
    { id: 'host', title: '밖', command: ['uname', '-r'] },
    { id: 'inside', title: '안', command: ['docker', 'container', 'run', '--rm', 'busybox', 'uname', '-r'] },
  ],
} as const

function runOf(status: Status, steps: [status: Status, output: string][]): RunState {
  const idle = idleRun(steps.length)
  return {
    ...idle,
    status,
    steps: idle.steps.map((step, at) => ({ ...step, status: steps[at]![0], output: { ...step.output, head: steps[at]![1] } })),
  }
}

function settled(status: Status, ...steps: [status: Status, output: string][]) {
  return settle(kernels, demo, { run: runOf(status, steps), step: 'inside' })
}

describe('a question', () => {
  it('is open until its step has ended', () => {
    expect(settled('idle', ['idle', ''], ['idle', ''])).toEqual({ state: 'open' })
    expect(settled('running', ['passed', '6.12'], ['running', '6.12'])).toEqual({ state: 'open' })
  })

  it('is settled by the step\'s output, its colours aside', () => {
    expect(settled('passed', ['passed', '6.12\n'], ['passed', '\u001B[1m6.12\u001B[0m\n'])).toEqual({ state: 'settled', answer: 0 })
    expect(settled('running', ['passed', '25.1\n'], ['passed', '6.12\n'])).toEqual({ state: 'settled', answer: 1 })
  })

  it.each(['failed', 'skipped', 'cancelled', 'timed-out'] as const)('reveals nothing after a step that %s, and says so', (status) => {
    const outcome = status === 'skipped' ? 'passed' : status
    expect(settled(outcome, ['passed', '6.12\n'], [status, '6.12\n']))
      .toEqual({ state: 'unsettled', reason: expect.stringMatching(/^이 단계.* 답을 알 수 없습니다\.$/) })
  })

  it('says so where the run has not come as far as its step', () => {
    expect(settled('failed', ['failed', ''], ['idle', ''])).toEqual({ state: 'unsettled', reason: '앞 단계에서 멈추어 답을 알 수 없습니다.' })
  })

  it('compares with no step that was skipped', () => {
    expect(settled('passed', ['skipped', '6.12\n'], ['passed', '6.12\n'])).toEqual({ state: 'unsettled', reason: '출력이 어느 답에도 맞지 않습니다.' })
  })

  it('says so where the output fits no answer', () => {
    expect(settle([{ says: '하나', output: '1' }], demo, { run: runOf('passed', [['passed', ''], ['passed', '2']]), step: 'inside' }))
      .toEqual({ state: 'unsettled', reason: '출력이 어느 답에도 맞지 않습니다.' })
  })
})
