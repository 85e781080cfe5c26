import type { Page } from 'playwright/test'
import { execa } from 'execa'
import { engine, withEngine } from '../support/engine.ts'
import { lecturerUrl } from '../support/keys.ts'
import { BUILD_SLIDE, LEDGER_SLIDE, onSlide, open, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

test.skip(engine === null, withEngine)

/** Presses a key as a keyboard with Hangul input on does: the code is the key's, the letter is another. */
async function hangul(page: Page, code: string, key: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  for (const type of ['keyDown', 'keyUp'] as const)
    await session.send('Input.dispatchKeyEvent', { type, code, key })
  await session.detach()
}

const panel = (page: Page, no: number) => onSlide(page, no).locator('[data-demo="helloworld"]')

async function ready(page: Page, base: string, no: number, options: { presenter?: boolean } = {}): Promise<void> {
  await open(page, base, no, 0, options)
  await expect(panel(page, no)).toHaveAttribute('data-source', 'live')
  await panel(page, no).getByRole('button', { name: '정리' }).click()
  await expect(panel(page, no)).toContainText(/지웠습니다|지울 것이 없습니다/)
}

test('all keys work with Hangul input on: run, search, copy, larger, full, help, dark', async ({ page, context, liveUrl }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await ready(page, liveUrl, WHOLE_SLIDE)
  const demo = panel(page, WHOLE_SLIDE)
  await hangul(page, 'KeyR', 'ㄱ')
  await expect(demo).toHaveAttribute('data-state', 'passed')

  await hangul(page, 'Slash', '/')
  const search = demo.getByRole('searchbox', { name: '출력에서 찾기' })
  await expect(search).toBeFocused()
  await page.keyboard.insertText('hello, WORLD')
  await expect(demo.getByRole('search')).toContainText('1 / 1')
  await search.fill('helloworld')
  await expect(demo.getByRole('search')).toContainText(/1 \/ \d+/)
  const hits = Number(/\/ (\d+)/.exec(await demo.getByRole('search').textContent() ?? '')![1])
  expect(hits).toBeGreaterThan(2)
  await search.press('Enter')
  await expect(demo.getByRole('search')).toContainText(`2 / ${hits}`)
  await search.press('Shift+Enter')
  await search.press('Shift+Enter')
  await expect(demo.getByRole('search')).toContainText(`${hits} / ${hits}`)
  await search.press('Escape')
  await expect(search).toHaveCount(0)

  await hangul(page, 'KeyC', 'ㅊ')
  await expect(page.getByRole('status')).toContainText('복사했습니다')
  expect(await page.evaluate(
    () => navigator.clipboard.readText(),
  )).toMatch(/^\$ docker image build -t ch01\/helloworld:latest \.\n[\s\S]*\n\$ docker container run ch01\/helloworld:latest\nHello, World!\n$/)
  await demo.getByRole('button', { name: '2번 명령 복사' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('docker container run ch01/helloworld:latest')

  const size = (): Promise<number> => demo.getByRole('log').last().evaluate(log => Number.parseFloat(getComputedStyle(log).fontSize))
  const usual = await size()
  await hangul(page, 'Equal', '=')
  await expect.poll(size).toBeGreaterThan(usual)
  await hangul(page, 'Minus', '-')
  await expect.poll(size).toBe(usual)

  await hangul(page, 'KeyM', 'ㅡ')
  await expect.poll(async () => (await demo.boundingBox())!.height).toBeGreaterThan(600)
  await hangul(page, 'Escape', 'Escape')
  await expect.poll(async () => (await demo.boundingBox())!.height).toBeLessThan(400)

  await hangul(page, 'KeyK', 'ㅏ')
  await expect(page.getByRole('dialog', { name: '키 도움말' })).toContainText('다음 명령 하나만 실행')
  await hangul(page, 'Escape', 'Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const dark = await page.evaluate(() => document.documentElement.classList.contains('dark'))
  await hangul(page, 'KeyD', 'ㅇ')
  await expect.poll(() => page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(!dark)
})

test('the presenter sees the next command and its usual time, and runs from there; the projector is enlarged and blanked with the laptop', async ({ page, context, liveUrl }) => {
  const projector = await context.newPage()
  await open(projector, liveUrl, BUILD_SLIDE)
  await page.bringToFront()
  await ready(page, liveUrl, BUILD_SLIDE, { presenter: true })
  const strip = page.getByRole('region', { name: '이 슬라이드의 데모' })
  await expect(strip).toContainText('$ docker image build -t ch01/helloworld:latest .')
  await expect(strip).toContainText(/‘다음’을 누르면 명령이 나타남 · 보통 \d+\.\d초/)
  await page.keyboard.press('PageDown')
  await expect(strip).toContainText('‘다음’을 누르면 실행')
  await page.keyboard.press('PageDown')
  await expect(panel(projector, BUILD_SLIDE)).toHaveAttribute('data-state', 'passed')
  await expect(strip).toContainText('모두 실행했습니다')
  const said = await strip.evaluateHandle((strip) => { // a run may be over before one looks
    const texts: string[] = []
    new MutationObserver(() => texts.push(strip.textContent)).observe(strip, { subtree: true, childList: true, characterData: true })
    return texts
  })
  await strip.getByRole('button', { name: '처음부터' }).click()
  await expect.poll(() => said.jsonValue()).toContainEqual(expect.stringMatching(/실행 중 \d+\.\d초 · 보통 \d+\.\d초/))
  await expect(panel(projector, BUILD_SLIDE)).toHaveAttribute('data-state', 'passed')

  const marked = panel(projector, BUILD_SLIDE).locator('.step.large .marked').last()
  const letters = (): Promise<number> => marked.evaluate(mark => Number.parseFloat(getComputedStyle(mark).fontSize))
  const usual = await letters()
  await page.keyboard.press('m')
  await expect.poll(async () => (await panel(projector, BUILD_SLIDE).boundingBox())!.height).toBeGreaterThan(600)
  await expect.poll(letters).toBeGreaterThan(usual)
  const large = await letters()
  for (let press = 0; press < 8; press += 1)
    await page.keyboard.press('+')
  await expect.poll(letters).toBeGreaterThan(large * 2)
  await expect(marked).toBeInViewport({ ratio: 0.5 })
  await page.keyboard.press('m')
  await expect.poll(async () => (await panel(projector, BUILD_SLIDE).boundingBox())!.height).toBeLessThan(400)
  for (let press = 0; press < 8; press += 1)
    await page.keyboard.press('-')
  await expect.poll(letters).toBe(usual)
  await page.keyboard.press('q')
  await expect(projector.getByRole('dialog', { name: '함께 보기' })).toContainText('http://')
  await page.keyboard.press('q')

  await page.keyboard.press('.') // a clicker's blank key
  await expect(projector.locator('[data-blank]')).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '화면을 검게 가렸습니다' })).toBeVisible()
  await page.keyboard.press('PageUp')
  await expect(projector.locator('[data-blank]')).toHaveCount(0)
  expect(projector.url()).toContain(`/${BUILD_SLIDE}?clicks=`)
})

test('a shell opens inside a container of the demo, with Hangul, Ctrl+C and the window\'s size, and leaves none behind', async ({
  page,
  liveUrl,
}) => {
  const containers = async (): Promise<string> => (await execa('docker', [
    'container', 'ls', '--all', '--quiet', '--filter', 'label=ch01.demo=helloworld',
  ])).stdout
  await ready(page, liveUrl, WHOLE_SLIDE)
  await page.keyboard.press('t')
  const shell = page.getByRole('dialog', { name: '컨테이너 안의 셸' })
  const screen = shell.locator('.xterm-rows')
  await expect(screen).toContainText('root@helloworld:/#')
  await expect(shell.locator('code')).toHaveText('debian:trixie-slim')
  await page.keyboard.type('cat /proc/1/comm; stty size\n')
  await expect(screen).toContainText('bash')
  await expect(screen).toContainText(/\d+ \d{2,}/)
  await page.keyboard.insertText('echo 가나다 | tr 나 -')
  await page.keyboard.press('Enter')
  await expect(screen).toContainText('가')
  await page.keyboard.type('sleep 1000; echo slept\n')
  await page.keyboard.press('Control+c')
  await page.keyboard.insertText('echo 한글 $((6 * 7))')
  await page.keyboard.press('Enter')
  await expect(screen).toContainText('한글 42')
  const columns = async (): Promise<number> => {
    await page.keyboard.type('clear; stty size\n')
    await expect(screen).toHaveText(/^\s*\d+ \d+\s*root@/)
    return Number(/\d+ (\d+)/.exec(await screen.textContent() ?? '')?.[1])
  }
  const wide = await columns()
  await page.setViewportSize({ width: 800, height: 720 })
  await expect.poll(columns).toBeLessThan(wide)
  expect(await containers()).not.toBe('')
  await page.keyboard.press('Control+]')
  await expect(shell).toHaveCount(0)
  await expect.poll(containers).toBe('')
})

test('the ledger on its slide names what the deck has made, and one button removes exactly that', async ({ page, liveUrl }) => {
  await ready(page, liveUrl, WHOLE_SLIDE)
  await page.keyboard.press('r')
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  await execa('docker', ['image', 'tag', 'debian:trixie-slim', 'somebodys-own:1'])
  await open(page, liveUrl, LEDGER_SLIDE)
  const ledger = onSlide(page, LEDGER_SLIDE).locator('.ledger')
  await expect(ledger).toContainText('ch01/helloworld:latest')
  await expect(ledger).toContainText(/이미지 \d+개.* · 디스크 /)
  await ledger.getByRole('button', { name: '모두 정리' }).click()
  await expect(ledger).toContainText('이 강의가 만든 것이 없습니다.')
  expect((await execa('docker', ['image', 'ls', '--quiet', '--filter', 'reference=ch01/*'])).stdout).toBe('')
  expect((await execa('docker', ['image', 'rm', 'somebodys-own:1'])).stdout).toContain('Untagged')
})

test('a deck that is set to run in the tab first loads that engine by itself, whatever engine the server has', async ({ page, liveUrl }) => {
  await page.route(/\/@slidev\/configs/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replace(/"theme":/, '"engine":"tab","theme":') })
  })
  await page.route(/\.part$/, () => {}) // a network that hangs
  await open(page, liveUrl, WHOLE_SLIDE)
  await expect(panel(page, WHOLE_SLIDE).getByRole('progressbar', { name: '엔진 내려받기' })).toBeVisible()
  await expect(panel(page, WHOLE_SLIDE)).toContainText(/0\.0 \/ \d+\.\d MB/)
})

