import { describe, expect, it } from 'vitest'
import { unitsBefore, wholeEnd } from '../../demos/runtime/run/utf8.ts'

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

/** Bytes that begin, go on with and break off characters of every length; a small generator, so that a failure comes again. */
function* samples(): Generator<Uint8Array> {
  const parts = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
  let seed = 1
  const next = (most: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return Math.floor(seed / 2 ** 31 * most)
  }
  for (let count = 0; count < 20_000; count++)
    yield Uint8Array.from({ length: 1 + next(12) }, () => parts[next(parts.length)]!)
  yield new TextEncoder().encode('a한🐳é\uFEFFb'.repeat(3))
}

describe('the characters of bytes, without their text', () => {
  it('are as many as the decoder makes, whatever the bytes and wherever they are cut', () => {
    for (const bytes of samples()) {
      for (let to = 0; to <= bytes.length; to++) {
        const { end, units } = unitsBefore(bytes, to)
        expect(end).toBeGreaterThanOrEqual(to)
        expect(end - to).toBeLessThan(4)
        const [before, after] = [decode(bytes.subarray(0, end)), decode(bytes.subarray(end))]
        if (before.length !== units || before + after !== decode(bytes))
          expect.fail(`${[...bytes]} at ${to}: ${units} units end at ${end}`)
      }
    }
  })

  it('end where the decoder has nothing to wait for', () => {
    for (const bytes of samples()) {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
      const whole = decoder.decode(bytes, { stream: true })
      if (decode(bytes.subarray(0, wholeEnd(bytes))) !== whole)
        expect.fail(`${[...bytes]}: ${wholeEnd(bytes)}`)
    }
  })
})
