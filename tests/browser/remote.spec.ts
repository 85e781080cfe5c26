import { expect, test } from 'playwright/test'
import { engineStatus } from '../../demos/docker.ts'
import { onSlide, open, watchFaults, WHOLE_SLIDE } from './deck.ts'
import { HALL, LIVE } from './servers.ts'

const status = await engineStatus()
test.skip(!status.reachable, `실제 엔진이 없어 건너뜁니다: ${status.reachable ? '' : status.problem.says}`)

test('a follower goes where the lecturer goes, sees the run, and can only look', async ({ page, browser }) => {
  const follower = await (await browser.newContext()).newPage()
  const faults = watchFaults(follower, HALL.host)
  await open(page, LIVE.url, WHOLE_SLIDE - 1)
  await follower.goto(HALL.url)
  await expect(onSlide(follower, WHOLE_SLIDE - 1)).toBeVisible() // the one who comes late is taken along

  await page.keyboard.press('ArrowDown')
  await expect(onSlide(page, WHOLE_SLIDE)).toBeVisible()
  await expect(onSlide(follower, WHOLE_SLIDE)).toBeVisible()
  const demo = onSlide(follower, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  await expect(demo).toHaveAttribute('data-source', 'live')
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-source', 'live')
  await page.keyboard.press('r')
  await expect(demo).toHaveAttribute('data-state', 'passed')
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
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-state', 'passed') // no second run
  expect(faults).toEqual([])
})
