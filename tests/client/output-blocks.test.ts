import type { Block } from '../../demos/runtime/client/output-blocks.ts'
import Anser from 'anser'
import { describe, expect, it } from 'vitest'
import { blocksOf, marked, shortened } from '../../demos/runtime/client/output-blocks.ts'

const textOf = (blocks: readonly Block[]): string => blocks.flatMap(({ pieces }) => pieces.map(({ text }) => text)).join('')
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('')

describe('an output in blocks', () => {
  it('holds the whole text, each block whole lines', () => {
    const text = lines(5000)
    const blocks = blocksOf(text, [], Infinity)
    expect(textOf(blocks)).toBe(text)
    expect(blocks.length).toBeGreaterThan(5)
    expect(blocks.every(({ source }) => source.endsWith('\n'))).toBe(true)
  })

  it('draws only what is new when it grows', () => {
    const text = lines(5000)
    const before = blocksOf(text, [], Infinity)
    const after = blocksOf(`${text}more\n`, before, Infinity)
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
    expect(after.slice(0, before.length - 1).every((block, index) => block === before[index])).toBe(true)
    expect(textOf(after)).toBe(`${text}more\n`)
  })

  it('begins anew with another text', () => {
    expect(textOf(blocksOf('other', blocksOf(lines(5000), [], Infinity), Infinity))).toBe('other')
  })

  it('grows stroke by stroke to the same blocks', () => {
    const text = `${lines(3000)}${'x'.repeat(100_000)}\n${lines(10)}`
    let blocks: Block[] = []
    let strokes = 0
    while ((blocks.at(-1)?.to ?? 0) < text.length) {
      blocks = blocksOf(text, blocks, 16_384)
      strokes += 1
    }
    expect(strokes).toBeGreaterThan(5)
    expect(blocks).toEqual(blocksOf(text, [], Infinity))
  })

  it('bounds a block of one endless line, and cuts no character and no escape sequence in two', () => {
    const text = '\u001B[31m한\u001B[0m😀'.repeat(10_000)
    const blocks = blocksOf(text, [], Infinity)
    expect(Math.max(...blocks.map(({ source }) => source.length))).toBeLessThanOrEqual(8192)
    expect(textOf(blocks)).toBe('한😀'.repeat(10_000))
    expect(textOf(blocks).isWellFormed()).toBe(true)
    expect(blocks.every(({ source }) => source.isWellFormed())).toBe(true)
  })

  it('keeps a colour from one block to the next', () => {
    const blocks = blocksOf(`\u001B[1;38;5;208m${lines(2000)}\u001B[0mplain`, [], Infinity)
    expect(blocks.length).toBeGreaterThan(2)
    expect(new Set(blocks
      .slice(0, -1)
      .flatMap(({ pieces }) => pieces.map(({ style }) => style)))).toEqual(new Set(['color: rgb(255, 135, 0); font-weight: bold']))
    expect(blocks.at(-1)!.pieces.at(-1)).toEqual({ text: 'plain', style: '' })
  })

  it('takes a flood of escape sequences', () => {
    const blocks = blocksOf('\u001B[1m\u001B[4ma'.repeat(65_536), [], Infinity)
    expect(blocks.every(({ pieces }) => pieces.length === 1)).toBe(true)
  })

  it('never puts a word of the output into a style', () => {
    const evil = '\u001B[38;2;1;2;url(evil)m\u001B[31;evilmx\u001B[38;2;999;0;0my'
    expect(blocksOf(evil, [], Infinity).flatMap(({ pieces }) => pieces.map(({ style }) => style)).join()).not.toMatch(/evil|url/)
  })

  it('shows the same text as the expectations are checked on', () => {
    const text = 'a\u001B[31mred\u001B[0m\u001B[2Kb\n<script>alert(1)</script>\n\u0007\u0000'
    expect(textOf(blocksOf(text, [], Infinity))).toBe(Anser.ansiToText(text))
  })
})

describe('marks', () => {
  const markedText = (blocks: readonly Block[]): string[] => blocks.flatMap(({ pieces }) => pieces
    .filter(each => each.marked)
    .map(({ text }) => text))

  it('are found across pieces and blocks, the first of each', () => {
    const blocks = blocksOf(`${'x'.repeat(8190)}fo\u001B[31mund ${lines(3)}`, [], Infinity)
    expect(blocks.length).toBeGreaterThan(1)
    const shown = marked(blocks, ['found', /line \d/])
    expect(markedText(shown).join('')).toBe('foundline 0')
    expect(textOf(shown)).toBe(textOf(blocks))
  })

  it('leave blocks without one as they are', () => {
    const blocks = blocksOf(lines(5000), [], Infinity)
    const shown = marked(blocks, ['line 0'])
    expect(shown[0]).not.toBe(blocks[0])
    expect(shown.slice(1).every((block, index) => block === blocks[index + 1])).toBe(true)
    expect(marked(blocks, [/line 0\nline 1/, 'nowhere', '']).every((block, index) => block === blocks[index])).toBe(true)
  })
})

describe('the IDs of an output', () => {
  const id = 'f6f02d533372ac4f5d717078038944049281ff8e8673b9e3b218ef9a6f00a674'
  const pieces = (text: string, marks: readonly string[] = []) => shortened(marked(blocksOf(text, [], Infinity), marks))[0]!.pieces

  it('are cut, and the piece that shows the beginning has the whole', () => {
    expect(pieces(`sha256:${id}\nrest\n`)).toEqual([
      { text: 'sha256:', style: '' },
      { text: 'f6f02d533372…', style: '', id },
      { text: '\nrest\n', style: '' },
    ])
  })

  it('are cut also where a mark or a colour divides them', () => {
    expect(pieces(`sha256:${id}\n`, [`sha256:${id.slice(0, 20)}`]).map(({ text, marked }) => [text, marked])).toEqual([
      ['sha256:', true],
      ['f6f02d533372…', true],
      ['\n', false],
    ])
    expect(pieces(`\u001B[1m${id.slice(0, 5)}\u001B[0m${id.slice(5)}\n`).map(({ text }) => text)).toEqual(['f6f02', 'd533372…', '\n'])
  })

  it('leave blocks without one as they are', () => {
    const blocks = blocksOf('nothing\n', [], Infinity)
    expect(shortened(blocks)[0]).toBe(blocks[0])
  })
})
