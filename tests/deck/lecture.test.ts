import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { readDeck } from '../../demos/runtime/pages/deck.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { lectureLength, LENGTHS, linesFor, minutesOf } from '../../setup/lecture.ts'
import { recordedRun } from '../support/recordings.ts'

/** What a show of hands takes. */
const VOTE_MINUTES = 20 / 60
/** As fast as one speaks without hurry. */
const SYLLABLES_A_MINUTE = 250
/** When the audience begins to build for itself, at the latest, by the lecture's length, in minutes. */
const HANDS_ON_BY = { 30: 10, 60: 25, 90: 35 }

afterEach(() => {
  delete process.env.LECTURE
})

describe('the length of a lecture', () => {
  it('is 90 minutes when nothing is chosen, else what LECTURE says', () => {
    expect([undefined, '', '30', '60', '90'].map(lectureLength)).toEqual([90, 90, 30, 60, 90])
  })

  it.each(['45', '30분', '-30', '030', 'all'])('of %s is refused, with the lengths that there are', (setting) => {
    expect(() => lectureLength(setting)).toThrow(expect.objectContaining({ problem: {
      message: expect.stringContaining(setting),
      hint: expect.stringContaining('30, 60, 90'),
    } }))
  })

  it('decides which slides a deck has and what the presenter\'s timer counts; a hidden section takes its pages along', async () => {
    const folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.lecture-')) // where no dev server watches
    try {
      await writeFile(join(folder, 'section.md'), '# 넷\n\n---\n\n# 다섯\n')
      await writeFile(join(folder, 'slides.md'), '---\nduration: 75min\n---\n\n# 하나\n\n---\nfrom: 60\n---\n\n# 둘\n\n---\nfrom: 90\n---\n\n# 셋\n\n---\nsrc: ./section.md\nfrom: 60\n---\n\n')
      const titles: Record<string, unknown> = {}
      for (const length of ['30', '60', '90']) {
        process.env.LECTURE = length
        const { data } = await readDeck('build', join(folder, 'slides.md'))
        titles[length] = [data.config.duration, ...data.slides.map(({ title }) => title)]
      }
      expect(titles).toEqual({ 30: ['30min', '하나'], 60: ['60min', '하나', '둘', '넷', '다섯'], 90: ['90min', '하나', '둘', '셋', '넷', '다섯'] })
    }
    finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('the deck', async () => {
  const catalogue = await readCatalogue()
  const decks = new Map<number, Awaited<ReturnType<typeof readDeck>>['data']['slides']>()
  for (const length of LENGTHS) {
    process.env.LECTURE = String(length)
    decks.set(length, (await readDeck('build')).data.slides)
  }
  delete process.env.LECTURE
  type Slides = NonNullable<ReturnType<typeof decks.get>>
  /** What is shown in a lecture: all but the appendix. */
  const shown = (length: number): Slides => decks.get(length)!.filter(({ frontmatter }) => !frontmatter.appendix)

  /** What slides take, in minutes: to tell, to run their demos as recorded, and to vote. */
  async function minutesFor(slides: Slides): Promise<{ told: number, runs: number, votes: number }> {
    const content = slides.map(slide => slide.content).join('\n')
    const demos = new Set([...content.matchAll(/<Demo id="([^"]+)"/g)].map(([, id]) => id!))
    const durations = await Promise.all([...demos].map(async (id) => {
      const { steps } = await recordedRun(id, demoOf(catalogue, id))
      return steps.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
    }))
    return {
      told: slides.reduce((sum, { note }) => sum + minutesOf(note)!, 0),
      runs: durations.reduce((sum, ms) => sum + ms, 0) / 60_000,
      votes: content.split('<Predict').slice(1).length * VOTE_MINUTES,
    }
  }

  it.each(LENGTHS)('for %i minutes can be told, run and voted on in that time, and leaves less than a third of it', async (length) => {
    const { told, runs, votes } = await minutesFor(shown(length))
    const minutes = told + runs + votes
    const parts = `말 ${told.toFixed(1)}분, 실행 ${runs.toFixed(1)}분, 손들기 ${votes.toFixed(1)}분`
    expect(minutes, `${parts}이 ${length}분을 넘습니다. 노트의 ⏱를 줄이거나, 덜 중요한 슬라이드의 앞머리에 더 긴 강의를 뜻하는 from:을 적으세요.`).toBeLessThanOrEqual(length)
    expect(minutes, `${parts}으로 ${length}분의 2/3가 되지 않습니다. 더 긴 강의를 뜻하는 from:을 슬라이드 몇 쪽의 앞머리에서 지우세요.`).toBeGreaterThan(length * 2 / 3)
  })

  it.each(LENGTHS)('for %i minutes shows a container within two, and lets the audience build its own early', async (length) => {
    const slides = shown(length)
    const upTo = async (wanted: (slide: Slides[number]) => boolean): Promise<number> => {
      const { told, runs, votes } = await minutesFor(slides.slice(0, slides.findIndex(wanted)))
      return told + runs + votes
    }
    expect(await upTo(({ content }) => content.includes('<Demo '))).toBeLessThan(2)
    expect(await upTo(({ source }) => source.filepath.endsWith('06-hands-on.md'))).toBeLessThanOrEqual(HANDS_ON_BY[length])
  })

  it.each(LENGTHS)('for %i minutes can be told without hurry', (length) => {
    const told = shown(length).filter(({ frontmatter }) => frontmatter.slide !== 'exercise')
    const syllables = told.reduce((sum, { note = '' }) => sum + syllablesOf(note), 0)
    const minutes = told.reduce((sum, { note }) => sum + minutesOf(note)!, 0)
    expect(syllables / minutes, `${syllables}음절을 ${minutes}분에 말해야 합니다. 노트를 줄이거나 ⏱를 늘리세요.`).toBeLessThanOrEqual(SYLLABLES_A_MINUTE)
  })

  it('has speaker notes with a time on every slide', () => {
    const without = shown(90).filter(({ note }) => minutesOf(note) === null).map(({ title }) => title)
    expect(without, '이 제목의 슬라이드 끝에 있는 노트(<!-- -->)를 ⏱ 1분처럼 걸리는 시간으로 시작하세요.').toEqual([])
  })

  it.each(LENGTHS)('for %i minutes has a demo, and no section without a slide', (length) => {
    const slides = shown(length)
    expect(slides.some(({ content }) => content.includes('<Demo '))).toBe(true)
    const isSection = slides.map(({ frontmatter }) => frontmatter.layout === 'section')
    expect(slides.filter((_, index) => isSection[index] && (isSection[index + 1] ?? false)).map(({ title }) => title)).toEqual([])
  })

  it.each(LENGTHS)('for %i minutes refers to no feature, section or neighbour that it leaves out', (length) => {
    const slides = decks.get(length)!
    const features = slides.flatMap(({ content }) => /class="kicker">특징 (\d+)/.exec(content)?.[1] ?? [])
    const sections = decks.get(90)!.filter(({ frontmatter }) => frontmatter.layout === 'section')
    const own = slides.filter(({ frontmatter }) => frontmatter.layout === 'section')
    const keyOf = (slide: typeof slides[number] | undefined): string => `${slide?.source.filepath}#${slide?.source.index}`
    for (const [index, { title, content, note = '' }] of slides.entries()) {
      const text = `${content.replace(/<p class="kicker">.*/, '')}\n${note}`
      for (const [, feature] of text.matchAll(/특징 (\d+)/g))
        expect(features, `${title}: 특징 ${feature}`).toContain(feature)
      for (const [, section] of text.matchAll(/(?<!\d)(\d)절/g))
        expect(keyOf(own[Number(section) - 1]), `${title}: ${section}절`).toBe(keyOf(sections[Number(section) - 1]))
      for (const [words, step] of [['다음 쪽', 1], ['앞 쪽', -1]] as const) {
        const whole = decks.get(90)!
        const meant = whole[whole.findIndex(each => keyOf(each) === keyOf(slides[index])) + step]
        if (text.includes(words))
          expect(keyOf(slides[index + step]), `${title}: ${words}`).toBe(keyOf(meant))
      }
    }
  })

  it('for a longer lecture has all the slides of the shorter one, in their order, and more', () => {
    const titles = LENGTHS.map(length => decks.get(length)!.map(({ source: { filepath, index } }) => `${filepath}#${index}`))
    for (const [index, longer] of titles.entries()) {
      const shorter = titles[index - 1] ?? []
      expect(longer.filter(each => shorter.includes(each))).toEqual(shorter)
      expect(longer.length).toBeGreaterThan(shorter.length)
    }
  })
})

/** The syllables that a lecturer speaks of a slide's notes: what is for himself or for another engine is left out. */
function syllablesOf(note: string): number {
  const spoken = note.split('\n').filter(line => !/^(?:⏱|\((?:강의자|Docker Desktop)\))/.test(line)).join('\n')
  return (spoken.match(/\p{Script=Hangul}/gu)?.length ?? 0) + (spoken.match(/[A-Z0-9]+/gi)?.length ?? 0) * 2
}

it('lines are kept for the lengths that stand before them', () => {
  const text = '모두\n[60+] 예순부터\n[-60] 예순까지\n[60] 예순만\n[x](y) 그대로'
  expect(LENGTHS.map(length => linesFor(length, text).split('\n').slice(1, -1))).toEqual([
    ['예순까지'],
    ['예순부터', '예순까지', '예순만'],
    ['예순부터'],
  ])
})

it('the minutes of a slide are read from its notes', () => {
  expect(['⏱ 2분', '⏱ 1분 30초\n\n말', '⏱ 30초', '⏱ 0.5분', '시간 없음', undefined].map(minutesOf)).toEqual([2, 1.5, 0.5, 0.5, null, null])
})
