import { rename, writeFile } from 'node:fs/promises'
import { outlinePdfFactory } from '@lillallol/outline-pdf'
import * as pdfLib from 'pdf-lib'
import { ProblemError } from '../model/problem.ts'
import { pageSize, withPrintView } from './print-view.ts'

/**
 * Writes a deck as one PDF, a page per slide, demos as recorded. No run is started and no engine is asked.
 * Slidev's own export ends with 0 even when a page or a wait has failed; this one writes nothing then.
 * @returns the number of pages and bytes.
 * @throws {ProblemError} when there is no browser, or a slide, a demo or a request fails.
 */
export async function exportPdf(entry: string, output: string, onProgress: (done: number, total: number) => void): Promise<{ pages: number, bytes: number }> {
  return withPrintView({ entry, onProgress }, async (page, { slides, config }) => {
    await page.addStyleTag({ content: '.print-slide-container:last-child { break-after: auto }' }) // no empty last page
    const pages = await page.pdf({ ...pageSize(config), printBackground: true, preferCSSPageSize: true, tagged: true })
    const pdf = await withBookmarks(pages, slides)
    await writeFile(`${output}.part`, pdf)
    await rename(`${output}.part`, output)
    return { pages: slides.length, bytes: pdf.length }
  })
}

/**
 * The PDF with one bookmark per slide, those of a section below the section's.
 * @throws {ProblemError} when the PDF has not one page per slide.
 */
async function withBookmarks(bytes: Uint8Array, slides: { title?: string, frontmatter: Record<string, unknown> }[]): Promise<Uint8Array> {
  const pdf = await pdfLib.PDFDocument.load(bytes)
  if (pdf.getPageCount() !== slides.length)
    throw new ProblemError({ message: `PDF가 ${pdf.getPageCount()}쪽인데 슬라이드는 ${slides.length}쪽입니다.`, hint: '넘치는 슬라이드가 없는지 확인하세요.' })
  let inSection = false
  const outline = slides.flatMap(({ title, frontmatter }, index) => {
    const isSection = frontmatter.layout === 'section'
    inSection ||= isSection
    return title ? [`${index + 1}|${inSection && !isSection ? '-' : ''}|${title.replaceAll('|', '/')}`] : []
  }).join('\n')
  const outlined = await outlinePdfFactory(pdfLib)({ outline, pdf })
  outlined.setTitle('도커의 기초')
  outlined.setLanguage('ko')
  return outlined.save()
}
