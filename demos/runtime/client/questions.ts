import type { ComputedRef } from 'vue'
import { useSlideContext } from '@slidev/client'
import { computed, shallowReactive } from 'vue'

/** The slides that ask about a demo: each one's number and the demo's id. */
const asking = shallowReactive(new Set<string>())

/** Makes known that the component's slide asks about a demo. */
export function useAsking(id: string): void {
  const { $page: page } = useSlideContext()
  asking.add(`${page.value} ${id}`)
}

/** Whether the component's slide asks about a demo: then nobody is to read ahead. */
export function useIsAsked(id: string): ComputedRef<boolean> {
  const { $page: page } = useSlideContext()
  return computed(() => asking.has(`${page.value} ${id}`))
}
