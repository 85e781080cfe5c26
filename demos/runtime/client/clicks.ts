import type { ComputedRef, Ref } from 'vue'
import { useNav, useSlideContext } from '@slidev/client'
import { computed, nextTick, onBeforeUnmount, onMounted, ref, useId, watch } from 'vue'

/** What the clicker's next press does to a panel: shows its command, or runs it up to and including step `to`. */
export interface NextClick {
  does: 'reveal' | 'run'
  to: number
}

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

/**
 * Runs a panel's steps by the slide's clicks: a step forward on the slide that is shown, and nothing else, runs anything.
 * @returns whether its command is to be seen, what the next click does to it, whether a click waits to run something, and the
 * stop to which the clicks have led so far; null before the first.
 */
export function useClickRuns({ at, reveals, runs, stops, ready, isIdle, run }: {
  /** The slide's click at which the panel begins; 0 where no click runs it. */
  at: number
  /** Whether the first click shows the command and only the second runs it. */
  reveals: boolean
  /** How many clicks run something; known before the demo is loaded. */
  runs: number
  /** The step at which the run stops after each of those. */
  stops: Ref<readonly number[]>
  /** Whether a run can start now; a click that comes too early waits for it. */
  ready: () => boolean
  isIdle: (step: number) => boolean
  run: (upTo: number) => void
}): {
  revealed: ComputedRef<boolean>
  nextClick: ComputedRef<NextClick | null>
  waits: ComputedRef<boolean>
  reached: ComputedRef<number | null>
} {
  const { currentPage } = useNav()
  const { $page: page, $renderContext: context, $clicksContext: clicks } = useSlideContext()
  const revealClicks = reveals ? 1 : 0
  const made = at === 0 ? computed(() => 0) : useClicks(revealClicks + runs, at)

  /** How many of the stops the clicks ask for; 0 when nothing is to be run. */
  const requested = ref(0)
  /** Slidev restores a reloaded page's clicks once its components are mounted: those were not made now. */
  let restored = false
  onMounted(() => nextTick(() => restored = true))
  watch([currentPage, made] as const, ([current, now], [before, was]) => {
    const here = current === page.value && before === page.value && ['slide', 'presenter'].includes(context.value)
    requested.value = restored && here && was < now ? now - revealClicks : 0 // two quick presses may come as one change
  })
  watch(() => requested.value > 0 && ready(), (now) => {
    const stop = stops.value[requested.value - 1]
    if (!now || stop === undefined)
      return
    if (isIdle(stop))
      run(stop)
    requested.value = 0 // now that the run has been asked for
  })

  const nextClick = computed<NextClick | null>(() => {
    const done = made.value - revealClicks
    const to = stops.value[Math.max(0, done)]
    if (at === 0 || clicks.current + 1 < at || to === undefined || done >= runs)
      return null
    if (done < 0)
      return { does: 'reveal', to }
    return isIdle(to) ? { does: 'run', to } : null
  })
  return {
    revealed: computed(() => !reveals || made.value > 0),
    nextClick,
    waits: computed(() => requested.value > 0),
    reached: computed(() => at === 0 ? null : stops.value[made.value - revealClicks - 1] ?? null),
  }
}
