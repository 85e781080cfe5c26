import type { Demo, Expectation } from '../../define.ts'
import type { RunState, Status } from './run-events.ts'
import { check, findExpected } from './expectation.ts'
import { textOf } from './step-value.ts'
import { statesOf } from './steps.ts'

/** One answer to a question about a step: in words, and what the step's output shows where the answer is right. */
export interface Answer extends Omit<Expectation, 'falsify'> {
  /** What must not occur in the output. */
  without?: string | RegExp
}

/** How a run stands to a question. */
export type Settlement
  /** The step has not ended. */
  = | { state: 'open' }
    /** The output has confirmed this answer, 0-based. */
    | { state: 'settled', answer: number }
    /** The run confirms no answer; why, in Korean. */
    | { state: 'unsettled', reason: string }

/**
 * The answer, 0-based, that a step's output confirms; null where it confirms none, or more than one.
 * `outputs` are those of the steps before it, by their ids.
 */
export function confirmedAnswer(
  answers: readonly Answer[],
  output: string,
  outputs: Readonly<Record<string, string | undefined>> = {},
): number | null {
  const confirmed = answers.flatMap((answer, index) => {
    const clear = answer.without === undefined || !findExpected(answer.without, output)
    return clear && check({ expect: [answer] }, output, outputs)[0]?.passed ? [index] : []
  })
  return confirmed.length === 1 ? confirmed[0]! : null
}

/** How a demo's run stands to a question about the step of that id. */
export function settle(answers: readonly Answer[], demo: Pick<Demo, 'steps'>, { run, step }: { run: RunState, step: string }): Settlement {
  const states = statesOf<string>(demo, run)
  const asked = states[step]
  const reason = asked && reasonOf(asked.status, run.status)
  if (asked?.status !== 'passed')
    return reason ? { state: 'unsettled', reason } : { state: 'open' }
  const outputs = Object.fromEntries(
    Object.entries(states).map(([id, state]) => [id, state.status === 'passed' ? textOf(state) : undefined]),
  )
  const answer = confirmedAnswer(answers, textOf(asked), outputs)
  return answer === null ? { state: 'unsettled', reason: '출력이 어느 답에도 맞지 않습니다.' } : { state: 'settled', answer }
}

/** Why a step settles nothing, in Korean; null while it may yet. */
function reasonOf(step: Status, run: Status): string | null {
  switch (step) {
    case 'idle':
      return run === 'idle' || run === 'running' || run === 'passed' ? null : '앞 단계에서 멈추어 답을 알 수 없습니다.'
    case 'skipped':
      return '이 단계를 건너뛰어 답을 알 수 없습니다.'
    case 'failed':
      return '이 단계가 실패해서 답을 알 수 없습니다.'
    case 'cancelled':
      return '이 단계를 중지해서 답을 알 수 없습니다.'
    case 'timed-out':
      return '이 단계가 제시간에 끝나지 않아 답을 알 수 없습니다.'
    default:
      return null
  }
}
