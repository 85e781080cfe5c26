/**
 * What the pages use of Slidev beyond its documented API, all of it in this file.
 * tests/client/slidev-internals.test.ts names the version of Slidev that has it, and fails when a newer one has not.
 */

import { injectionSlidevContext } from '@slidev/client/constants.ts'
import { cursorStyle, showPresenterCursor } from '@slidev/client/state/storage.ts'
import { inject, toRaw } from 'vue'

export { useTimer } from '@slidev/client/composables/useTimer.ts'
export { onPatch, sharedState } from '@slidev/client/state/shared.ts'
export { syncDirections } from '@slidev/client/state/storage.ts'

/** Switches the laser pointer, which stands where the mouse is: the presenter view's shows on the wall too. Its plain cursor does not. */
export function toggleLaser(): void {
  const on = cursorStyle.value !== 'laser' || !showPresenterCursor.value
  cursorStyle.value = on ? 'laser' : 'cursor'
  showPresenterCursor.value = on
}

/** Keeps the presenter's plain cursor off the wall, where it is too small to point and stays where it was left. */
export function hidePlainCursor(): void {
  if (cursorStyle.value === 'cursor')
    showPresenterCursor.value = false
}

/** The one object by which all of Slidev's keys, buttons and swipes turn pages, where its root is set up. */
export function useSharedNav(): { next: () => Promise<void>, prev: () => Promise<void> } {
  return toRaw(inject(injectionSlidevContext)!).nav
}

/** The empty part of the presenter view's lower bar, as a selector: Slidev has no slot there. */
export const PRESENTER_BAR = '.slidev-presenter .grid-section.bottom > [flex-auto]'
