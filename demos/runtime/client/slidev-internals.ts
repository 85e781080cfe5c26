/**
 * What the pages use of Slidev beyond its documented API, all of it in this file.
 * tests/client/slidev-internals.test.ts names the version of Slidev that has it, and fails when a newer one has not.
 */

export { useTimer } from '@slidev/client/composables/useTimer.ts'
export { onPatch } from '@slidev/client/state/shared.ts'
export { syncDirections } from '@slidev/client/state/storage.ts'

/** The empty part of the presenter view's lower bar, as a selector: Slidev has no slot there. */
export const PRESENTER_BAR = '.slidev-presenter .grid-section.bottom > [flex-auto]'
