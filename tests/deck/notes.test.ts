import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unknownStep } from '../../demos/runtime/model/steps.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { slides } from '../e2e/deck.ts'
import { carriedStatements } from '../support/notes-to-slides.ts'

const notes = join(import.meta.dirname, '../../../shared/chapter-01-notes.md')

/** What the notes say, a line each: no headings, pictures, list marks and quotation marks. */
function statements(text: string): string[] {
  return text.split('\n')
    .map(line => line.replace(/^[\s>]*(?:[+▫]\uFE0F?|\d+\.)?\s*/, '').trim())
    .filter(line => line !== '' && !/^(?:#|```|<|현장에서|by\.)/.test(line))
}

describe('the notes', () => {
  it.skipIf(!existsSync(notes))(`are on the slides, every statement of them${existsSync(notes) ? '' : ' — 건너뜀: 노트 파일이 저장소 밖에 있습니다'}`, () => {
    expect(
      carriedStatements.map(({ statement }) => statement),
      'tests/deck/notes-to-slides.md의 왼쪽 칸을 노트에 맞추세요.',
    ).toEqual(statements(readFileSync(notes, 'utf8')))
  })

  it.each(carriedStatements)('$statement: $titles', ({ titles }) => {
    const known = slides.map(({ title }) => title?.replaceAll(/<[^>]+>/g, ''))
    for (const title of titles)
      expect(known, `tests/deck/notes-to-slides.md가 가리키는 제목의 슬라이드가 없습니다: ${title}. 제목을 바꾸었다면 그 표의 가운데 칸도 바꾸세요.`).toContain(title)
  })
})

describe('the demos', async () => {
  /** The tags on slides that name a demo, with the steps that each names. */
  const tags = slides.flatMap(({
    content,
  }) => [...content.matchAll(/<(?:Demo\w*|Predict|Claim)\s[^>]*\bid="([^"]+)"[^>]*>/g)].map(([tag, id]) => ({
    id: id!,
    steps: [
      ...[...tag.matchAll(/\s(?:step|from)="([^"]+)"|\bstep: '([^']+)'/g)].map(([, attribute, property]) => attribute ?? property),
      .../\s:to="([^"]+)"/.exec(tag)?.[1]!.match(/[\w-]+/g) ?? [],
    ],
  })))
  const onSlides = new Set(tags.map(({ id }) => id))
  const catalogue = await readCatalogue()

  it('are all reachable from a slide, and no slide names one that does not exist', () => {
    expect([...onSlides].sort()).toEqual([...catalogue.keys()].sort())
  })

  it('have the steps that slides name', () => {
    expect(tags.some(({ steps }) => steps.length > 0)).toBe(true)
    for (const { id, steps } of tags)
      expect(unknownStep(id, demoOf(catalogue, id), steps)).toBeNull()
  })
})
