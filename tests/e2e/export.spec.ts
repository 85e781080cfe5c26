import type { SlideInfo } from '@slidev/types'
import { existsSync } from 'node:fs'
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { readDeck } from '../../demos/runtime/pages/deck.ts'
import { copyDeck } from '../support/deck-copy.ts'
import { preparedDependencies } from '../support/deck.ts'
import { expect, test } from './test.ts'

test.describe.configure({ mode: 'default' }) // exports share what Vite prepares for print

const root = join(import.meta.dirname, '../..')
// No engine is to be touched: there is none to be found.
function exportDeck(folder: string, output: string, ...options: string[]) {
  return execa('node', ['demos/commands/export.ts', '--output', output, ...options], {
    cwd: folder,
    preferLocal: true,
    reject: false,
    all: true,
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
  })
}
/** Which configuration Vite has prepared the shown decks' dependencies for. What else it notes changes while they are looked at. */
async function preparedFor(): Promise<string> {
  const { configHash } = JSON.parse(await readFile(preparedDependencies, 'utf8')) as { configHash: string }
  return configHash
}
const text = async (file: string): Promise<string> => (await execa('pdftotext', [file, '-'])).stdout.replaceAll(/\s+/g, ' ')

test('the PDF has a page per slide, and all that was left out in an appendix with links both ways; the handout keeps the answers for its end', async ({ browserName }, info) => {
  test.skip((await execa('pdftotext', ['-v'], { reject: false })).failed, 'poppler-utils가 없어 건너뜁니다.')
  test.setTimeout(180_000)
  expect(browserName).toBe('chromium')
  const [a, handout] = [info.outputPath('a.pdf'), info.outputPath('handout.pdf')]
  const { slides } = (await readDeck('export')).data
  const prepared = await preparedFor()
  for (const done of await Promise.all([exportDeck(root, a), exportDeck(root, handout, '--handout')]))
    expect(done.exitCode, done.all).toBe(0)
  expect(await preparedFor()).toBe(prepared)
  const content = await text(a)
  const about = (await execa('pdfinfo', [a])).stdout
  expect(about).toMatch(/Title:\s+도커의 기초[\s\S]*Tagged:\s+yes/)
  const pages = Number(/Pages:\s+(\d+)/.exec(about)?.[1])
  expect(pages).toBeGreaterThan(slides.length)
  for (const part of [
    '도커란 무엇인가', '$ docker image build -t ch01/helloworld:latest .', '[3/3] RUN chmod +x', '줄 생략, 전문은 부록',
    'exporting to image', '$ docker container run ch01/helloworld:latest', 'Hello, World!', '녹화 · 20',
    '종료 코드 0',
  ])
    expect.soft(content.includes(part), part).toBe(true)
  const links = await linksOf(a)
  expect(links.filter(({ page }) => page === 3).map(({ to }) => to)).toEqual(sectionPages(slides)) // the contents
  const full = links.filter(({ page, to }) => page <= slides.length && to > slides.length)
  expect(full.length).toBeGreaterThan(10)
  for (const { page, to } of full)
    expect.soft(links, `page ${to} of the appendix leads back to slide ${page}`).toContainEqual({ page: to, to: page })
  expect((await readFile(a, 'latin1')).match(/\/Lang \(([^)]*)\)/)?.[1]).toBe('ko')
  const fonts = (await execa('pdffonts', [a])).stdout.trim().split('\n').slice(2)
  expect(fonts.length).toBeLessThan(10)
  for (const font of fonts)
    expect(font).toMatch(/^[A-Z]{6}\+(?:Pretendard|D2Coding|NotoSansSymbols2|Box)\S* +CID TrueType .*\byes\s+(?:yes|no)\s+yes\b/) // no system font; embedded, with a map to Unicode
  expect(await smallTexts(a, slides.length)).toEqual([])
  expect(await bookmarks(a)).toEqual(expect.arrayContaining(nested(slides)))

  expect((await execa('pdfinfo', [handout])).stdout).toMatch(/Title:\s+도커의 기초[\s\S]*Page size:.*A4/)
  const [asked = '', answered = ''] = (await text(handout)).split(/물음의 답(?!’)/)
  expect(asked).toContain('설명은 나중에 하고, 먼저 해 보겠습니다.')
  expect(asked).not.toContain('(강의자)')
  expect(asked).toContain('같은 이미지의 다음 컨테이너에 memo.txt가 있을까?')
  expect(asked).not.toContain('exit 137, oom_kill 1')
  expect(answered).toMatch(/가 커널이 강제로 끝낸다 · 한도를 넘으면 커널이 강제 종료한다[\s\S]*exit 137, oom_kill 1/)
})

