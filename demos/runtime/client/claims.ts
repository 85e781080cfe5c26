import type { ComputedRef } from 'vue'
import { useSlideContext } from '@slidev/client'
import { shallowReactive, watchEffect } from 'vue'

/** The titles, by their slides' numbers, that are a question until a run has told: nobody is to read the claim before. */
export const claims = shallowReactive(new Map<number, string>())

/** Makes the title of the component's slide known as it stands now. */
export function useClaim(title: ComputedRef<string>): void {
  const { $page: page } = useSlideContext()
  watchEffect(() => claims.set(page.value, title.value))
}
