import type { Page } from 'playwright/test'
import { readDeck } from '../../demos/runtime/pages/deck.ts'

/** The deck's slides as Slidev reads them. */
export const { slides } = (await readDeck('build')).data

/** The number of the first slide whose source holds a text. */
function slideWith(text: string): number {
  const index = slides.findIndex(({ content }) => content.includes(text))
  if (index === -1)
    throw new Error(`no slide holds ${text}`)
  return index + 1
}

export const DOCKERFILE_SLIDE = slideWith('<DemoFile id="helloworld" file="Dockerfile" />')
export const BUILD_SLIDE = slideWith('<Demo id="helloworld" :step="0"')
export const RUN_SLIDE = slideWith('<Demo id="helloworld" :step="1"')
export const LEDGER_SLIDE = slideWith('<Ledger />')
export const WHOLE_SLIDE = slideWith('<Demo id="helloworld" :at="0" />')
/** A part of a demo a click, with a question that the run answers. */
export const PARTS_SLIDE = slideWith('<Demo id="shared-kernel" :to="[1, 3]"')
/** The last part of a demo whose first steps stand on slides before it. */
export const LATE_SLIDE = slideWith('<Demo id="mistakes" class="term-14" :from="4"')
/** A demo whose times are drawn. */
export const BARS_SLIDE = slideWith('<Demo id="overhead"')

/** The part of the page that shows a slide. */
export function onSlide(page: Page, no: number) {
  return page.locator(`#slideshow [data-slidev-no="${no}"]`)
}

/** Opens a slide, without animations. */
export async function open(page: Page, base: string, no: number, clicks = 0): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${base}#/${no}${clicks > 0 ? `?clicks=${clicks}` : ''}`)
  await onSlide(page, no).locator('.slidev-layout').waitFor()
}

/** Collects what a person would not see: errors of the page, failed requests, and requests that leave the machine. */
export function watchFaults(page: Page, host = 'localhost'): string[] {
  const faults: string[] = []
  page.on('pageerror', error => faults.push(`page error: ${error.message}`))
  page.on('console', message => message.type() === 'error' && faults.push(`console: ${message.text()}`))
  page.on('requestfailed', request => request.failure()?.errorText !== 'net::ERR_ABORTED' && faults.push(`failed: ${request.url()}`))
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^(?:https?|wss?):$/.test(protocol) && hostname !== host)
      faults.push(`outside: ${request.url()}`)
  })
  return faults
}
