import type { Page } from 'playwright/test'
import { execa } from 'execa'
import { engine, withEngine } from '../support/engine.ts'
import { BUILD_SLIDE, DOCKERFILE_SLIDE, onSlide, open, RUN_SLIDE, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

test.skip(engine === null, withEngine)

const panel = (page: Page, no: number) => onSlide(page, no).locator('[data-demo="helloworld"]')
const layer = (page: Page, no: number, instruction: string) => onSlide(page, no).locator(`[data-layer="${instruction}"]`)

/** Counts what the server tells this page, by its type, from the page's next load on. */
function countMessages(page: Page): (type: string) => number {
  const told: string[] = []
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => told.push(String(payload))))
  return type => told.join('').split(`"type":"${type}"`).length - 1
}

async function type(page: Page, file: string, text: string, no = WHOLE_SLIDE): Promise<void> {
  const editor = onSlide(page, no).locator(`[data-file="${file}"] .cm-content`)
  await editor.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
  await page.locator('body').click({ position: { x: 5, y: 5 } })
}

/** Cleans by the panel's button. A clean waits for its turn: when it is done, a run that was asked for before has begun. */
const clean = (page: Page, no: number): Promise<void> => panel(page, no).getByRole('button', { name: '정리' }).click()

test.beforeEach(async ({ page, liveUrl }) => {
  await open(page, liveUrl, WHOLE_SLIDE)
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-source', 'live')
  await clean(page, WHOLE_SLIDE)
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'idle')
  const reset = onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' })
  await expect(reset).toBeVisible()
  if (await reset.isEnabled())
    await reset.click()
})

test('a run from the slide builds, runs, and is checked', async ({ page }) => {
  await page.keyboard.press('r')
  const demo = panel(page, WHOLE_SLIDE)
  await expect(demo).toHaveAttribute('data-state', 'passed')
  for (const step of [0, 1]) {
    const each = demo.locator(`[data-step="${step}"]`)
    await expect(each).toHaveAttribute('data-state', 'passed')
    await expect(each).toHaveAttribute('data-exit-code', '0')
    await expect(each).toHaveAttribute('data-duration-ms', /^\d+$/)
  }
  await expect(demo.getByRole('log').last()).toHaveText(/^Hello, World!\s*$/)
  await expect(demo).toContainText('✓ “Hello, World!”가 출력됩니다')
})

test('R is kept that is pressed before the demo is loaded', async ({ page }) => {
  await page.route('**/demos/helloworld/demo.ts*', async (route) => {
    await new Promise(done => setTimeout(done, 1500))
    await route.continue()
  })
  await page.reload()
  const demo = panel(page, WHOLE_SLIDE)
  await expect(demo).toHaveAttribute('data-source', 'live')
  await expect(demo).toHaveAccessibleName('helloworld')
  await page.keyboard.press('r')
  await page.keyboard.press('r')
  await expect(demo).toHaveAttribute('data-state', 'passed')
})

test('an edit rebuilds only what has changed, and going back to the original works', async ({ page }) => {
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  await type(page, 'helloworld', `#!/bin/sh\n\necho "Hello, World!"\necho "안녕, ${Date.now()}"\n`)
  await panel(page, WHOLE_SLIDE).getByRole('button', { name: '실행', exact: true }).click()
  await expect(panel(page, WHOLE_SLIDE).getByRole('log').last()).toContainText('안녕, ')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  await expect(layer(page, WHOLE_SLIDE, 'FROM')).toHaveAttribute('data-state', 'cached')
  await expect(layer(page, WHOLE_SLIDE, 'COPY')).toHaveAttribute('data-state', 'done')
  await expect(layer(page, WHOLE_SLIDE, 'RUN')).toHaveAttribute('data-state', 'done')
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
  await expect(onSlide(page, WHOLE_SLIDE).locator('.cm-content')).not.toContainText('안녕')
  await page.keyboard.press('r')
  await expect(layer(page, WHOLE_SLIDE, 'COPY')).toHaveAttribute('data-state', 'cached')
})

