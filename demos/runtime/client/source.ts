import type { Demo } from '../../define.ts'
import type { Status } from '../model/run-events.ts'

/** Where what a panel shows comes from. */
export type Source = 'live' | 'browser' | 'recorded'

/** What there is to choose from. */
export interface Offers {
  /** The server's run; null without a server. */
  live: Status | null
  /** Whether the server's engine answers; null while unknown or without a server. */
  reachable: boolean | null
  /** The run in the tab; null without an engine there or where that cannot run the demo. */
  tab: Status | null
  /** Whether the deck is set to run its demos in the tab first. */
  browserFirst: boolean
}

/**
 * Live first, then the engine in the tab, which nobody has without asking for it, then the recording.
 * What runs in the tab stays in sight when an engine turns up, and so does a live run whose engine has gone,
 * until somebody takes the tab's.
 */
export function sourceOf({ live, reachable, tab, browserFirst }: Offers): Source {
  if (tab !== null && (browserFirst || reachable !== true || tab === 'running'))
    return 'browser'
  return live !== null && (reachable !== false || live !== 'idle') ? 'live' : 'recorded'
}

/** Why the engine in the tab cannot run a demo, in Korean, or null. */
export function browserCannot({ notInTab, baseImages }: Demo, images: readonly string[]): string | null {
  const missing = baseImages.find(image => !images.includes(image))
  return notInTab ?? (missing === undefined ? null : `브라우저 안의 엔진에는 ${missing} 이미지가 없습니다.`)
}
