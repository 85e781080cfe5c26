import type { Ref } from 'vue'
import { useRafFn } from '@vueuse/core'

/** Pixels by which a scroll may differ from the newest output and still count as being there. */
const TOLERANCE = 24
/** At the top a step's command stays, over what is scrolled below it: so much of the panel's height. */
const COMMAND_SHARE = 0.3
/** Pixels that are left free below the newest output. */
const MARGIN = 10

/** Keeps the newest output of a panel in sight unless somebody has scrolled up; `active` says whether the panel is to be seen. */
export function useFollow(screen: Readonly<Ref<HTMLElement | null>>, active: Readonly<Ref<boolean>>): {
  onScroll: () => void
  /** Scrolls now: before the frame, which then tells of the scroll too. */
  scrollToNewest: () => void
  /** Scrolls in the next frame, once however often it is asked for: measuring costs a layout each time. */
  scrollInNextFrame: () => void
  /** Scrolls what is marked into sight, the last of it, or else the newest: letters have become larger or smaller. */
  scrollToMark: () => void
  /** Follows again, wherever somebody has scrolled to. */
  resume: () => void
} {
  let follows = true
  let scrolledTo = 0
  const scrollToNewest = (): void => {
    const box = screen.value
    if (!box || !active.value || !follows)
      return
    const newest = [...box.querySelectorAll<HTMLElement>('.step.large:not([data-state="idle"])')].at(-1)
    box.scrollTop = newest ? newest.offsetTop + newest.offsetHeight + MARGIN - box.clientHeight : 0
    scrolledTo = box.scrollTop
  }
  const scrollToMark = (): void => {
    const box = screen.value
    const mark = box && [...box.querySelectorAll<HTMLElement>('.step.large .marked')].at(-1)
    if (!mark || !active.value)
      return scrollToNewest()
    const [frame, place] = [box.getBoundingClientRect(), mark.getBoundingClientRect()]
    const scale = frame.height / box.offsetHeight // the slide is drawn larger or smaller
    const below = (place.bottom - frame.bottom) / scale + MARGIN
    const above = (frame.top - place.top) / scale + box.clientHeight * COMMAND_SHARE
    if (below > 0)
      box.scrollTop += below
    else if (above > 0)
      box.scrollTop -= above
    scrolledTo = box.scrollTop
  }
  const { resume: scrollInNextFrame } = useRafFn(scrollToNewest, { immediate: false, once: true })
  return {
    scrollToNewest,
    scrollToMark,
    scrollInNextFrame,
    onScroll: () => {
      const { scrollTop, clientHeight, scrollHeight } = screen.value!
      // A log that folds makes the content shorter: the browser scrolls up then, and nobody else has.
      follows = scrollTop > scrolledTo - TOLERANCE || scrollTop + clientHeight > scrollHeight - TOLERANCE
    },
    resume: () => follows = true,
  }
}
