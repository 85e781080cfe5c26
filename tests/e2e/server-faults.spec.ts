import type { Page } from 'playwright/test'
import process from 'node:process'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'
import { OTHER_ADDRESS } from '../support/network.ts'
import { onSlide, open, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

test.skip(engine === null, withEngine)

/** Within so many milliseconds every window says that the server is gone. */
const SOON = { timeout: 3000 }
const panel = (page: Page) => onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
const run = (page: Page) => panel(page).getByRole('button', { name: '실행', exact: true })
const notice = (page: Page) => page.locator('body > [role="alert"]')

test('a server that stands still or ends is named in every window, the recording goes on, and the server comes back', async ({
  page,
  context,
}) => {
  test.slow() // it starts two decks
  const deck = await startDeck()
  const projector = await context.newPage()
  const both = [page, projector]
  for (const each of both)
    await open(each, deck.url, WHOLE_SLIDE)
  for (const each of both)
    await expect(panel(each)).toHaveAttribute('data-source', 'live')
  await run(page).click()
  for (const each of both)
    await expect(panel(each)).toHaveAttribute('data-state', 'passed')

  process.kill(deck.process.pid!, 'SIGSTOP')
  await Promise.all(both.map(each => expect(notice(each)).toContainText('덱의 서버가 응답하지 않습니다.', SOON)))
  await expect(panel(projector)).toHaveAttribute('data-source', 'live') // what it has shown stays
  for (const source of ['recorded', 'live']) {
    await page.keyboard.press('v')
    for (const each of both)
      await expect(panel(each)).toHaveAttribute('data-source', source)
  }
  await run(page).click() // no server can start it
  for (const each of both) {
    await expect(panel(each)).toHaveAttribute('data-source', 'recorded')
    await expect(panel(each)).toHaveAttribute('data-state', 'passed')
  }

  process.kill(deck.process.pid!, 'SIGCONT')
  for (const each of both) {
    await expect(notice(each)).toHaveCount(0)
    await expect(panel(each)).toHaveAttribute('data-source', 'live')
  }
  await panel(page).getByRole('button', { name: '정리' }).click()
  for (const each of both)
    await expect(panel(each)).toHaveAttribute('data-state', 'idle')

  await deck.stop()
  await Promise.all(both.map(each => expect(notice(each)).toContainText('덱의 서버가 응답하지 않습니다.', SOON)))
  for (const each of both)
    await expect(panel(each)).toHaveAttribute('data-source', 'recorded')

  const again = await startDeck({ port: deck.port })
  try {
    for (const each of both)
      await expect(notice(each)).toContainText('터미널에 나온 새 주소', { timeout: 30_000 })
    await expect(panel(page)).toHaveAttribute('data-source', 'live')
    await expect(run(page)).toHaveCount(0)
    await open(await context.newPage(), again.url, WHOLE_SLIDE) // the new address, in any window
    for (const each of both) {
      await expect(notice(each)).toHaveCount(0)
      await expect(run(each)).toBeVisible()
    }
  }
  finally {
    await again.stop()
  }
})

test('a follower hears that the lecturer\'s server is gone, and goes on with it when it is back', async ({ page, browser, siteUrl: _ }) => {
  test.slow()
  const remote = ['--remote', '--host', OTHER_ADDRESS]
  const deck = await startDeck({ args: remote })
  const follower = await (await browser.newContext()).newPage()
  const gone = (): Promise<void> => expect(notice(follower)).toContainText('강의자의 덱과 연결이 끊겼습니다.', SOON)
  await open(page, deck.url, WHOLE_SLIDE)
  await follower.goto(deck.url.replace('localhost', OTHER_ADDRESS))
  await expect(panel(follower)).toHaveAttribute('data-source', 'live')

  process.kill(deck.process.pid!, 'SIGSTOP')
  await gone()
  await expect(panel(follower)).toHaveAttribute('data-source', 'recorded')
  process.kill(deck.process.pid!, 'SIGCONT')
  await expect(notice(follower)).toHaveCount(0)
  await expect(panel(follower)).toHaveAttribute('data-source', 'live')

  await deck.stop()
  await gone()
  const again = await startDeck({ port: deck.port, args: remote })
  try {
    await expect(notice(follower)).toHaveCount(0)
    await expect(panel(follower)).toHaveAttribute('data-source', 'live')
  }
  finally {
    await again.stop()
  }
})
