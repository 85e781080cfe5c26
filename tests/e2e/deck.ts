import type { Page } from 'playwright/test'
import { readDeck, slideNo } from '../../demos/runtime/pages/deck.ts'
import { lecturerUrl } from '../support/keys.ts'

/** The deck's slides as Slidev reads them. */
export const { slides } = (await readDeck('build')).data

export const DOCKERFILE_SLIDE = slideNo(slides, 'dockerfile')
export const BUILD_SLIDE = slideNo(slides, 'build')
export const RUN_SLIDE = slideNo(slides, 'run')
export const LEDGER_SLIDE = slideNo(slides, 'ledger')
/** The whole demo `helloworld` with a file to edit. */
export const WHOLE_SLIDE = slideNo(slides, 'rebuild')
/** A part of a demo a click, with a question that the run answers. */
export const PARTS_SLIDE = slideNo(slides, 'shared-kernel')
/** The last part of a demo whose first steps stand on slides before it. */
export const LATE_SLIDE = slideNo(slides, 'start-failures')
/** A demo whose times are drawn. */
export const BARS_SLIDE = slideNo(slides, 'overhead')

/** The part of the page that shows a slide. */
export function onSlide(page: Page, no: number) {
  return page.locator(`#slideshow [data-slidev-no="${no}"]`)
}

/** Opens a slide, without animations, and takes a lecture that is under way there; in the presenter view where that is asked for. */
export async function open(page: Page, base: string, no: number, clicks = 0, { presenter = false } = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const route = `${presenter ? 'presenter/' : ''}${no}${clicks > 0 ? `?clicks=${clicks}` : ''}`
  await page.goto(lecturerUrl(base, route))
  await page.locator('#slideshow .slidev-layout').first().waitFor({ state: 'attached' })
  await lead(page, no, clicks)
  await onSlide(page, no).locator('.slidev-layout').waitFor()
}

/** Takes the lecture to a place from this window, as its address bar would. */
async function lead(page: Page, no: number, clicks: number): Promise<void> {
  await page.evaluate(([no, clicks]) => {
    window.dispatchEvent(new WheelEvent('wheel')) // this window speaks from now on
    const { __slidev__: slidev } = window as { __slidev__?: { nav: { go: (no: number, clicks: number, force: boolean) => Promise<void> } } }
    return slidev?.nav.go(no, clicks, true)
  }, [no, clicks] as const)
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
