import type { InjectionKey, Ref } from 'vue'

/** What we use of `@slidev/client`'s `state`, `composables` and `constants.ts` 53, as slidev-client.d.ts says. */

/** Where the lecture is, its clock, and where the presenter points, alike in all windows; as the server has it when the page is loaded. */
export const sharedState: {
  page: number
  clicks: number
  timer: { status: 'stopped' | 'running' | 'paused' }
  lastUpdate?: { type: 'presenter' | 'viewer' }
}

/** Calls after the place of the lecture was changed elsewhere. */
export function onPatch(call: (state: { page: number, clicks: number, lastUpdate?: { type: 'presenter' | 'viewer' } }) => void): void

/** Whether this window sends its place, by what it shows; kept in the browser's storage. */
export const syncDirections: Ref<{ presenterSend: boolean, viewerSend: boolean }>

/** What the presenter view's mouse shows on the wall, and whether; kept in the browser's storage. */
export const cursorStyle: Ref<'cursor' | 'laser'>
export const showPresenterCursor: Ref<boolean>

/** The lecture's clock, shared by all windows; times in seconds. */
export function useTimer(): {
  status: Ref<'stopped' | 'running' | 'paused'>
  passed: Ref<number>
  duration: Ref<number>
  resume: () => void
  reset: () => void
}

/** What is provided to every component, of which `nav` is one object. */
export const injectionSlidevContext: InjectionKey<{ nav: { next: () => Promise<void>, prev: () => Promise<void> } }>
