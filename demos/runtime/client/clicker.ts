import type { Panel } from './panel.ts'
import { useNav } from '@slidev/client'
import { promiseTimeout, until } from '@vueuse/core'
import { computed, nextTick, shallowRef, watch } from 'vue'
import { pressDoes } from '../model/press.ts'
import { panel } from './panel.ts'
import { useStore } from './store.ts'

/** Presses of ‘다음’ that are kept at once; a hand that makes more does not mean them. */
const MOST_KEPT = 3
/** A run's end is to be seen for so long before a press that was kept turns the page, in milliseconds. */
const SEEN_MS = 1500
/** Between two steps nothing runs for less than that, in milliseconds. */
const PAUSE_MS = 100
/** Longest wait for a slide to load, and for Slidev to follow a press, in milliseconds. */
const LOADING_MS = 5000
const FOLLOWING_MS = 3000

/** Presses of ‘다음’ that wait for what loads or runs, the one that is being done among them. */
const presses = shallowRef<readonly symbol[]>([])
/** How many presses of ‘다음’ wait. */
export const kept = computed(() => presses.value.length)
/** Whether the clicker has run a failed run of this slide's once more: the next press leads on. */
export const retried = shallowRef(false)

/**
 * ‘다음’ and ‘이전’ as a clicker presses them. While a slide loads or a step runs ‘다음’ is kept, so that no run is left unseen;
 * what has failed or was stopped it runs again, once, and then it leads on. ‘이전’ forgets what is kept.
 */
export function useClicker(slidev: { next: () => Promise<void>, prev: () => Promise<void> }): {
  next: () => Promise<void>
  prev: () => Promise<void>
} {
  const { currentPage, clicks, clicksContext } = useNav()
  const { page: kind, server } = useStore()
  const loading = computed(() => !clicksContext.value.isMounted || (kind === 'deck' && !server.known.value && !server.gone.value))
  /** A reader of the site turns the page when he likes. */
  const busy = computed(() => kind === 'deck' && (panel.value?.busy.value ?? false))
  const place = computed(() => `${currentPage.value} ${clicks.value}`)
  watch(place, () => retried.value = false, { flush: 'sync' })

  let doing = false
  async function next(): Promise<void> {
    if (presses.value.length < MOST_KEPT)
      presses.value = [...presses.value, Symbol('press')]
    if (doing)
      return
    doing = true
    for (let [press] = presses.value; press; [press] = presses.value) {
      await until(loading).toBe(false, { timeout: LOADING_MS })
      await follow(press)
      presses.value = presses.value.filter(each => each !== press)
    }
    doing = false
  }

  async function follow(press: symbol): Promise<void> {
    const wasKept = busy.value
    const page = currentPage.value
    while (busy.value && presses.value.includes(press)) {
      await until(() => busy.value && presses.value.includes(press)).toBe(false)
      await promiseTimeout(PAUSE_MS)
    }
    const does = pressDoes(stateOf(panel.value), { wasKept, hasRetried: retried.value })
    if (does === 'nothing')
      presses.value = []
    if (does === 'next' && wasKept && clicks.value >= clicksContext.value.total)
      await promiseTimeout(SEEN_MS)
    if (!presses.value.includes(press) || currentPage.value !== page)
      return // forgotten, or led elsewhere meanwhile
    if (does === 'retry') {
      panel.value!.retry.value!()
      retried.value = true
      return
    }
    const before = place.value
    await slidev.next()
    await until(place).not.toBe(before, { timeout: FOLLOWING_MS })
    await nextTick() // the panel has taken it
  }

  return {
    next,
    prev: async () => {
      presses.value = []
      await slidev.prev()
    },
  }
}

/**
 * Keys of the slide's panel: gives a function that acts on it once its demo is loaded. Of the keys that come before that
 * the last one counts, as long as the slide is shown.
 */
export function usePanelOnceLoaded(): (act: (panel: Panel) => unknown) => Promise<void> {
  const { currentPage } = useNav()
  let last: symbol
  return async (act) => {
    const key = last = Symbol('key')
    const page = currentPage.value
    const isLoaded = (): boolean => panel.value?.mayAct.value === true
    await until(() => isLoaded() || currentPage.value !== page).toBe(true, { timeout: LOADING_MS })
    if (key === last && currentPage.value === page && isLoaded())
      act(panel.value!)
  }
}

function stateOf(panel: Panel | null): { retry: boolean, asks: boolean } {
  return { retry: panel?.retry.value != null, asks: panel?.asks.value ?? false }
}
