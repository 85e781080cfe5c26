import type { BrowserContext, Locator, Page, Worker } from 'playwright/test'
import { Buffer } from 'node:buffer'
import { BUILD_SLIDE, DOCKERFILE_SLIDE, onSlide, open, RUN_SLIDE, watchFaults, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

/**
 * A Docker Engine in the tab, for real: loaded from the static site below a folder, with no server but for files.
 * Waking it costs a minute, so it is woken once in the whole suite: one page does all that needs it awake, in the order
 * of a lecture.
 */

/** The guest's CPU is emulated, on a machine that does other things too. */
const SLOW = { timeout: 180_000 }
const panel = (page: Page, no: number): Locator => onSlide(page, no).locator('[data-demo="helloworld"]')
const load = (page: Page, no: number): Locator => panel(page, no).getByRole('button', { name: '브라우저에서 실행 (실험)' })

async function ready(page: Page, no: number): Promise<void> {
  await expect(panel(page, no)).toHaveAttribute('data-source', 'browser', SLOW)
}

async function goTo(page: Page, no: number): Promise<void> {
  await page.evaluate(to => location.hash = `#/${to}`, no)
  await onSlide(page, no).locator('.slidev-layout').waitFor()
}

async function run(page: Page, no: number): Promise<void> {
  await panel(page, no).getByRole('button', { name: '실행', exact: true }).click()
  await expect(panel(page, no)).toHaveAttribute('data-state', 'running', SLOW)
  await expect(panel(page, no)).toHaveAttribute('data-state', 'passed', SLOW)
}

/** Stops the guest's CPU for good, and with it all that its worker does. */
function hang(worker: Worker): void {
  worker.evaluate(() => {
    for (;;);
  }).catch(() => {}) // it is ended with its worker
}

/** Lets the page's clock go on by half a minute again and again, until something is seen. */
async function waitLong(page: Page, what: Locator): Promise<void> {
  await expect.poll(async () => {
    await page.clock.fastForward(30_000)
    return what.isVisible()
  }, SLOW).toBe(true)
}

test.describe('on the static site, below a folder', () => {
  test.describe.configure({ mode: 'serial', timeout: 240_000 })
  let context: BrowserContext
  let page: Page
  let faults: string[]

  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext()
    page = await context.newPage()
    faults = watchFaults(page)
  })
  test.afterAll(() => context.close())

  test('nothing of the engine is loaded until it is asked for', async ({ siteUrl }) => {
    const asked: string[] = []
    page.on('request', request => asked.push(request.url()))
    await open(page, siteUrl, WHOLE_SLIDE)
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')
    await expect(load(page, WHOLE_SLIDE)).toBeVisible()
    expect(asked.filter(url => /\/engine\/|v86|worker/.test(url))).toEqual([])
    expect(asked.length).toBeGreaterThan(0)
  })

  test('a broken download says so, keeps the recording, and goes on where it broke', async () => {
    let broken = 0
    const asked: string[] = []
    page.on('request', request => request.url().endsWith('.part') && asked.push(request.url()))
    await context.route(/\.part$/, async (route) => {
      if (new Set(asked).size < 3)
        return route.continue()
      broken += 1
      await route.abort('connectionreset')
    })
    await load(page, WHOLE_SLIDE).click()
    await expect(panel(page, WHOLE_SLIDE).getByRole('alert')).toContainText('엔진을 내려받다가 끊겼습니다', SLOW)
    expect(broken).toBe(3)
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')
    await context.unroute(/\.part$/)
    faults.length = 0 // the failures that this test made
    const whole = asked.slice(0, 2)
    asked.length = 0
    await panel(page, WHOLE_SLIDE).getByRole('button', { name: '다시 시도' }).click()
    await ready(page, WHOLE_SLIDE)
    expect(asked.filter(url => whole.includes(url))).toEqual([])
    await expect(panel(page, WHOLE_SLIDE)).toContainText(/브라우저 · Docker \d+\.\d+/)
  })

  test('builds and runs the image for real', async () => {
    await run(page, WHOLE_SLIDE)
    const demo = panel(page, WHOLE_SLIDE)
    await expect(demo.getByRole('log').last()).toContainText('Hello, World!')
    await expect(demo.locator('[data-step="0"]')).toHaveAttribute('data-exit-code', '0')
    await expect(demo.locator('[data-step="1"]')).toHaveAttribute('data-duration-ms', /^\d+$/)
  })

  test('an edited script is built again: the layers before it come from the cache, those after it do not', async () => {
    const file = onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"]')
    await file.locator('.cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(`#!/bin/sh\n${'# longer than what the guest takes at once\n'.repeat(500)}echo "Hello, World! tab $((6 * 7))"\n`)
    await run(page, WHOLE_SLIDE)
    await expect(panel(page, WHOLE_SLIDE).getByRole('log').last()).toContainText('tab 42')
    await goTo(page, BUILD_SLIDE)
    await expect(onSlide(page, BUILD_SLIDE).locator('[data-layer="FROM"]')).toHaveAttribute('data-state', /cached|done/)
    await expect(onSlide(page, BUILD_SLIDE).locator('[data-layer="COPY"]')).toHaveAttribute('data-state', 'done')
    await expect(onSlide(page, BUILD_SLIDE).locator('[data-layer="RUN"]')).toHaveAttribute('data-state', 'done')
  })

  test('panels on two slides, and another page of this browser, share one engine', async ({ siteUrl }) => {
    await goTo(page, RUN_SLIDE)
    await expect(panel(page, RUN_SLIDE)).toHaveAttribute('data-source', 'browser')
    await expect(panel(page, RUN_SLIDE).getByRole('log')).toContainText('tab 42')
    const other = await context.newPage()
    await open(other, siteUrl, WHOLE_SLIDE)
    await expect(panel(other, WHOLE_SLIDE)).toHaveAttribute('data-source', 'browser')
    await expect(panel(other, WHOLE_SLIDE).getByRole('log').last()).toContainText('tab 42')
    await panel(other, WHOLE_SLIDE).getByRole('button', { name: '정리' }).click()
    await expect(panel(other, WHOLE_SLIDE)).toContainText(/이미지 1개.*지웠습니다/, SLOW)
    await goTo(page, WHOLE_SLIDE)
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'idle')
    await other.close()
  })

  test('a failure that is known says what to do in the tab', async () => {
    await goTo(page, DOCKERFILE_SLIDE)
    const file = onSlide(page, DOCKERFILE_SLIDE).locator('[data-file="Dockerfile"]')
    await file.locator('.cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('FORM debian:trixie-slim\n')
    await goTo(page, WHOLE_SLIDE)
    const demo = panel(page, WHOLE_SLIDE)
    await demo.getByRole('button', { name: '실행', exact: true }).click()
    await expect(demo).toHaveAttribute('data-state', 'failed', SLOW)
    await expect(demo).toContainText('Dockerfile에 오류가 있습니다')
    await goTo(page, DOCKERFILE_SLIDE)
    await file.getByRole('button', { name: '되돌리기' }).click()
    await goTo(page, WHOLE_SLIDE)
  })

  test('a run is stopped', async () => {
    const file = onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"]')
    await file.locator('.cm-line').first().click() // the text is longer than what is seen of it
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('#!/bin/sh\necho begun\nsleep 600\n')
    const demo = panel(page, WHOLE_SLIDE)
    await demo.getByRole('button', { name: '실행', exact: true }).click()
    await expect(demo.getByRole('log').last()).toContainText('begun', SLOW)
    await demo.getByRole('button', { name: '중지' }).click()
    await expect(demo).toHaveAttribute('data-state', 'cancelled', SLOW)
    await file.getByRole('button', { name: '되돌리기' }).click()
  })

  test('an engine that dies is named, the recording takes over, and one press starts it anew', async () => {
    const frame = Buffer.concat([Buffer.alloc(9), Buffer.from('/\0killall\0-9\0dockerd\0')]) // as channel.ts writes it
    frame.writeUInt32LE(frame.length - 9)
    frame.writeUInt8(1, 4)
    frame.writeUInt32LE(2 ** 32 - 1, 5)
    await page.workers()[0]!.evaluate(bytes => dispatchEvent(new MessageEvent('message', {
      data: { type: 'bytes', bytes: Uint8Array.from(bytes) },
    })), [...frame])
    const died = panel(page, WHOLE_SLIDE).getByRole('alert')
    await expect(died).toContainText('브라우저 안의 엔진이 멈췄습니다', SLOW)
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')
    await died.getByRole('button', { name: '다시 시도' }).click()
    await ready(page, WHOLE_SLIDE)
  })

  test('an engine that hangs is named, and so is one that hangs while it wakes', async () => {
    await page.clock.install() // a minute without an answer is long
    const died = panel(page, WHOLE_SLIDE).getByRole('alert')
    await panel(page, WHOLE_SLIDE).getByRole('button', { name: '실행', exact: true }).click()
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'running', SLOW)
    hang(page.workers()[0]!)
    await waitLong(page, died)
    await expect(died).toContainText('브라우저 안의 엔진이 멈췄습니다')
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')

    const anew = page.waitForEvent('worker')
    await died.getByRole('button', { name: '다시 시도' }).click()
    await (await anew).evaluate(() => addEventListener(
      'message',
      event => event.data.type === 'bytes' && event.stopImmediatePropagation(),
      { capture: true },
    ))
    await expect(panel(page, WHOLE_SLIDE)).toContainText('엔진을 깨우는 중입니다.', SLOW)
    await waitLong(page, died)
    await expect(died).toContainText('브라우저 안의 엔진이 응답하지 않습니다')
    await expect(died.getByRole('button', { name: '다시 시도' })).toBeVisible()
    faults.length = 0 // the failure that this test made
  })

  test('a reload gives the memory back, and the next load comes from the browser\'s cache', async () => {
    const fetched: string[] = []
    page.on('response', response => response.url().endsWith('.part') && !response.fromServiceWorker() && fetched.push(response.url()))
    await page.reload()
    await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')
    await load(page, WHOLE_SLIDE).click()
    await expect(panel(page, WHOLE_SLIDE)).toContainText('엔진을 깨우는 중입니다.', SLOW) // all of it is there
    expect(fetched).toEqual([])
    expect(faults).toEqual([])
  })
})

