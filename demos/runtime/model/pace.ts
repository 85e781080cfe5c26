/** How a lecture goes by the clock. */
export interface Pace {
  /** What is left of the lecture, in milliseconds; below 0 when its time is over. */
  restMs: number
  /** By how much the lecture is behind what the slide on the wall was planned for; below 0 when it is ahead. */
  lateMs: number
}

/**
 * How a lecture goes by the clock, `passedMs` after its start, on the slide `page` (from 1). The slides' minutes are what is told;
 * runs and votes take their share of the whole length, as much as the slides do.
 */
export function paceOf(
  minutes: readonly number[],
  { page, lengthMs, passedMs }: { page: number, lengthMs: number, passedMs: number },
): Pace {
  const sum = (to: number): number => minutes.slice(0, to).reduce((total, each) => total + each, 0)
  const [begins, ends] = [page - 1, page].map(to => lengthMs * sum(to) / (sum(minutes.length) || 1)) as [number, number]
  return { restMs: lengthMs - passedMs, lateMs: Math.max(0, passedMs - ends) + Math.min(0, passedMs - begins) }
}
