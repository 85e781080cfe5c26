import type { ResolvedSlidevOptions } from '@slidev/types'
import type { Buffer } from 'node:buffer'
import type { Page } from 'playwright'
import type { RunPage } from './full-runs.ts'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../model/problem.ts'
import { pagesOf, readFullRuns } from './full-runs.ts'
import { layHandout } from './handout.ts'
import { pageSize, withPrintView } from './print-view.ts'

type Slides = ResolvedSlidevOptions['data']['slides']

/** What fits on a page of the appendix; styled in full-runs.css. */
const ROOM = { columns: 108, rows: 20 }

interface Options {
  entry: string
  /** Where the file is written. */
  output: string
  /** Whether it is the handout, on A4 with notes, and not a page per slide. */
  handout?: boolean
  /** Called with the number of slides that are complete. */
  onProgress: (done: number, total: number) => void
}

/**
 * Writes a deck as one PDF, demos as recorded: a page per slide and an appendix with all that the demos have printed, or the handout.
 * No run is started and no engine is asked.
 * Slidev's own export ends with 0 even when a page or a wait has failed; this one writes nothing then.
 * @returns the number of pages and bytes.
 * @throws {ProblemError} when there is no browser, when a slide, a demo or a request fails, or a slide fills more than a page.
 */
export async function exportPdf({ entry, output, handout = false, onProgress }: Options): Promise<{ pages: number, bytes: number }> {
  return withPrintView({ entry, onProgress }, async (page, { slides, config }) => {
    await page.addStyleTag({ content: '.print-slide-container:last-child { break-after: auto }' }) // no empty last page
    await nestHeadings(page, slides)
    await linkSlides(page)
    await page.locator('[data-demo] .screen').evaluateAll(all => all.forEach(each => each.role = 'figure')) // only a figure keeps its name
    const runs = await readFullRuns(await demosOf(page))
    const appendix = handout ? [] : pagesOf(runs, ROOM)
    if (handout)
      await layHandout(page, slides, runs)
    else
      await appendRuns(page, appendix)
    const size = handout ? {} : pageSize(config)
    const pdf = await page.pdf({ ...size, printBackground: true, preferCSSPageSize: true, tagged: true, outline: true })
    const pages = countPages(pdf)
    const expected = slides.length + appendix.length
    if (!handout && pages !== expected)
      throw new ProblemError({ message: `PDF가 ${pages}쪽인데 슬라이드와 부록은 ${expected}쪽입니다.`, hint: '넘치는 슬라이드가 없는지 확인하세요.' })
    await writeFile(`${output}.part`, pdf)
    await rename(`${output}.part`, output)
    return { pages, bytes: pdf.length }
  })
}

/** Puts the slides of a section one level below it, and a slide's headings below its title: Chromium's bookmarks follow the levels. */
async function nestHeadings(page: Page, slides: Slides): Promise<void> {
  const firstSection = slides.findIndex(({ frontmatter }) => frontmatter.layout === 'section')
  const levels = slides.map(({ frontmatter }, index) => firstSection !== -1 && index > firstSection && frontmatter.layout !== 'section'
    ? 2
    : 1)
  await page.evaluate(levels => document.querySelectorAll('.print-slide-container').forEach((slide, index) => {
    for (const heading of slide.querySelectorAll('h1, h2, h3'))
      heading.ariaLevel = String(levels[index]! + Number(heading.localName.at(-1)) - 1)
  }), levels)
}

/** Lets links to slides lead to the pages of the PDF: Slidev writes `#5`, the printed slide's id is another. */
async function linkSlides(page: Page): Promise<void> {
  await page.evaluate(() => {
    const slides = [...document.querySelectorAll('.print-slide-container')]
    for (const link of document.querySelectorAll('.print-slide-container a')) {
      const [, no] = /#\/?(\d+)$/.exec(link.getAttribute('href') ?? '') ?? []
      const slide = slides[Number(no) - 1]
      if (slide)
        link.setAttribute('href', `#${slide.id}`)
    }
  })
}

/** The demos that have a panel on a slide, in the order in which they come. */
async function demosOf(page: Page): Promise<string[]> {
  const all = await page.locator('[data-demo]').evaluateAll(panels => panels.map(panel => (panel as HTMLElement).dataset.demo!))
  return [...new Set(all)]
}

/** Adds the appendix, and links what a panel leaves out with the page that has it, and back. */
async function appendRuns(page: Page, appendix: RunPage[]): Promise<void> {
  await page.addStyleTag({ path: join(import.meta.dirname, 'full-runs.css') })
  await page.evaluate((appendix) => {
    const slides = [...document.querySelectorAll('.print-slide-container')]
    const at = slides.at(-1)!.parentElement!
    const add = <K extends keyof HTMLElementTagNameMap>(to: Element, name: K, text = '', className = ''): HTMLElementTagNameMap[K] => {
      const element = document.createElement(name)
      element.textContent = text
      element.className = className
      return to.appendChild(element)
    }
    for (const [index, { demo, title, recorded, part, lines }] of appendix.entries()) {
      const section = add(at, 'section', '', 'full-run')
      section.lang = 'ko'
      if (part === 1)
        section.id = `full-${demo}`
      const heading = add(section, part === 1 ? 'h2' : 'p')
      heading.textContent = part === 1 ? `전문: ${title}` : `${title}, 이어서`
      if (part === 1)
        heading.ariaLevel = '2'
      const about = add(section, 'p', recorded)
      for (const [no, slide] of slides.entries()) {
        if (slide.querySelector(`[data-demo="${demo}"]`))
          add(about, 'a', `${no + 1}쪽`).href = `#${slide.id}`
      }
      const terminal = add(section, 'div')
      terminal.role = 'figure'
      terminal.ariaLabel = `${title}, 터미널의 전문`
      const pre = add(terminal, 'pre')
      for (const { kind, text } of lines)
        add(pre, 'div', text === '' ? ' ' : text, kind)
      add(section, 'footer', `전문 · ${slides.length + index + 1}`)
    }
    const pageOf = (demo: string): number => slides.length + 1 + appendix.findIndex(each => each.demo === demo)
    for (const panel of document.querySelectorAll<HTMLElement>('.print-slide-container [data-demo]')) {
      const demo = panel.dataset.demo!
      for (const line of panel.querySelectorAll('.gap, .counted, .quiet-step .command')) {
        const link = document.createElement('a')
        link.className = 'to-full-run'
        link.href = `#full-${demo}`
        link.append(...line.childNodes)
        if (line.matches('.gap'))
          link.append(` ${pageOf(demo)}쪽`)
        line.append(link)
      }
    }
  }, appendix)
}

/** How many pages a PDF of Chromium's has: it writes each page's dictionary as plain text. */
function countPages(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
}
