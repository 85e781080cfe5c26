import type { ResolvedSlidevOptions } from '@slidev/types'
import type { Page } from 'playwright'
import { launchBrowser } from '../browser/chromium.ts'
import { ProblemError } from '../model/problem.ts'
import { lookOnly } from '../server/doors.ts'
import { readDeck } from './deck.ts'

/** Longest wait for the page and its first slide, in milliseconds: the first time, Vite prepares the dependencies. */
const OPEN_TIMEOUT_MS = 120_000
/** Longest wait for one more slide or demo to be ready, in milliseconds. */
const READY_TIMEOUT_MS = 30_000
/** The same when a panel says that it cannot be shown: only a reload can still mend that. */
const BROKEN_TIMEOUT_MS = 3_000
/** What Vite answers while another process that prepares the same dependencies has taken them away. */
const OUTDATED = 'Outdated Optimize Dep'

interface Options {
  entry: string
  /** Called with the number of slides that are complete. */
  onProgress: (done: number, total: number) => void
}

/**
 * Opens all slides of a deck below one another, demos as recorded, and hands the page to `use` when all are complete.
 * No run is started and no engine is asked.
 * @throws {ProblemError} when there is no browser, or a slide, a demo or a request fails.
 */
export async function withPrintView<T>(
  { entry, onProgress }: Options,
  use: (page: Page, data: ResolvedSlidevOptions['data']) => Promise<T>,
): Promise<T> {
  const options = await readDeck('export', entry)
  const { createServer } = await import('@slidev/cli')
  const { slides, config } = options.data
  const browser = await launchBrowser()
  try {
    // Prepared for print, Vite's dependencies are others: in the same place they would replace those of a deck that is being shown.
    const server = await createServer(options, {
      cacheDir: 'node_modules/.vite/print',
      server: { host: 'localhost', port: 0, watch: null },
      logLevel: 'error',
      plugins: [lookOnly()],
    })
    try {
      await server.listen()
      const page = await browser.newPage({ viewport: pageSize(config), colorScheme: 'light' })
      const faults = watchFaults(page)
      await page.goto(new URL('?print=true#/print', server.resolvedUrls!.local[0]).href, { timeout: OPEN_TIMEOUT_MS })
      await ready(page, { total: slides.length, faults, onProgress })
      if (faults.length > 0) {
        throw new ProblemError({
          message: '슬라이드에 오류가 있어 PDF를 만들지 않았습니다.',
          hint: '아래 원문이 가리키는 슬라이드를 고치세요.',
          detail: [...new Set(faults)].join('\n'),
        })
      }
      return await use(page, options.data)
    }
    finally {
      await server.close()
    }
  }
  finally {
    await browser.close()
  }
}

/** Slidev's own page size, in px. */
export function pageSize({ canvasWidth, aspectRatio }: { canvasWidth: number, aspectRatio: number }): { width: number, height: number } {
  return { width: canvasWidth, height: Math.ceil(canvasWidth / aspectRatio) }
}

/** Collects what a person would not see: errors of the page and requests that fail or leave the machine. */
function watchFaults(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error.stack ?? error)))
  page.on('console', (message) => {
    if (message.type() === 'error')
      faults.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && hostname !== 'localhost')
      faults.push(`request to the outside: ${request.url()}`)
  })
  page.on('requestfailed', request => faults.push(`${request.failure()?.errorText}: ${request.url()}`))
  return faults
}

/**
 * Waits until every slide and every demo in it is complete.
 * @throws {ProblemError} naming the slides or demos that are not.
 */
async function ready(
  page: Page,
  { total, faults, onProgress }: { total: number, faults: string[], onProgress: Options['onProgress'] },
): Promise<void> {
  let before = 0
  let since = performance.now()
  for (;;) {
    // Vite reloads the page when it has prepared dependencies for the first time: then it is asked again.
    const { loaded, broken, missing } = await page.evaluate(() => {
      const slides = [...document.querySelectorAll('.print-slide-container')]
      const isLoaded = (slide: Element): boolean => slide.querySelector('.slidev-layout') !== null
        && slide.querySelector('.slidev-slide-loading, [data-demo][data-state="idle"], [aria-busy="true"]') === null
      return {
        loaded: slides.filter(isLoaded).length,
        broken: document.querySelector('[data-demo] [role="alert"]') !== null,
        missing: slides
          .filter(slide => !isLoaded(slide))
          .map(slide => `slide ${Number.parseInt(slide.id)} ${[...slide.querySelectorAll('[data-demo][data-state="idle"]')]
            .map(demo => `demo ${demo.getAttribute('data-demo')} has no recording`)
            .join(', ')}`),
      }
    }).catch(() => ({ loaded: 0, broken: false, missing: ['the page has gone'] }))
    onProgress(loaded, total)
    if (loaded === total)
      break
    if (loaded !== before) {
      before = loaded
      since = performance.now()
    }
    const limit = broken ? BROKEN_TIMEOUT_MS : loaded === 0 ? OPEN_TIMEOUT_MS : READY_TIMEOUT_MS
    if (performance.now() - since > limit) {
      throw new ProblemError({
        message: `슬라이드 ${total}쪽 중 ${loaded}쪽만 준비되었습니다.`,
        hint: '아래 슬라이드를 확인하세요. 데모의 녹화가 없다면 npm run record를 실행하세요.',
        detail: missing.join('\n'),
      })
    }
    await page.waitForTimeout(100)
    if (faults.some(fault => fault.includes(OUTDATED)))
      await openAgain(page, faults)
  }
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.waitForTimeout(300) // panels fit their text to the fonts that have come
}

/** Opens the page anew, and forgets what went wrong in it. */
async function openAgain(page: Page, faults: string[]): Promise<void> {
  const address = page.url()
  await page.goto('about:blank')
  faults.length = 0
  await page.goto(address, { timeout: OPEN_TIMEOUT_MS })
}
