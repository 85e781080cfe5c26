import type { Finding } from './messages.ts'
import type { Status, StepState } from './run-events.ts'

/** The Korean words and the signs for the states that a lecture shows. */

export const statusWords: Record<Status, string> = {
  'idle': '대기',
  'running': '실행 중',
  'passed': '성공',
  'failed': '실패',
  'cancelled': '중지됨',
  'timed-out': '시간 초과',
  'skipped': '건너뜀',
}

export const statusIcons: Record<Status, string> = {
  'idle': '○',
  'running': '◐',
  'passed': '✓',
  'failed': '✗',
  'cancelled': '■',
  'timed-out': '⏱',
  'skipped': '↷',
}

export const findingWords: Record<Finding['state'], string> = { ok: '준비됨', warn: '살펴보기', bad: '고칠 것', unknown: '해당 없음' }

export const findingIcons: Record<Finding['state'], string> = { ok: '✓', warn: '!', bad: '✗', unknown: '–' }

/** A duration as the lecture shows it, e.g. `1.25초`; `ms` is in milliseconds. */
export function secondsText(ms: number, digits = 2): string {
  return `${(ms / 1000).toFixed(digits)}초`
}

type Ended = Pick<StepState, 'status' | 'exitCode'>

/** Whether a step has failed as it should. */
export function isExpectedFailure({ status, exitCode }: Ended): boolean {
  return status === 'passed' && exitCode !== null && exitCode !== 0
}

/** The sign of a step's state: a failure that was expected has one of its own, not that of success. */
export function stateIcon(state: Ended): string {
  return isExpectedFailure(state) ? '⊘' : statusIcons[state.status]
}

export function stateWord(state: Ended): string {
  return isExpectedFailure(state) ? '예상한 실패' : statusWords[state.status]
}

/** How a step stands, in words without its sign; `short` leaves out what goes without saying. `elapsedMs` is since it began. */
export function stateText(
  state: StepState,
  { short, elapsedMs = 0 }: { short: boolean, elapsedMs?: number },
): string {
  const { exitCode, startedAt, durationMs } = state
  const isExpected = isExpectedFailure(state)
  return [
    ...short && !isExpected ? [] : [stateWord(state)],
    ...exitCode === null || (short && exitCode === 0) ? [] : [`종료 코드 ${exitCode}`],
    ...startedAt === null || (short && isExpected) ? [] : [durationMs === null ? secondsText(elapsedMs, 0) : secondsText(durationMs)],
  ].join(' · ')
}
