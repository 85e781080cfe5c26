import type { ComputedRef } from 'vue'
import { useSlideContext } from '@slidev/client'
import { computed, shallowReactive } from 'vue'

/** The steps that slides ask about, by the slide's number and the demo's id. */
const asked = shallowReactive(new Map<string, readonly string[]>())

/** Makes known that the component's slide asks about a step of a demo. */
export function useAsking(id: string, step: string): void {
  const { $page: page } = useSlideContext()
  const key = `${page.value} ${id}`
  asked.set(key, [...asked.get(key) ?? [], step])
}

/** The steps of a demo that the component's slide asks about: nobody is to read ahead to them. */
export function useAskedSteps(id: string): ComputedRef<readonly string[]> {
  const { $page: page } = useSlideContext()
  return computed(() => asked.get(`${page.value} ${id}`) ?? [])
}
