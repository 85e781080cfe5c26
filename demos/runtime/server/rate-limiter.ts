export interface Rates {
  /** What one client may send at once. */
  burst: { messages: number, bytes: number }
  /** What it may send each second in the long run. */
  perSecond: { messages: number, bytes: number }
}

/** Of a page that may act; typing, clicks and a moving pointer stay far below. */
export const PAGE_RATES: Rates = {
  burst: { messages: 500, bytes: 4 * 1024 ** 2 },
  perSecond: { messages: 200, bytes: 1024 ** 2 },
}

/** Of a follower, who only asks for the state when it has missed something. */
export const FOLLOWER_RATES: Rates = {
  burst: { messages: 20, bytes: 20 * 1024 },
  perSecond: { messages: 2, bytes: 2 * 1024 },
}

/** Counts what one client sends (a token bucket); `take` says whether it is still within what it may. */
export function rateLimiter({ burst, perSecond }: Rates): { take: (messages: number, bytes: number) => boolean } {
  const left = { ...burst }
  let at = performance.now()
  return {
    take: (messages, bytes) => {
      const seconds = (performance.now() - at) / 1000
      at += seconds * 1000
      left.messages = Math.min(burst.messages, left.messages + seconds * perSecond.messages) - messages
      left.bytes = Math.min(burst.bytes, left.bytes + seconds * perSecond.bytes) - bytes
      return left.messages >= 0 && left.bytes >= 0
    },
  }
}
