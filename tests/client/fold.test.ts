import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folded, foldedUnmarked } from '../../demos/runtime/client/fold.ts'

const folder = join(import.meta.dirname, '../fixtures/builder-logs')
const logs = readdirSync(folder).filter(each => each.endsWith('.txt'))
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

describe('a build\'s log', () => {
  it.each(logs.filter(
    each => /^build(?:x|kit)-.*uncached/.test(each),
  ))('%s keeps its instructions and its name, and says how much is folded', (file) => {
    const stretches = folded(read(file))
    const shown = stretches.flatMap(each => 'text' in each ? each.text.trimEnd().split('\n') : [])
    expect(shown.filter(line => /^#\d+ \[\d\/3\] (?:FROM|COPY|RUN)/.test(line))).toHaveLength(3)
    expect(shown.some(line => line.includes('naming to'))).toBe(true)
    expect(shown.filter(line => /\[internal\]|transferring|exporting/.test(line))).toEqual([])
    const hidden = stretches.reduce((sum, each) => sum + ('lines' in each ? each.lines : 0), 0)
    expect(shown.length + hidden).toBe(read(file).split('\n').filter(line => line.trim() !== '').length)
    expect(shown.length).toBeLessThan(14)
  })

  it.each(logs.filter(each => /^(?:classic|buildah)/.test(each)))('%s, of another builder, stays as it is', (file) => {
    expect(folded(read(file))).toEqual([{ text: read(file) }])
  })

  it('that is none stays as it is', () => {
    expect(folded('Hello, World!\n\n#1 of all\n')).toEqual([{ text: 'Hello, World!\n\n#1 of all\n' }])
    expect(folded('')).toEqual([{ text: '' }])
  })
})

describe('an output in which little is marked', () => {
  it('keeps what is marked, and says how much is folded', () => {
    expect(foldedUnmarked('one\ntwo\n\nthree\nfour\nfive\n', ['four'])).toEqual([{ lines: 3 }, { text: 'four\nfive\n' }])
    expect(foldedUnmarked('one\ntwo\n', [])).toEqual([{ lines: 2 }])
    expect(foldedUnmarked('one\n', [])).toEqual([{ lines: 1 }])
  })

  it('cuts a line that is too long to be read to what stands around its mark', () => {
    const line = `${'before '.repeat(20)}the mark${' after'.repeat(20)}`
    expect(foldedUnmarked(`${line}\n`, ['the mark'])).toEqual([
      { text: '… before before before the mark after after after after …\n' },
    ])
    expect(foldedUnmarked(`${'x'.repeat(200)}mark${'y'.repeat(200)}`, ['mark']))
      .toEqual([{ text: `… ${'x'.repeat(28)}mark${'y'.repeat(28)} …\n` }])
  })
})
