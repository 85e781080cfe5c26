import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'

const root = join(import.meta.dirname, '../..')
const pages = await Promise.all(['slides.md', ...(await readdir(join(root, 'pages'))).map(page => `pages/${page}`)]
  .map(async page => ({ page, text: await readFile(join(root, page), 'utf8') })))

/** A page's speaker notes, and what the audience sees of it. */
function parts(text: string): { notes: string, seen: string } {
  const notes = [...text.matchAll(/<!--([\s\S]*?)-->/g)].map(([, note]) => note).join('\n')
  return { notes, seen: text.replaceAll(/<!--[\s\S]*?-->|```[\s\S]*?```/g, '').replaceAll(/<Predict[\s\S]*?\/>/g, '') }
}

/** Words that the deck says otherwise, each with its own one. */
const otherwise: [word: RegExp, instead: string][] = [
  [/도커 데스크톱/, 'Docker Desktop'],
  [/나[누눠눕]/, '공유하다, 함께 쓰다, 따로 두다, 격리하다, 제한하다'],
  [/(?:[앞뒤] ?|[다이전한그음]\s?)장(?=[에의씩을은과])/, '쪽 (장은 책의 장)'],
  [/이 기계|이 노트북|제 노트북|내 컴퓨터/, '이 컴퓨터'],
  [/Type [12]/, '타입 1, 타입 2'],
  [/맞지 않는 경우/, '적합하지 않은 경우'],
  [/상주 프로그램/, '데몬'],
  [/통역|실체|캐시 렌즈/, '번역, 인스턴스, 순서 A와 순서 B'],
  [/고치기 /, '고치는 법:'],
  [/[한두세]? ?층[이을은의부]/, '레이어'],
]

describe.each(pages)('$page', ({ text }) => {
  const { notes, seen } = parts(text)

  it.each(otherwise)('does not say %s, but %s', (word) => {
    expect(text).not.toMatch(word)
  })

  it('shows sentences in 한다체 or nouns, and is spoken in 합니다체', () => {
    expect(seen.match(/.{0,30}(?:(?<!아)니다|세요|[예어]요|죠)(?=[.<\n]|$)/g) ?? []).toEqual([])
    expect(notes.match(/.{0,30}[^니]다\.(?=\s)/g) ?? []).toEqual([])
  })

  it('marks in its notes, by one of four marks, what is not simply said', () => {
    const marks = [...notes.matchAll(/^\(([^)]+)\)/gm)].map(([, mark]) => mark)
    expect(marks.filter(mark => !['질문', '주의', '강의자', 'Docker Desktop'].includes(mark!))).toEqual([])
  })
})

it('the demos say what a step shows in 합니다체', async () => {
  const catalogue = await readCatalogue()
  const says = [...catalogue.keys()].flatMap(id => demoOf(catalogue, id).steps.flatMap(({ expect = [] }) => expect.map(({ says }) => says)))
  expect(says.length).toBeGreaterThan(0)
  expect(says.filter(each => !each.endsWith('니다'))).toEqual([])
})
