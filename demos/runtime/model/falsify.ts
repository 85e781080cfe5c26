import type { Demo, Falsehood, Step } from '../../define.ts'
import type { RunState } from './run-events.ts'
import { onlyLooks } from './docker-command.ts'
import { comparedWith } from './expectation.ts'
import { STEP_REFERENCE } from './steps.ts'

/** What a step claims: an expectation, an exit code other than 0, or both where one falsehood has to show both. */
export interface Claim {
  /** The step, 0-based. */
  step: number
  /** In Korean. */
  says: string
  /** Which of the step's expectations, 0-based; null for an exit code alone. */
  expectation: number | null
  exitCode: boolean
  /** What makes it false; null where the demo has none. */
  falsehood: Falsehood | null
}

/** All that a demo claims. */
export function claimsOf({ steps }: Demo): Claim[] {
  return steps.flatMap((step, index): Claim[] => {
    const { expect = [], falsify } = step
    const exitCodes = expectedExitCodes(step)
    const failsWell = !exitCodes.includes(0)
    const isAlone = falsify !== undefined || expect.length === 0
    const says = `종료 코드 ${exitCodes.join(' 또는 ')}`
    return [
      ...failsWell && isAlone ? [{ step: index, says, expectation: null, exitCode: true, falsehood: falsify ?? null }] : [],
      ...expect.map(({ says, falsify = null }, at) =>
        ({ step: index, says, expectation: at, exitCode: failsWell && !isAlone && at === 0, falsehood: falsify })),
    ]
  })
}

/**
 * The demo as it is where a claim is false, up to the claim's step. Where only that step is another,
 * those before it of which nothing remains for it are left out.
 */
export function falsified(demo: Demo, claim: Claim): Demo {
  const { files = {}, commands = {} } = claim.falsehood!
  const steps = demo.steps.slice(0, claim.step + 1).map(step => ({ ...step, command: commands[step.id] ?? step.command }))
  const last = steps.at(-1)!
  const changesEarlier = Object.keys(files).length > 0 || Object.keys(commands).some(id => id !== last.id)
  const isNeeded = (step: Step, later: readonly Step[]): boolean =>
    step === last || changesEarlier || !onlyLooks(step.command) || later.some(each => isNamedBy(step, each))
  return { ...demo, steps: steps.reduceRight<Step[]>((later, step) => isNeeded(step, later) ? [step, ...later] : later, []) }
}

function isNamedBy({ id }: Step, later: Step): boolean {
  return comparedWith(later).includes(id) || later.command.some(word => [...word.matchAll(STEP_REFERENCE)].some(([, name]) => name === id))
}

/** What a run in which a claim is false has shown. */
export type Verdict
  /** The claim's check failed, and nothing else did. */
  = | { found: 'false' }
    /** This engine or machine cannot show it. */
    | { found: 'skipped', reason: string }
    /** The check does not tell the falsehood, or something else is wrong. */
    | { found: 'unmoved', reason: string }

/** What a run of a demo in which a claim is false, as {@link falsified} gives it, says of the claim's check. */
export function verdictOf({ steps }: Demo, { expectation, exitCode }: Claim, run: RunState): Verdict {
  const unmoved = (reason: string): Verdict => ({ found: 'unmoved', reason })
  const last = run.steps.at(-1)!
  const stopped = run.steps.slice(0, -1).findIndex(({ status }) => status !== 'passed' && status !== 'skipped')
  if (stopped !== -1)
    return unmoved(`앞의 ${steps[stopped]!.id} 단계부터 실패합니다.`)
  if (last.status === 'skipped')
    return { found: 'skipped', reason: last.reason ?? '' }
  if (last.exitCode === null)
    return unmoved(last.reason ?? '명령이 스스로 끝나지 않았습니다.')
  if (expectation !== null && last.checks[expectation]?.passed !== false)
    return unmoved('거짓인데도 이 기대가 통과합니다.')
  const other = last.checks.find(({ passed }, at) => at !== expectation && !passed)
  if (other)
    return unmoved(`같은 단계의 다른 기대까지 실패합니다: ${other.says}`)
  if (exitCode && expectedExitCodes(steps.at(-1)!).includes(last.exitCode))
    return unmoved(`거짓인데도 종료 코드가 ${last.exitCode}입니다.`)
  return { found: 'false' }
}

function expectedExitCodes({ exitCode = 0 }: Step): number[] {
  return [exitCode].flat()
}
