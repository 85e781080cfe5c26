import type { ResolvedSlidevOptions } from '@slidev/types'
import type { Buffer } from 'node:buffer'
import type { Page } from 'playwright'
import { rename, writeFile } from 'node:fs/promises'
import { ProblemError } from '../model/problem.ts'
import { pageSize, withPrintView } from './print-view.ts'

/**
 * Writes a deck as one PDF, a page per slide, demos as recorded. No run is started and no engine is asked.
 * Slidev's own export ends with 0 even when a page or a wait has failed; this one writes nothing then.
 * @returns the number of pages and bytes.
 * @throws {ProblemError} when there is no browser, when a slide, a demo or a request fails, or a slide fills more than a page.
 */
export async function exportPdf(
  entry: string,
  output: string,
  onProgress: (done: number, total: number) => void,
): Promise<{ pages: number, bytes: number }> {
  return withPrintView({ entry, onProgress }, async (page, { slides, config }) => {
    await page.addStyleTag({ content: '.print-slide-container:last-child { break-after: auto }' }) // no empty last page
    await nestHeadings(page, slides)
    const pdf = await page.pdf({ ...pageSize(config), printBackground: true, preferCSSPageSize: true, tagged: true, outline: true })
    const pages = pagesOf(pdf)
    if (pages !== slides.length)
      throw new ProblemError({ message: `PDF가 ${pages}쪽인데 슬라이드는 ${slides.length}쪽입니다.`, hint: '넘치는 슬라이드가 없는지 확인하세요.' })
    await writeFile(`${output}.part`, pdf)
    await rename(`${output}.part`, output)
    return { pages, bytes: pdf.length }
  })
}

/** Puts the slides of a section one level below it, and a slide's headings below its title: Chromium's bookmarks follow the levels. */
async function nestHeadings(page: Page, slides: ResolvedSlidevOptions['data']['slides']): Promise<void> {
  const firstSection = slides.findIndex(({ frontmatter }) => frontmatter.layout === 'section')
  const levels = slides.map(({ frontmatter }, index) => firstSection !== -1 && index > firstSection && frontmatter.layout !== 'section'
    ? 2
    : 1)
  await page.evaluate(levels => document.querySelectorAll('.print-slide-container').forEach((slide, index) => {
    for (const heading of slide.querySelectorAll('h1, h2, h3'))
      heading.ariaLevel = String(levels[index]! + Number(heading.localName.at(-1)) - 1)
  }), levels)
}

/** How many pages a PDF of Chromium's has: it writes each page's dictionary as plain text. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
}
