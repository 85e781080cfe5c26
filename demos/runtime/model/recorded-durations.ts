import type { RunEvent } from './run-events.ts'

/** A step is slow when it takes longer than in the recording by this factor and by this much, in milliseconds. */
const SLOW = { factor: 2, ms: 2000 }

/** How long each step usually takes, in milliseconds, as recorded. */
export function recordedDurations(recording: readonly RunEvent[]): Map<number, number> {
  return new Map(recording.flatMap(event => event.type === 'step-ended' && event.outcome !== 'skipped'
    ? [[event.step, event.durationMs] as const]
    : []))
}

/** Whether a step takes clearly longer than usual. */
export function isSlow(ms: number, usual: number | undefined): boolean {
  return usual !== undefined && ms > usual * SLOW.factor && ms > usual + SLOW.ms
}
