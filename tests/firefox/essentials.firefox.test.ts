import type { Browser, Page, Viewport } from 'puppeteer-core'
import type { TestServer } from '../e2e/servers.ts'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WHOLE_SLIDE } from '../e2e/deck.ts'
import { startServer } from '../e2e/servers.ts'
import { engine, withEngine } from '../support/engine.ts'
import { launchFirefox, withFirefox } from '../support/firefox.ts'
import { lecturerUrl } from '../support/keys.ts'
import { OTHER_ADDRESS } from '../support/network.ts'

/** Longest wait on a machine that does other things too, in milliseconds: for a page, and for an engine whose CPU is emulated. */
const PAGE_MS = 120_000
const AWAKE_MS = 240_000
const LAPTOP = { width: 1280, height: 720 }
const PHONE = { width: 390, height: 844, hasTouch: true }

const onSlide = (no: number): string => `#slideshow [data-slidev-no="${no}"]`
const panel = `${onSlide(WHOLE_SLIDE)} [data-demo="helloworld"]`
const inState = (state: string): string => `${panel}[data-state="${state}"]`

let browser: Browser

/** A page of a browser of its own, and what goes wrong on it. */
async function openPage(url: string, viewport: Viewport): Promise<{ page: Page, faults: string[] }> {
  const context = await browser.createBrowserContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', async (message) => {
    if (message.type() === 'error')
      faults.push(...await Promise.all(message.args().map(arg => arg.evaluate(value => String(value)).catch(String))))
  })
  page.setDefaultTimeout(PAGE_MS)
  await page.setViewport(viewport)
  await page.goto(url, { waitUntil: 'domcontentloaded' })
  return { page, faults }
}

/** Presses a button of the panel by its accessible name. */
async function press(page: Page, name: string): Promise<void> {
  const button = await page.waitForSelector(`${panel} ::-p-aria(${name})`)
  await button!.click()
}

async function lastOutput(page: Page): Promise<string> {
  return page.$$eval(`${panel} [role="log"]`, logs => logs.at(-1)?.textContent?.trim() ?? '')
}

async function started(name: 'live' | 'site'): Promise<TestServer> {
  const server = await startServer(name)
  onTestFinished(async () => void await server.stop())
  return server
}

describe.skipIf(withFirefox !== '')(`in Firefox${withFirefox}`, () => {
  beforeAll(async () => {
    browser = await launchFirefox()
    return async () => browser.close()
  })

  it('the static site plays a recording, and the engine in the tab wakes, builds and runs', { timeout: 2 * AWAKE_MS }, async () => {
    const { url } = await started('site')
    const { page, faults } = await openPage(lecturerUrl(url, String(WHOLE_SLIDE)), LAPTOP)
    await page.waitForSelector(`${panel}[data-source="recorded"]`)
    await press(page, '실행')
    await page.waitForSelector(inState('passed'))
    expect(await lastOutput(page)).toBe('Hello, World!')

    await press(page, '브라우저에서 실행 (실험)')
    await page.waitForSelector(`${panel}[data-source="browser"]`, { timeout: AWAKE_MS })
    await press(page, '실행')
    await page.waitForSelector(inState('running'))
    await page.waitForSelector(inState('passed'), { timeout: AWAKE_MS })
    expect(await lastOutput(page)).toBe('Hello, World!')
    expect(faults).toEqual([])
  })

  const withRun = { timeout: 2 * PAGE_MS, skip: engine === null }
  it(`the lecturer's key starts a run, and a phone that follows sees it (${withEngine})`, withRun, async () => {
    const { url } = await started('live')
    const { page, faults } = await openPage(lecturerUrl(url, String(WHOLE_SLIDE)), LAPTOP)
    const phone = await openPage(url.replace('localhost', OTHER_ADDRESS), PHONE)
    await page.waitForSelector(`${panel}[data-source="live"] [data-step="1"]`)
    await phone.page.waitForSelector(`${panel}[data-source="live"]`)
    await page.keyboard.press('r')
    for (const each of [page, phone.page]) {
      await each.waitForSelector(inState('passed'))
      expect(await lastOutput(each)).toBe('Hello, World!')
    }
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width)
    expect(await phone.page.$$(`${panel} ::-p-aria(실행)`)).toEqual([])
    await page.keyboard.press('ArrowDown')
    await phone.page.waitForSelector(`${onSlide(WHOLE_SLIDE + 1)} .slidev-layout`, { visible: true })
    expect([...faults, ...phone.faults]).toEqual([])
  })
})
