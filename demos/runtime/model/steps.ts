import type { Demo, Step } from '../../define.ts'
import type { Problem } from './problem.ts'
import type { RunState, Status, StepState } from './run-events.ts'
import { idleRun } from './run-events.ts'

/** Where a command's word names an earlier step; its first group is the id. A Go template's `{{…}}` and a shell's `${…}` are none. */
export const STEP_REFERENCE = /(?<![{$])\{([a-z][\w-]*)\}/g

/** The part of a demo that a panel shows: its first step, and the steps to which its clicks lead, 0-based. */
export interface Part {
  first: number
  stops: number[]
}

/** How a slide names a part: one step, or from a step on, with the steps to which its clicks lead. */
export interface PartNames {
  step?: string | undefined
  from?: string | undefined
  to?: readonly string[] | undefined
}

/** The part of a demo that a slide names; a step that the demo does not have is left out, as {@link unknownStep} tells. */
export function partOf({ steps }: Pick<Demo, 'steps'>, { step, from, to }: PartNames): Part {
  const [first = 0] = indexesOf(steps, [step ?? from])
  const stops = indexesOf(steps, step === undefined ? to ?? [] : [step])
  return { first, stops: stops.length > 0 ? stops : [Math.max(0, steps.length - 1)] }
}

function indexesOf(steps: Demo['steps'], ids: readonly (string | undefined)[]): number[] {
  return ids.map(id => steps.findIndex(step => step.id === id)).filter(index => index !== -1)
}

/** What is wrong with the step names that a slide uses, or null. */
export function unknownStep(demo: string, { steps }: Pick<Demo, 'steps'>, names: readonly (string | undefined)[]): Problem | null {
  const unknown = names.find(name => name !== undefined && steps.every(({ id }) => id !== name))
  return unknown === undefined
    ? null
    : {
        message: `데모 ${demo}에 ${JSON.stringify(unknown)} 단계가 없습니다.`,
        hint: `슬라이드에 적은 단계의 이름을 고치세요. 있는 단계: ${steps.map(({ id }) => id).join(', ')}`,
      }
}

/** The state of each step of a run by the step's id; idle where the run does not know it yet. */
export function statesOf<Id extends string>({ steps }: Pick<Demo<Id>, 'steps'>, run: RunState): Record<Id, StepState> {
  const idle = idleRun(steps.length).steps
  return Object.fromEntries(steps.map(({ id }, index) => [id, run.steps[index] ?? idle[index]])) as Record<Id, StepState>
}

/** The status of a part of a run, from those of its steps. */
export function statusOf(steps: readonly Status[]): Status {
  const decisive = steps.find(each => ['running', 'failed', 'cancelled', 'timed-out'].includes(each))
  if (decisive)
    return decisive
  const last = steps.at(-1) ?? 'idle'
  return last === 'idle' && steps.some(each => each !== 'idle') ? 'running' : last
}

/** A step whose probe names what earlier steps have printed. */
export function filled({ host, ...step }: Step, outputs: Readonly<Record<string, string | undefined>>): Step {
  const probe = host?.probe?.map(word => fill(word, outputs)) as [string, ...string[]] | undefined
  return { ...step, ...host && { host: { ...host, ...probe && { probe } } } }
}

/**
 * A word of a command with `{id}` replaced by the last line that the step of that id has printed.
 * What does not look like an ID, a number or a name stays out: output is not trusted with more.
 */
export function fill(word: string, outputs: Readonly<Record<string, string | undefined>>): string {
  return word.replaceAll(STEP_REFERENCE, (whole, id: string) => {
    const last = outputs[id]?.trim().split('\n').at(-1) ?? ''
    return /^[\w:][\w:./@-]*$/.test(last) ? last : whole
  })
}
