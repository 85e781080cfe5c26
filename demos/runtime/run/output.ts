import { OUTPUT_HEAD, OUTPUT_TAIL } from '../model/run-events.ts'
import { unitsBefore, wholeEnd } from './utf8.ts'

/**
 * Output waits this long, in milliseconds, for what comes after it: what a page draws takes CPU from the build that it shows.
 * With the drawing it stays under a tenth of a second, which is at once to an eye (`npm run bench -- run`).
 */
const BATCH_MS = 72
/** The same beyond the head of an output, where nobody reads along any more. */
const FLOOD_BATCH_MS = 200
/** Bytes of the end that are kept: a UTF-16 unit is three bytes or fewer, and what is hidden may shorten the text. */
const KEPT = 4 * OUTPUT_TAIL
/** Bytes that come before the end is cut to {@link KEPT}: copying it costs less, the less often it is done. */
const MOST = 4 * KEPT

/** Takes text; `omitted` characters were left out before it. */
export type Sink = (text: string, omitted: number) => void

/**
 * Hands on as text the bytes that are pushed, in batches.
 * The head goes on whole; of each later batch the end, somewhat more than the tail that is kept, and what is left out
 * is only counted. So what is held, decoded, sent and drawn does not grow with what a program prints.
 */
export function batchOutput(hand: Sink): { push: (bytes: Uint8Array) => void, end: () => void } {
  const kept = new Uint8Array(MOST) // begins with a character
  let length = 0
  let room = OUTPUT_HEAD
  let omitted = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  const drop = (end: number): void => {
    kept.copyWithin(0, end, length)
    length -= end
  }
  const keepEnd = (): void => {
    if (length <= KEPT)
      return
    const { end, units } = unitsBefore(kept.subarray(0, length), length - KEPT)
    omitted += units
    drop(end)
  }
  const handOn = (end: number): void => {
    if (end === 0)
      return
    const text = decoder.decode(kept.subarray(0, end))
    drop(end)
    room -= Math.min(room, text.length)
    const before = omitted
    omitted = 0
    hand(text, before)
  }
  const flush = (): void => {
    if (room === 0)
      keepEnd()
    handOn(wholeEnd(kept.subarray(0, length)))
  }
  const wait = (): void => {
    timer = setTimeout(() => {
      timer = undefined
      const before = length
      flush()
      if (length < before)
        wait()
    }, room > 0 ? BATCH_MS : FLOOD_BATCH_MS)
  }
  return {
    push: (bytes) => {
      for (let from = 0; from < bytes.length;) {
        const most = room > 0 ? Math.min(MOST, Math.max(room, length + 4)) : MOST // a character is one byte or more
        const piece = bytes.subarray(from, from + most - length)
        kept.set(piece, length)
        length += piece.length
        from += piece.length
        if (length === MOST && room === 0)
          keepEnd()
        else if (length === most)
          flush()
      }
      if (timer === undefined)
        wait()
    },
    end: () => {
      clearTimeout(timer)
      timer = undefined
      if (room === 0)
        keepEnd()
      handOn(length)
    },
  }
}
