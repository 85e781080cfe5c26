import type { ComputedRef } from 'vue'
import type { RunState } from '../model/run-events.ts'
import type { Source } from './source.ts'
import { useNav, useSlideContext } from '@slidev/client'
import { computed } from 'vue'
import { useStore } from './store.ts'

export interface ShownSource {
  source: ComputedRef<Source>
  /** The source's run. Slidev keeps all slides mounted: while nobody sees this one, it stands still. */
  run: ComputedRef<RunState>
  /** Whether the component is on the slide that is shown, and not in print. */
  active: ComputedRef<boolean>
  print: ComputedRef<boolean>
}

/** Where what a component on a slide shows of a demo comes from; in print it is the recording's end. Loads the demo. */
export function useSource(id: string): ShownSource {
  const store = useStore()
  store.demo(id)
  const { currentPage, isPrintMode: print } = useNav()
  const { $page: page, $renderContext: context } = useSlideContext()
  const onSlide = computed(() => ['slide', 'presenter'].includes(context.value))
  const active = computed(() => !print.value && onSlide.value && currentPage.value === page.value)
  const unseen = computed(() => !active.value && onSlide.value && !print.value)
  const source = computed<Source>(before => before && unseen.value ? before : store.source(id, { print: print.value }))
  const run = computed<RunState>(before => before && unseen.value ? before : source.value.run)
  return { source, run, active, print }
}
