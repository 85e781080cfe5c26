/** What one view may send: this much at once, */
const MOST = { messages: 500, bytes: 4 * 1024 ** 2 }
/** and this much a second for long. Typing, clicks and a moving pointer stay far below. */
const PER_SECOND = { messages: 200, bytes: 1024 ** 2 }

/** Counts what one view sends; `spend` says whether it is still within what it may. */
export function rateLimiter(): { spend: (messages: number, bytes: number) => boolean } {
  const left = { ...MOST }
  let at = performance.now()
  return {
    spend: (messages, bytes) => {
      const seconds = (performance.now() - at) / 1000
      at += seconds * 1000
      left.messages = Math.min(MOST.messages, left.messages + seconds * PER_SECOND.messages) - messages
      left.bytes = Math.min(MOST.bytes, left.bytes + seconds * PER_SECOND.bytes) - bytes
      return left.messages >= 0 && left.bytes >= 0
    },
  }
}
