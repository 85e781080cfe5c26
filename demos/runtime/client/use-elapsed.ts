import type { Ref } from 'vue'
import { useIntervalFn } from '@vueuse/core'
import { readonly, ref, watch } from 'vue'

/**
 * Milliseconds since what `running` names began, renewed every `tickMs` while `visible`; 0 while it names nothing (null).
 * The clock is the monotonic one, which no change of the computer's time moves.
 */
export function useElapsed(
  running: () => string | number | null,
  { tickMs, visible = () => true }: { tickMs: number, visible?: () => boolean },
): Readonly<Ref<number>> {
  const elapsed = ref(0)
  let startedAt = 0
  const update = (): void => {
    elapsed.value = performance.now() - startedAt
  }
  const { pause, resume } = useIntervalFn(update, tickMs, { immediate: false })
  watch(running, () => {
    startedAt = performance.now()
    elapsed.value = 0
  }, { immediate: true })
  watch(() => running() !== null && visible(), (now) => {
    pause()
    if (!now)
      return
    update()
    resume()
  }, { immediate: true })
  return readonly(elapsed)
}