test('the clicker builds anew what is edited, with the cursor still in the editor, and once more before it leads on', async ({ page }) => {
  const demo = panel(page, WHOLE_SLIDE)
  await onSlide(page, WHOLE_SLIDE).locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.insertText(`\necho "안녕, ${Date.now()}"`)
  await page.keyboard.press('PageDown')
  await expect(demo.getByRole('log').last()).toContainText('안녕, ')
  await expect(demo).toHaveAttribute('data-state', 'passed')
  await expect(layer(page, WHOLE_SLIDE, 'COPY')).toHaveAttribute('data-state', 'done')
  await page.keyboard.press('PageDown')
  await expect(layer(page, WHOLE_SLIDE, 'COPY')).toHaveAttribute('data-state', 'cached')
  await expect(demo).toHaveAttribute('data-state', 'passed')
  await page.keyboard.press('PageDown')
  await expect(onSlide(page, WHOLE_SLIDE + 1)).toBeVisible()
})

test('the picture of a Dockerfile that was edited after the build claims nothing, until the text is the built one again', async ({ page }) => {
  const goTo = async (no: number): Promise<void> => {
    await page.evaluate(no => location.hash = `#/${no}`, no)
    await expect(onSlide(page, no).locator('[data-file], [data-layer]').first()).toBeVisible()
  }
  const claims = onSlide(page, WHOLE_SLIDE).locator('[data-layer]:not([data-state="waiting"])')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  const built = await claims.count()
  expect(built).toBeGreaterThan(0)
  for (const text of [
    'FROM node:22\nRUN yarn install --production\nEXPOSE 3000\nCMD ["node", "app.js"]\n',
    'FROM debian:trixie-slim\nCOPY helloworld /usr/local/bin\nRUN true\nCMD ["helloworld"]\n',
    'FROM debian:trixie-slim\n',
  ]) {
    await goTo(DOCKERFILE_SLIDE)
    await type(page, 'Dockerfile', text, DOCKERFILE_SLIDE)
    await goTo(WHOLE_SLIDE)
    await expect(onSlide(page, WHOLE_SLIDE).locator('[data-layer]')).toHaveCount(text.match(/^(?:FROM|COPY|RUN) /gm)!.length)
    await expect(claims).toHaveCount(0)
  }
  await goTo(DOCKERFILE_SLIDE)
  await onSlide(page, DOCKERFILE_SLIDE).locator('[data-file="Dockerfile"]').getByRole('button', { name: '되돌리기' }).click()
  await goTo(WHOLE_SLIDE)
  await expect(claims).toHaveCount(built)
})

test('an expectation that is not met turns into a ✗ with the reason', async ({ page }) => {
  await type(page, 'helloworld', '#!/bin/sh\necho bye\n')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'failed')
  await expect(panel(page, WHOLE_SLIDE)).toContainText('✗ “Hello, World!”가 출력됩니다')
})

test('중지 ends a step and leaves nothing running; then it runs again', async ({ page }) => {
  await type(page, 'helloworld', '#!/bin/sh\ntrap "" TERM\necho on\nwhile :; do sleep 1; done\n')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE).getByRole('log').last()).toContainText('on')
  await panel(page, WHOLE_SLIDE).getByRole('button', { name: '중지' }).click()
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'cancelled')
  await expect.poll(async () => (await execa('docker', ['container', 'ls', '-q', '--filter', 'label=ch01.run'])).stdout).toBe('')
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
  await panel(page, WHOLE_SLIDE).getByRole('button', { name: '실행', exact: true }).click()
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
})

test('the output streams in while a step is running', async ({ page }) => {
  await type(page, 'helloworld', '#!/bin/sh\necho first\nsleep 3\necho "Hello, World!"\n')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE).getByRole('log').last()).toHaveText(/^first\s*$/)
  await expect(panel(page, WHOLE_SLIDE).locator('[data-step="1"]')).toHaveAttribute('data-state', 'running')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
})

test('a tab opened in the middle and a reload see the whole run', async ({ page, context, liveUrl }) => {
  await type(page, 'helloworld', '#!/bin/sh\necho first\nsleep 4\necho "Hello, World!"\n')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE).getByRole('log').last()).toContainText('first')
  const late = await context.newPage()
  await open(late, liveUrl, WHOLE_SLIDE)
  await page.reload()
  for (const each of [late, page]) {
    await expect(panel(each, WHOLE_SLIDE).getByRole('log').first()).toContainText('[3/3] RUN chmod')
    await expect(panel(each, WHOLE_SLIDE).getByRole('log').last()).toContainText('first')
    await expect(panel(each, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  }
})