/** What stands in a PDF's first pages in letters that nobody in the last row can read: under 16 px of Slidev's canvas, 980 px wide. */
async function smallTexts(file: string, pages: number): Promise<string[]> {
  const { stdout } = await execa('pdftohtml', ['-xml', '-i', '-stdout', '-zoom', '3', '-l', String(pages), file])
  const sizes = new Map([...stdout.matchAll(/<fontspec id="(\d+)" size="(\d+)"/g)].map(([, id, size]) => [id, Number(size)]))
  const width = Number(/<page [^>]*width="(\d+)"/.exec(stdout)?.[1])
  return stdout.split('<page ').slice(1).flatMap((page, index) => [...page.matchAll(/<text [^>]*font="(\d+)">(.*)<\/text>/g)]
    .filter(([, font, text]) => text!.trim() !== '' && Math.round(sizes.get(font)! / width * 980) < 16)
    .map(([, , text]) => `page ${index + 1}: ${text}`))
}

/** The links within a PDF: the page where each stands, and the page that it leads to. */
async function linksOf(file: string): Promise<{ page: number, to: number }[]> {
  const { stdout } = await execa('pdftohtml', ['-xml', '-i', '-stdout', file])
  return stdout.split('<page ').slice(1).flatMap((page, index) => {
    const targets = [...page.matchAll(/<a href="[^"]*#(\d+)">/g)].map(([, to]) => Number(to))
    return [...new Set(targets)].map(to => ({ page: index + 1, to }))
  })
}

function sectionPages(slides: SlideInfo[]): number[] {
  return slides.flatMap(({ frontmatter }, index) => frontmatter.layout === 'section' ? [index + 1] : [])
}

/** A PDF's bookmarks, those below another indented. */
async function bookmarks(file: string): Promise<string[]> {
  const outline = (await execa('pdftohtml', ['-xml', '-i', '-stdout', file])).stdout.split('<outline>').slice(1).join('<outline>')
  let level = 0
  const found: string[] = []
  for (const [, end, page, title] of outline.matchAll(/<(\/?)(?:outline|item page="(\d+)")>(?:([^<]*)<\/item>)?/g)) {
    if (page === undefined)
      level += end === '/' ? -1 : 1
    else
      found.push(`${'  '.repeat(level)}${page} ${title}`)
  }
  return found
}

/** What they should be: each slide below its section; a slide before the first section stands for itself. */
function nested(slides: SlideInfo[]): string[] {
  const first = slides.findIndex(({ frontmatter }) => frontmatter.layout === 'section')
  return slides.map(
    ({ title, frontmatter }, index) => `${index > first && frontmatter.layout !== 'section' ? '  ' : ''}${index + 1} ${title}`,
  )
}

test('a slide that does not come makes the export fail and leaves the old PDF alone', async ({ browserName }, info) => {
  expect(browserName).toBe('chromium')
  test.setTimeout(120_000)
  const output = info.outputPath('x.pdf')
  const deck = await copyDeck('---\nfonts:\n  provider: none\nrouterMode: hash\nfavicon: ./favicon.svg\n---\n\n# 하나\n\n<Demo id="nope" />\n')
  await writeFile(output, 'old')
  try {
    const done = await exportDeck(dirname(deck), output)
    expect(done.exitCode, done.all).toBe(1)
    expect(done.all).toMatch(/슬라이드 1쪽 중 0쪽만 준비되었습니다\.[\s\S]*slide 1/)
    expect(await readFile(output, 'utf8')).toBe('old')
  }
  finally {
    await rm(dirname(deck), { recursive: true })
  }
})

test('dependencies that another process takes away while it prepares the same ones are asked for again', async ({ browserName }, info) => {
  expect(browserName).toBe('chromium')
  test.setTimeout(200_000)
  const output = info.outputPath('x.pdf')
  const deck = await copyDeck('---\nfonts:\n  provider: none\nrouterMode: hash\nfavicon: ./favicon.svg\n---\n\n# 하나\n')
  const prepared = join(dirname(deck), 'node_modules/.vite/print/deps')
  const fonts = 'node_modules/pretendard/dist/web'
  await rm(join(dirname(deck), 'node_modules/pretendard')) // Vite serves no file behind a link that leads out of the deck
  await cp(join(root, fonts), join(dirname(deck), fonts), { recursive: true })
  try {
    const exporting = exportDeck(dirname(deck), output)
    await expect.poll(() => existsSync(join(prepared, '_metadata.json')), { timeout: 120_000, intervals: [5] }).toBe(true)
    await rename(prepared, `${prepared}-away`)
    await setTimeout(2_000) // as long as the other one may take: the page asks within it
    await rename(`${prepared}-away`, prepared)
    const done = await exporting
    expect(done.exitCode, done.all).toBe(0)
  }
  finally {
    await rm(dirname(deck), { recursive: true })
  }
})
