import type { Ref } from 'vue'

/** What we use of `@slidev/client/state` and `composables` 53, as slidev-client.d.ts says. */

/** Calls after the place of the lecture was changed elsewhere. */
export function onPatch(call: (state: { page: number, clicks: number, lastUpdate?: { type: 'presenter' | 'viewer' } }) => void): void

/** Whether this window sends its place, by what it shows; kept in the browser's storage. */
export const syncDirections: Ref<{ presenterSend: boolean, viewerSend: boolean }>

/** The lecture's clock, shared by all windows; times in seconds. */
export function useTimer(): {
  status: Ref<'stopped' | 'running' | 'paused'>
  passed: Ref<number>
  duration: Ref<number>
  resume: () => void
}