test('the hall sees the shell of the presenter view, large, and the clicker leads on out of it', async ({ page, context, liveUrl }) => {
  const wall = await context.newPage()
  await open(wall, liveUrl, WHOLE_SLIDE)
  await page.bringToFront()
  await ready(page, liveUrl, WHOLE_SLIDE, { presenter: true })
  await page.keyboard.press('t')
  const shell = (window: Page) => window.getByRole('dialog', { name: '컨테이너 안의 셸' })
  await expect(shell(page).locator('.xterm-rows')).toContainText('root@helloworld:/#')
  await page.keyboard.type('echo seen from $((40 + 2)) rows\n')
  await expect(shell(wall).locator('.xterm-rows')).toContainText('seen from 42 rows')
  const letters = await shell(wall).locator('.xterm-rows').evaluate(rows => Number.parseFloat(getComputedStyle(rows).fontSize))
  expect(letters).toBeGreaterThanOrEqual(20)
  await page.keyboard.press('PageDown')
  for (const each of [page, wall]) {
    await expect(shell(each)).toHaveCount(0)
    await expect(each).toHaveURL(new RegExp(`/${WHOLE_SLIDE}\\?clicks=1`))
  }
})

test('the laser pointer is large on the wall and on followers\' pages, and drawing tools are on neither', async ({
  page,
  context,
  browser,
  liveUrl,
  audienceUrl,
}) => {
  const wall = await context.newPage()
  await open(wall, liveUrl, WHOLE_SLIDE)
  const follower = await (await browser.newContext()).newPage()
  await follower.goto(audienceUrl)
  await open(page, liveUrl, WHOLE_SLIDE, 0, { presenter: true })
  await page.bringToFront()
  await page.locator('#slide-content').hover({ position: { x: 100, y: 100 } })
  for (const each of [wall, follower])
    await expect(each.locator('.laser-pointer')).toHaveCount(0)
  await page.keyboard.press('l')
  await page.locator('#slide-content').hover({ position: { x: 120, y: 100 } })
  for (const each of [wall, follower]) {
    await expect(each.locator('.laser-pointer')).toBeVisible()
    expect((await each.locator('.laser-pointer').boundingBox())!.width).toBeGreaterThan(20)
    await expect(each.getByTitle('그리기 도구')).toHaveCount(0)
  }
  await page.keyboard.press('l')
  for (const each of [wall, follower])
    await expect(each.locator('.laser-pointer')).toHaveCount(0)
})

