import { OUTPUT_HEAD, OUTPUT_TAIL } from '../model/run-events.ts'

/**
 * Output waits this long, in milliseconds, for what comes after it: what a page draws takes CPU from the build that it shows.
 * With the drawing it stays under a tenth of a second, which is at once to an eye (`npm run bench -- run`).
 */
const BATCH_MS = 72
/** The same beyond the head of an output, where nobody reads along any more. */
const FLOOD_BATCH_MS = 200
/** Bytes of the end that are kept: a UTF-16 unit is three bytes or fewer, and what is redacted may shorten the text. */
const KEPT = 4 * OUTPUT_TAIL
/** Bytes that are held before the end is cut to {@link KEPT}: copying it costs less, the less often it is done. */
const MOST = 4 * KEPT
/** Bytes of the longest character in UTF-8. */
const LONGEST_CHARACTER = 4

/** Takes text; `omitted` bytes were left out before it. */
export type Sink = (text: string, omitted: number) => void

/**
 * Gives a sink as text the bytes that are pushed, in batches.
 * The head is passed on whole. Of each later batch only the end is, somewhat more than the tail that a run keeps, and what
 * is left out is only counted. So what is held, decoded, sent and drawn does not grow with what a program prints.
 */
export function batchOutput(sink: Sink): { push: (bytes: Uint8Array) => void, end: () => void } {
  const held = new Uint8Array(MOST)
  let length = 0
  /** UTF-16 units of the head that are still to come. */
  let room = OUTPUT_HEAD
  let omitted = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  const drop = (count: number): void => {
    held.copyWithin(0, count, length)
    length -= count
  }
  const keepEnd = (): void => {
    if (length <= KEPT)
      return
    const cut = characterStart(held.subarray(0, length), length - KEPT)
    omitted += cut
    drop(cut)
  }
  const pass = (count: number): void => {
    if (count === 0)
      return
    const text = decoder.decode(held.subarray(0, count))
    drop(count)
    room -= Math.min(room, text.length)
    const before = omitted
    omitted = 0
    sink(text, before)
  }
  const flush = (): void => {
    if (room === 0)
      keepEnd()
    pass(wholeCharacters(held.subarray(0, length)))
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
        // A character is one byte or more, so that many bytes cannot overfill the head's room.
        const most = room > 0 ? Math.min(MOST, Math.max(room, length + LONGEST_CHARACTER)) : MOST
        const piece = bytes.subarray(from, from + most - length)
        held.set(piece, length)
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
      pass(length)
    },
  }
}

function continues(byte: number): boolean {
  return (byte & 0xC0) === 0x80
}

/** Where the character begins that a byte belongs to; a byte that belongs to none begins one of its own. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at
  while (start > 0 && at - start < LONGEST_CHARACTER - 1 && continues(bytes[start]!))
    start--
  return continues(bytes[start]!) ? at : start
}

/** How many of the bytes are whole characters: one that has begun at their end is left for later. */
function wholeCharacters(bytes: Uint8Array): number {
  if (bytes.length === 0)
    return 0
  const start = characterStart(bytes, bytes.length - 1)
  const first = bytes[start]!
  const size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
  return start + size > bytes.length ? start : bytes.length
}
