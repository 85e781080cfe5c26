import type { Page } from 'playwright/test'
import { engine, withEngine } from '../support/engine.ts'
import { onSlide, open, PARTS_SLIDE, watchFaults } from './deck.ts'
import { expect, test } from './test.ts'

test.skip(engine === null, withEngine)

const panel = (page: Page) => onSlide(page, PARTS_SLIDE).locator('[data-demo="shared-kernel"]')
const predict = (page: Page) => onSlide(page, PARTS_SLIDE).locator('.predict')
const sheet = (page: Page) => page.getByRole('region', { name: '투표' })

/** Opens the slide with its demo as it is before a run. */
async function prepare(page: Page, url: string): Promise<void> {
  await open(page, url, PARTS_SLIDE)
  await expect(panel(page)).toHaveAttribute('data-source', 'live')
  await panel(page).getByRole('button', { name: '정리' }).click()
  await expect(panel(page)).toHaveAttribute('data-state', 'idle')
  await expect(panel(page)).toContainText(/지웠습니다|지울 것이 없습니다/)
}

test('the hall votes, talks, votes again, and the run decides, with the clicker alone', async ({ page, browser, liveUrl, audienceUrl }) => {
  await prepare(page, liveUrl)
  const phone = await (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })).newPage()
  const laptop = await (await browser.newContext()).newPage()
  const faults = [phone, laptop].map(each => watchFaults(each, new URL(audienceUrl).hostname))
  const told: string[] = []
  phone.on('websocket', socket => socket.on('framereceived', ({ payload }) => told.push(String(payload))))
  await Promise.all([phone, laptop].map(each => each.goto(audienceUrl)))
  for (const each of [phone, laptop])
    await expect(onSlide(each, PARTS_SLIDE)).toBeAttached()

  await page.keyboard.press('PageDown')
  await expect(sheet(phone)).toHaveAttribute('data-poll', 'open')
  await expect(panel(page)).toHaveAttribute('data-state', 'idle')
  const answers = sheet(phone).getByRole('group').getByRole('button')
  await expect(answers).toHaveText([/가 같다/, /나 다르다/, /다 커널이 없다/])
  for (const each of await answers.all())
    expect((await each.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  await answers.nth(1).tap()
  await sheet(laptop).getByRole('button', { name: '나 다르다' }).click()
  await expect(predict(page).locator('.turnout')).toHaveText('2명이 답했습니다')
  await expect(predict(page)).not.toContainText('1명')

  await page.keyboard.press('PageDown')
  await expect(sheet(phone)).toHaveAttribute('data-poll', 'closed')
  await expect(answers.nth(0)).toBeDisabled()
  await page.keyboard.press('PageUp') // once more, after the hall has talked
  await expect(sheet(phone).getByRole('heading')).toContainText('다시 한 번')
  await answers.nth(0).tap()
  await sheet(laptop).getByRole('button', { name: '다 커널이 없다' }).click()
  await expect(predict(page).locator('.turnout')).toHaveText('두 번째 투표 · 2명이 답했습니다')
  await page.keyboard.press('PageDown')
  await expect(sheet(laptop)).toHaveAttribute('data-poll', 'closed')
  // Nothing that a follower was told by now says what was chosen, or what is right.
  expect(told.filter(each => /"counts":\[|"outcome":\{/.test(each))).toEqual([])

  await page.keyboard.press('PageDown')
  await expect(panel(page).locator('[data-step-id="container-kernel"]')).toHaveAttribute('data-state', 'passed')
  await expect(sheet(phone).getByRole('status')).toContainText('맞혔습니다')
  await expect(sheet(laptop).getByRole('status')).toContainText('다르게 나왔습니다: 왜 그럴까요')
  const right = predict(page).locator('li.right')
  await expect(right).toContainText('가 같다')
  await expect(right).toContainText('0 → 1명')
  await expect(predict(page).locator('li').nth(1)).toContainText('2 → 0명')

  await page.keyboard.press('PageDown') // the rest of the slide, as ever
  await expect(panel(page)).toHaveAttribute('data-state', 'passed')
  expect(faults.flat()).toEqual([])
  await Promise.all([phone, laptop].map(each => each.context().close()))
})

test('R runs while the hall is asked, and closes the vote', async ({ page, browser, liveUrl, audienceUrl }) => {
  await prepare(page, liveUrl)
  const follower = await (await browser.newContext()).newPage()
  await follower.goto(audienceUrl)
  await expect(onSlide(follower, PARTS_SLIDE)).toBeAttached()
  await page.waitForTimeout(500) // the server tells of followers a little later
  await page.keyboard.press('PageDown')
  await expect(sheet(follower)).toHaveAttribute('data-poll', 'open')
  await page.keyboard.press('r')
  await expect(sheet(follower)).toHaveAttribute('data-poll', 'settled')
  await expect(sheet(follower).getByRole('status')).toContainText('출력이 확인한 답은 가입니다.')
  await follower.context().close()
})

test('without followers the first press runs the command', async ({ page, browser, liveUrl }) => {
  const others = browser.contexts().filter(each => each !== page.context())
  await Promise.all(others.map(each => each.close())) // followers of tests before this one
  await prepare(page, liveUrl)
  await page.keyboard.press('PageDown')
  await expect(panel(page).locator('[data-step-id="container-kernel"]')).toHaveAttribute('data-state', 'passed')
  await expect(predict(page).locator('.turnout')).toHaveCount(0)
})