test('with the clicker alone: each next reveals, then runs one command, and going back runs nothing', async ({ page, context, liveUrl }) => {
  const count = countMessages(page)
  const audience = await context.newPage()
  const audienceCount = countMessages(audience)
  await open(audience, liveUrl, BUILD_SLIDE)
  await page.goto(`${liveUrl}#/presenter/${BUILD_SLIDE}`)
  await page.reload()
  await expect(panel(page, BUILD_SLIDE)).toHaveAttribute('data-source', 'live')
  const command = panel(page, BUILD_SLIDE).getByText('docker image build')
  await expect(command).toBeHidden()
  await page.keyboard.press('PageDown')
  await expect(command).toBeVisible()
  await expect(panel(page, BUILD_SLIDE)).toHaveAttribute('data-state', 'idle')
  await page.keyboard.press('PageDown')
  await expect(panel(page, BUILD_SLIDE)).toHaveAttribute('data-state', 'passed')
  await expect(layer(page, BUILD_SLIDE, 'COPY')).toHaveAttribute('data-state', /done|cached/)

  await page.keyboard.press('PageDown') // the next slide: Slidev takes no further press until it is there
  await expect(page).toHaveURL(new RegExp(`/presenter/${RUN_SLIDE}$`))
  await expect(panel(page, RUN_SLIDE)).toHaveAttribute('data-state', 'idle')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expect(panel(page, RUN_SLIDE)).toHaveAttribute('data-state', 'passed')
  await expect(panel(page, RUN_SLIDE).getByRole('log')).toContainText('Hello, World!')
  // The audience's tab follows the slides and shows the same run.
  await expect(panel(audience, RUN_SLIDE).getByRole('log')).toContainText('Hello, World!')

  for (const key of ['PageUp', 'PageUp', 'PageUp', 'PageUp', 'PageDown', 'PageDown', 'PageDown'])
    await page.keyboard.press(key, { delay: 100 })
  for (const each of [page, audience])
    await clean(each, RUN_SLIDE)
  for (const each of [count, audienceCount]) {
    await expect.poll(() => each('cleaned')).toBe(2)
    expect(each('run-started')).toBe(1)
  }
})

test('presses that come while a command runs turn the page when its end has been seen, and no sooner', async ({ page, liveUrl }) => {
  await type(page, 'helloworld', '#!/bin/sh\nsleep 3\necho "Hello, World!"\n')
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  await page.goto(`${liveUrl}#/presenter/${BUILD_SLIDE}`)
  await expect(page.getByRole('region', { name: '이 슬라이드의 데모' })).toBeVisible() // a press before that would lead from the old slide
  for (let press = 0; press < 3; press += 1)
    await page.keyboard.press('PageDown') // two of its clicks run nothing that has not run yet
  await expect(page).toHaveURL(new RegExp(`/presenter/${RUN_SLIDE}`))
  await panel(page, RUN_SLIDE).getByRole('button', { name: '정리' }).click()
  await expect(panel(page, RUN_SLIDE)).toHaveAttribute('data-state', 'idle')
  const end = await panel(page, RUN_SLIDE).evaluateHandle((panel) => {
    const end = { at: '' }
    new MutationObserver(() => {
      if ((panel as HTMLElement).dataset.state === 'passed')
        end.at ||= location.hash
    }).observe(panel, { attributes: true })
    return end
  })
  for (let press = 0; press < 3; press += 1)
    await page.keyboard.press('PageDown')
  await expect(panel(page, RUN_SLIDE)).toHaveAttribute('data-state', 'running')
  await expect(page.getByRole('region', { name: '이 슬라이드의 데모' })).toContainText('‘다음’은 끝난 뒤에')
  await expect(page).toHaveURL(new RegExp(`/presenter/${RUN_SLIDE + 1}`))
  expect((await end.jsonValue()).at).toContain(`/presenter/${RUN_SLIDE}?`)
})