test('the whole deck goes back to its start by one key, which asks first, and the presenter is told while something is left over', async ({ page, context, liveUrl }) => {
  const wall = await context.newPage()
  await open(wall, liveUrl, WHOLE_SLIDE)
  await page.bringToFront()
  await ready(page, liveUrl, WHOLE_SLIDE, { presenter: true })
  await page.keyboard.press('r')
  await expect(panel(wall, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  const leftover = page.getByText('지난 실행 결과가 남아 있습니다.')
  await expect(leftover).toHaveCount(0)
  await page.evaluate(() => location.hash = '#/presenter/1')
  await expect(leftover).toBeVisible()
  await page.evaluate(no => location.hash = `#/presenter/${no}`, WHOLE_SLIDE)
  await expect(panel(wall, WHOLE_SLIDE)).toBeVisible()

  await page.keyboard.press('z')
  const question = page.getByRole('alertdialog', { name: '덱을 처음 상태로 되돌릴까요?' })
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(panel(page, WHOLE_SLIDE)).toHaveAttribute('data-state', 'passed')
  await page.keyboard.press('z')
  await page.keyboard.press('Enter')
  for (const each of [page, wall])
    await expect(onSlide(each, 1)).toBeVisible()
  await expect(leftover).toHaveCount(0)
  await open(wall, liveUrl, WHOLE_SLIDE)
  await expect(panel(wall, WHOLE_SLIDE)).toHaveAttribute('data-state', 'idle')
  expect((await execa('docker', ['image', 'ls', '--quiet', '--filter', 'reference=ch01/helloworld'])).stdout).toBe('')
})

test('a window that is opened in the middle of a lecture lands where it is and moves nobody, at whatever address', async ({ page, context, browser, liveUrl }) => {
  await open(page, liveUrl, BUILD_SLIDE, 0, { presenter: true })
  await page.keyboard.press('PageDown') // the lecture's clock runs
  await expect(page).toHaveURL(new RegExp(`/presenter/${BUILD_SLIDE}\\?clicks=1`))
  const place = (view: Page): string => view.url().split('#')[1]!.replace('/presenter', '')
  const stranger = await (await browser.newContext()).newPage()
  for (const [view, address] of [
    [await context.newPage(), lecturerUrl(liveUrl, '1')],
    [await context.newPage(), lecturerUrl(liveUrl, 'presenter/3')],
    [stranger, `${liveUrl}#/5`],
  ] as const) {
    await view.goto(address)
    await expect.poll(() => place(view)).toBe(`/${BUILD_SLIDE}?clicks=1`)
    await expect(onSlide(view, BUILD_SLIDE).locator('.slidev-layout')).toBeVisible()
    expect(place(page)).toBe(`/${BUILD_SLIDE}?clicks=1`)
  }
  await page.bringToFront()
  await page.reload()
  await onSlide(page, BUILD_SLIDE).locator('.slidev-layout').waitFor()
  expect(place(page)).toBe(`/${BUILD_SLIDE}?clicks=1`)
  await expect(panel(page, BUILD_SLIDE)).toHaveAttribute('data-state', 'idle')
})
