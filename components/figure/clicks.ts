import type { ComputedRef } from 'vue'
import { useSlideContext } from '@slidev/client'
import { computed, onBeforeUnmount, onMounted, useId } from 'vue'

/**
 * A figure's clicks: adds `count` of them to the slide's total, the first at the slide's click `at()`, and gives how
 * many have been reached, 0 to `count`. A printed page stands at its slide's last click, so there it gives `count`.
 */
export function useFigureClicks(at: () => number, count: number): ComputedRef<number> {
  const { $clicksContext: clicks } = useSlideContext()
  const key = useId()
  onMounted(() => clicks.register(key, { max: at() + count - 1, delta: 0 }))
  onBeforeUnmount(() => clicks.unregister(key))
  return computed(() => Math.min(Math.max(clicks.current - at() + 1, 0), count))
}
