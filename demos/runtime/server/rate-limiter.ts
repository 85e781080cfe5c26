/** What one client may send at once; typing, clicks and a moving pointer stay far below. */
const BURST = { messages: 500, bytes: 4 * 1024 ** 2 }
/** What it may send each second in the long run. */
const PER_SECOND = { messages: 200, bytes: 1024 ** 2 }

/** Counts what one client sends (a token bucket); `take` says whether it is still within what it may. */
export function rateLimiter(): { take: (messages: number, bytes: number) => boolean } {
  const left = { ...BURST }
  let at = performance.now()
  return {
    take: (messages, bytes) => {
      const seconds = (performance.now() - at) / 1000
      at += seconds * 1000
      left.messages = Math.min(BURST.messages, left.messages + seconds * PER_SECOND.messages) - messages
      left.bytes = Math.min(BURST.bytes, left.bytes + seconds * PER_SECOND.bytes) - bytes
      return left.messages >= 0 && left.bytes >= 0
    },
  }
}
