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

test('a server that stands still or ends is named in every window and to every follower, the recording goes on, and the server comes back', async ({
  page,
  context,
  browser,
  siteUrl: _, // followers are given the site
}) => {
  test.slow() // it starts two decks
  const remote = ['--remote', '--host', OTHER_ADDRESS]
  const deck = await startDeck({ args: remote })
  const projector = await context.newPage()
  const follower = await (await browser.newContext()).newPage()
  const both = [page, projector]
  const gone = (): Promise<unknown> => Promise.all([
    ...both.map(each => expect(notice(each)).toContainText('덱의 서버가 응답하지 않습니다.', SOON)),
    expect(notice(follower)).toContainText('강의자의 덱과 연결이 끊겼습니다.', SOON),
  ])
  for (const each of both)
    await open(each, deck.url, WHOLE_SLIDE)
  await follower.goto(deck.url.replace('localhost', OTHER_ADDRESS))
  for (const each of [...both, follower])
    await expect(panel(each)).toHaveAttribute('data-source', 'live')
  await run(page).click()
  for (const each of [...both, follower])
    await expect(panel(each)).toHaveAttribute('data-state', 'passed')

  process.kill(deck.process.pid!, 'SIGSTOP')
  await gone()
  for (const each of [projector, follower])
    await expect(panel(each)).toHaveAttribute('data-source', 'live') // what it has shown stays
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
  for (const each of [...both, follower]) {
    await expect(notice(each)).toHaveCount(0)
    await expect(panel(each)).toHaveAttribute('data-source', 'live')
  }
  await panel(page).getByRole('button', { name: '정리' }).click()
  for (const each of [...both, follower])
    await expect(panel(each)).toHaveAttribute('data-state', 'idle')

  await deck.stop()
  await gone()
  for (const each of [...both, follower])
    await expect(panel(each)).toHaveAttribute('data-source', 'recorded')

  const again = await startDeck({ port: deck.port, args: remote })
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
    await expect(notice(follower)).toHaveCount(0) // it goes on by itself
    await expect(panel(follower)).toHaveAttribute('data-source', 'live')
  }
  finally {
    await again.stop()
  }
})
