import type { Page } from 'playwright/test'
import { engine, withEngine } from '../support/engine.ts'
import { onSlide, open, watchFaults, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

test.skip(engine === null, withEngine)

test('a follower goes where the lecturer goes, sees the run, and can only look', async ({ page, browser, liveUrl, audienceUrl }) => {
  const follower = await (await browser.newContext()).newPage()
  const faults = watchFaults(follower, new URL(audienceUrl).hostname)
  await open(page, liveUrl, WHOLE_SLIDE - 1)
  await follower.goto(audienceUrl)
  await expect(onSlide(follower, WHOLE_SLIDE - 1)).toBeVisible() // the one who comes late is taken along

  await page.keyboard.press('ArrowDown')
  await expect(onSlide(page, WHOLE_SLIDE)).toBeVisible()
  await expect(onSlide(follower, WHOLE_SLIDE)).toBeVisible()
  const demo = onSlide(follower, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  await expect(demo).toHaveAttribute('data-source', 'live')
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-source', 'live')
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-step]')).toHaveCount(2) // a key starts nothing before the demo is loaded
  await page.keyboard.press('r')
  await expect(demo).toHaveAttribute('data-state', 'passed')
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-state', 'passed')
  await expect(demo.getByRole('log').last()).toContainText('Hello, World!')
  await expect(demo.getByRole('button', { name: '실행', exact: true })).toHaveCount(0)
  await expect(onSlide(follower, WHOLE_SLIDE).locator('.cm-editor')).toHaveCount(0)

  await demo.getByRole('button', { name: '2번 명령 복사' }).click()
  await expect(follower.getByRole('status')).toContainText('명령을 복사했습니다.')

  await follower.keyboard.press('r')
  await follower.keyboard.press('ArrowUp')
  await expect(onSlide(follower, WHOLE_SLIDE - 1)).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(onSlide(page, WHOLE_SLIDE + 1)).toBeVisible()
  const back = follower.getByRole('button', { name: '따라가기' })
  await expect(back).toContainText(`${WHOLE_SLIDE + 1}쪽`)
  await expect(onSlide(follower, WHOLE_SLIDE - 1)).toBeVisible() // left in peace
  await back.click()
  await expect(onSlide(follower, WHOLE_SLIDE + 1)).toBeVisible()
  await expect(back).toHaveCount(0)
  await page.keyboard.press('ArrowUp') // a slide that is left stands still
  await expect(onSlide(page, WHOLE_SLIDE)).toBeVisible()
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-state', 'passed') // no second run
  expect(faults).toEqual([])
})

test('a follower reads back in output that still comes, and goes on with its end', async ({ page, browser, liveUrl, audienceUrl }) => {
  const follower = await (await browser.newContext()).newPage()
  const demo = (view: Page) => onSlide(view, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  const screen = (view: Page) => demo(view).getByRole('group', { name: /터미널$/ })
  const fromTop = (view: Page): Promise<number> => screen(view).evaluate(box => box.scrollTop)
  const fromEnd = (view: Page): Promise<number> => screen(view).evaluate(box => box.scrollHeight - box.clientHeight - box.scrollTop)
  await open(page, liveUrl, WHOLE_SLIDE)
  await follower.goto(audienceUrl)
  await onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"] .cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText('#!/bin/sh\nfor i in $(seq 160); do echo "line $i"; sleep 0.05; done\necho "Hello, World!"\n')
  await page.keyboard.press('Escape')
  await page.locator('body').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('r')
  await expect(demo(follower).getByRole('log').last()).toContainText('line 40\n')
  await expect.poll(() => fromEnd(follower)).toBeLessThan(24)

  await screen(follower).hover()
  await follower.mouse.wheel(0, -300)
  await expect.poll(() => fromEnd(follower)).toBeGreaterThan(200)
  let place = -1
  await expect.poll(async () => place - (place = await fromTop(follower))).toBe(0) // the wheel has come to rest
  await expect(demo(follower).getByRole('log').last()).toContainText('line 120\n')
  expect(await fromTop(follower)).toBe(place)
  await expect.poll(() => fromEnd(page)).toBeLessThan(24) // it scrolls in the frame after the line has come

  await follower.mouse.wheel(0, 100_000)
  await expect(demo(follower)).toHaveAttribute('data-state', 'passed')
  await expect.poll(() => fromEnd(follower)).toBeLessThan(24)
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
})
