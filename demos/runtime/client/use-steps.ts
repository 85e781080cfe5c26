import type { ComputedRef } from 'vue'
import type { Problem } from '../model/problem.ts'
import type { StepState } from '../model/run-events.ts'
import { computed } from 'vue'
import { statesOf, unknownStep } from '../model/steps.ts'
import { useStore } from './store.ts'
import { useSource } from './use-source.ts'

/**
 * The states of a demo's steps as a component on a slide shows them, by the steps' ids; none before the demo is loaded.
 * `problem` says why one of `names`, the ids that the slide uses, has no state.
 */
export function useSteps(
  id: string,
  names: readonly string[],
): { states: ComputedRef<Partial<Record<string, StepState>>>, problem: ComputedRef<Problem | null> } {
  const demo = useStore().demo(id)
  const { run } = useSource(id)
  return {
    states: computed(() => demo.definition ? statesOf(demo.definition, run.value) : {}),
    problem: computed(() => demo.broken ?? (demo.definition && unknownStep(id, demo.definition, names))),
  }
}
