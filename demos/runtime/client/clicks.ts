import type { ComputedRef } from 'vue'
import { useSlideContext } from '@slidev/client'
import { computed, onBeforeUnmount, onMounted, useId } from 'vue'

/**
 * Adds `count` clicks to the slide, the first of them its click `at`.
 * @returns how many of them have been made, 0 to `count`; all of them in print.
 */
export function useClicks(count: number, at: number): ComputedRef<number> {
  const { $clicksContext: clicks } = useSlideContext()
  const key = useId()
  onMounted(() => clicks.register(key, { max: at + count - 1, delta: 0 }))
  onBeforeUnmount(() => clicks.unregister(key))
  return computed(() => Math.min(count, Math.max(0, clicks.current - at + 1)))
}
