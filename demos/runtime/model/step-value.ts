import type { StepState } from './run-events.ts'
import Anser from 'anser'
import { outputText } from './run-events.ts'

/** The text of a step's output, without terminal colours. */
export function textOf({ output }: StepState): string {
  return Anser.ansiToText(outputText(output))
}

/** What a pattern finds in the output of a step that has passed: its first group, or all of it. Null while it finds nothing. */
export function valueOf(state: StepState | undefined, pattern: RegExp): string | null {
  if (state?.status !== 'passed')
    return null
  const found = pattern.exec(textOf(state))
  return found?.[1] ?? found?.[0] ?? null
}