test('what has failed or was stopped the next press runs again, once, and the strip says so', async ({ page, liveUrl }) => {
  await type(page, 'helloworld', '#!/bin/sh\nsleep 2\necho bye\n')
  await page.goto(`${liveUrl}#/presenter/${RUN_SLIDE}`)
  const strip = page.getByRole('region', { name: '이 슬라이드의 데모' })
  const demo = panel(page, RUN_SLIDE)
  await expect(demo).toHaveAttribute('data-source', 'live')
  await expect(strip).toBeVisible() // a press before that would lead from the old slide
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expect(demo).toHaveAttribute('data-state', 'running')
  await page.keyboard.press('s')
  await expect(demo).toHaveAttribute('data-state', 'cancelled')
  await expect(strip).toContainText('실행을 중지했습니다. ‘다음’이나 R을 누르면 다시 실행합니다.')
  await page.keyboard.press('PageDown')
  await expect(demo).toHaveAttribute('data-state', 'running')
  await expect(demo).toHaveAttribute('data-state', 'failed')
  await expect(strip).toContainText('명령이 실패했습니다. ‘다음’을 누르면 넘어갑니다.')
  await page.keyboard.press('PageDown')
  await expect(page).toHaveURL(new RegExp(`/presenter/${RUN_SLIDE + 1}`))
})

test('a reload on a slide whose command has run, or a jump to it, starts nothing', async ({ page, liveUrl }) => {
  const count = countMessages(page)
  await open(page, liveUrl, BUILD_SLIDE, 2)
  await page.reload()
  await expect(panel(page, BUILD_SLIDE)).toHaveAttribute('data-state', 'idle')
  await clean(page, BUILD_SLIDE)
  await expect.poll(() => count('cleaned')).toBe(1)
  expect(count('run-started')).toBe(0)
})

test('keys typed into the editor neither run a demo nor turn the page', async ({ page }) => {
  const count = countMessages(page)
  await page.reload() // a new socket, seen from its first frame
  await onSlide(page, WHOLE_SLIDE).locator('.cm-content').click()
  await page.keyboard.type('r s d o g ')
  for (const key of ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'Enter'])
    await page.keyboard.press(key)
  await clean(page, WHOLE_SLIDE)
  await expect.poll(() => count('cleaned')).toBe(1)
  expect(count('run-started')).toBe(0)
  expect(page.url()).toContain(`#/${WHOLE_SLIDE}`)
  await page.keyboard.press('Escape') // leaves the editor: keys are the deck's again
  await page.keyboard.press('r')
  await expect.poll(() => count('run-started')).toBe(1)
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', /passed|failed/)
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
})

test('a file over 64 KiB is refused in the slide and not saved', async ({ page }) => {
  await type(page, 'helloworld', `#!/bin/sh\n# ${'가'.repeat(30_000)}\n`)
  await expect(onSlide(page, WHOLE_SLIDE).getByRole('alert')).toContainText('64 KiB')
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
  await expect(onSlide(page, WHOLE_SLIDE).locator('.cm-content')).toContainText('Hello, World!')
})

test('a program that has no token of the page cannot connect, and a foreign Origin may only look', async ({ page, liveUrl }) => {
  const token = /const wsToken = "([^"]+)"/.exec(await (await page.request.get(`${liveUrl}@vite/client`)).text())?.[1]
  expect(token).toBeTruthy()
  const { WebSocket } = await import('ws')
  const connect = (query: string, origin: string) => new Promise<string>((resolve) => {
    const socket = new WebSocket(`${liveUrl.replace('http', 'ws')}${query}`, 'vite-hmr', { origin })
    socket.on('error', () => resolve('rejected'))
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string, data?: { type: string } }
      if (message.type === 'connected')
        socket.send(JSON.stringify({ type: 'custom', event: 'demo:to-server', data: { type: 'run', demo: 'helloworld', after: null } }))
      if (message.data?.type === 'refused' || message.data?.type === 'events') {
        socket.close()
        resolve(message.data.type)
      }
    })
  })
  expect(await connect('', 'https://evil.example')).toBe('rejected')
  expect(await connect(`?token=${token}`, 'https://evil.example')).toBe('refused')
})