test('loading is cancelled, and a browser that cannot hold the engine says why', async ({ page, withoutEngineUrl }) => {
  await page.route(/\.part$/, () => {}) // a network that hangs
  await open(page, withoutEngineUrl, WHOLE_SLIDE)
  await load(page, WHOLE_SLIDE).click()
  await expect(panel(page, WHOLE_SLIDE).getByRole('progressbar')).toBeVisible()
  await expect(panel(page, WHOLE_SLIDE)).toContainText(/0\.0 \/ \d+\.\d MB/)
  await panel(page, WHOLE_SLIDE).getByRole('button', { name: '취소' }).click()
  await expect(load(page, WHOLE_SLIDE)).toBeVisible()

  await page.evaluate(() => Object.defineProperty(navigator, 'deviceMemory', { value: 1 }))
  await load(page, WHOLE_SLIDE).click()
  await expect(panel(page, WHOLE_SLIDE).getByRole('alert')).toContainText(/메모리가 1 GB/)
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'recorded')

  await page.evaluate(() => Object.defineProperty(globalThis, 'WebAssembly', { value: undefined }))
  await panel(page, WHOLE_SLIDE).getByRole('button', { name: '다시 시도' }).click()
  await expect(panel(page, WHOLE_SLIDE).getByRole('alert')).toContainText('WebAssembly가 없어')
})
