import type { ComputedRef } from 'vue'
import type { Problem } from '../model/problem.ts'
import type { StepState } from '../model/run-events.ts'
import { computed } from 'vue'
import { statesOf, unknownStep } from '../model/steps.ts'
import { useDemo, useShown } from './store.ts'

/**
 * The states of a demo's steps as a component on a slide shows them, by the steps' ids; none before the demo is loaded.
 * `problem` says why one of `names`, the ids that the slide uses, has no state.
 */
export function useSteps(id: string, names: readonly string[]): { states: ComputedRef<Partial<Record<string, StepState>>>, problem: ComputedRef<Problem | null> } {
  const view = useDemo(id)
  const { shown } = useShown(view)
  return {
    states: computed(() => view.demo ? statesOf(view.demo, shown.value.run) : {}),
    problem: computed(() => view.broken ?? (view.demo && unknownStep(id, view.demo, names))),
  }
}
