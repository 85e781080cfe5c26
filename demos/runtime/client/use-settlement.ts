import type { ComputedRef } from 'vue'
import type { Problem } from '../model/problem.ts'
import type { Answer, Settlement } from '../model/question.ts'
import { computed } from 'vue'
import { settle } from '../model/question.ts'
import { unknownStep } from '../model/steps.ts'
import { useAsking } from './questions.ts'
import { useStore } from './store.ts'
import { useSource } from './use-source.ts'

/** How the run that this slide shows stands to a question about a step; `problem` says which step that it names there is not. */
export function useSettlement(
  id: string,
  step: string,
  answers: readonly Answer[],
): { settlement: ComputedRef<Settlement>, problem: ComputedRef<Problem | null> } {
  const demo = useStore().demo(id)
  const { run } = useSource(id)
  useAsking(id, step)
  const names = [step, ...answers.flatMap(({ sameAs, differsFrom }) => [sameAs, differsFrom])]
  return {
    settlement: computed(() => demo.definition ? settle(answers, demo.definition, { run: run.value, step }) : { state: 'open' }),
    problem: computed(() => demo.broken ?? (demo.definition && unknownStep(id, demo.definition, names))),
  }
}
