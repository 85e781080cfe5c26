import type { ComputedRef } from 'vue'
import type { RunState, Status } from '../model/run-events.ts'
import type { Part, PartNames } from '../model/steps.ts'
import type { DemoState } from './demo-state.ts'
import { computed } from 'vue'
import { partOf, statusOf } from '../model/steps.ts'

/** The part of a demo that a panel shows, as it stands in the demo's run. */
export interface ShownPart {
  part: ComputedRef<Part>
  /** The part's steps, 0-based in the demo; none before the demo is loaded. */
  indexes: ComputedRef<number[]>
  /** The run's status where the whole demo is shown, else that of the part's steps. */
  status: ComputedRef<Status>
  /** Which of the part's stops comes next, 0-based; null before the first and after the last, and where the whole demo is shown. */
  nextStop: ComputedRef<number | null>
  statusAt: (step: number) => Status
}

/** Follows the part of a demo that the slide names; without names it is the whole demo. */
export function usePart(demo: DemoState, run: ComputedRef<RunState>, names: () => PartNames): ShownPart {
  const isWhole = computed(() => Object.values(names()).every(name => name === undefined))
  const part = computed(() => partOf(demo.definition ?? { steps: [] }, names()))
  const indexes = computed(() => [...(demo.definition?.steps ?? []).keys()].slice(part.value.first, part.value.stops.at(-1)! + 1))
  const statusAt = (index: number): Status => run.value.steps[index]?.status ?? 'idle'
  return {
    part,
    indexes,
    status: computed(() => isWhole.value ? run.value.status : statusOf(indexes.value.map(statusAt))),
    nextStop: computed(() => {
      const next = part.value.stops.findIndex(stop => statusAt(stop) === 'idle')
      return run.value.status === 'running' && !isWhole.value && next !== -1 ? next : null
    }),
    statusAt,
  }
}
