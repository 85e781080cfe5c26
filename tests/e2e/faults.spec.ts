import type { Page } from 'playwright/test'
import type { ServedDeck } from '../support/deck.ts'
import { omittedText, OUTPUT_HEAD, OUTPUT_TAIL } from '../../demos/runtime/model/run-events.ts'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'
import { noSecondEngine, SecondEngine } from '../support/second-engine.ts'
import { onSlide, open, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

const panel = (page: Page) => onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')

test.describe('on an engine of its own', () => {
  test.skip(noSecondEngine !== null, `두 번째 엔진이 없어 건너뜁니다: ${noSecondEngine}`)
  let second: SecondEngine
  let deck: ServedDeck
  test.beforeAll(async () => {
    second = await SecondEngine.open()
    await second.docker('image', 'tag', 'busybox:stable', 'debian:trixie-slim') // whose RUN fails: there is no network
    deck = await startDeck({ env: { DOCKER_HOST: second.host, DOCKER_CONTEXT: '' } })
  })
  test.afterAll(async () => {
    await deck?.stop()
    await second?.remove()
  })

  test('a failed run has the recording shown in its place by one key, labelled, in every view', async ({ page, context }) => {
    const projector = await context.newPage()
    for (const each of [page, projector])
      await open(each, deck.url, WHOLE_SLIDE)
    await expect(panel(page)).toHaveAttribute('data-source', 'live')
    await page.keyboard.press('r')
    await expect(panel(page)).toHaveAttribute('data-state', 'failed')
    await expect(panel(page).getByRole('button', { name: '녹화로' })).toBeVisible()

    await page.keyboard.press('v')
    for (const each of [page, projector]) {
      await expect(panel(each)).toHaveAttribute('data-source', 'recorded')
      await expect(panel(each)).toHaveAttribute('data-state', 'passed')
      await expect(panel(each)).toContainText(/녹화 · \d{4}-\d\d-\d\d · Docker/)
      await expect(panel(each).getByRole('log').last()).toContainText('Hello, World!')
    }
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', {
      code: 'KeyV',
      key: 'ㅍ',
      bubbles: true,
    }))) // Hangul input is on
    for (const each of [page, projector]) {
      await expect(panel(each)).toHaveAttribute('data-source', 'live')
      await expect(panel(each)).toHaveAttribute('data-state', 'failed')
    }
    await page.keyboard.press('v')
    await expect(panel(projector)).toHaveAttribute('data-source', 'recorded')
    await page.keyboard.press('r') // a new run is shown
    await expect(panel(projector)).toHaveAttribute('data-source', 'live')
    await expect(panel(page)).toHaveAttribute('data-state', 'failed')
  })

  test('an engine that dies leaves the recording and says what to do; back again, the panel is live without a reload', async ({ page }) => {
    await open(page, deck.url, WHOLE_SLIDE)
    await panel(page).getByRole('button', { name: '정리' }).click()
    await expect(panel(page)).toHaveAttribute('data-state', 'idle')
    await page.evaluate(() => void Object.assign(window, { same: true }))
    await second.signal('SIGKILL')
    await expect(panel(page)).toHaveAttribute('data-source', 'recorded')
    await expect(panel(page)).toContainText(/도커 엔진에 연결할 수 없습니다\..*도커를 켠/)
    await page.keyboard.press('r') // the lecture goes on
    await expect(panel(page)).toHaveAttribute('data-state', 'passed')

    await expect(panel(page).getByRole('button', { name: '브라우저에서 실행 (실험)' })).toBeVisible() // or for real, without the engine

    await second.start()
    await expect(panel(page)).toHaveAttribute('data-source', 'live')
    expect(await page.evaluate(() => 'same' in window)).toBe(true)
  })
})

test.describe('on the machine\'s engine', () => {
  test.skip(engine === null, withEngine)

  test('hostile output is text: it runs nothing, loads nothing and breaks nothing', async ({ page, liveUrl }) => {
    const script = `#!/bin/sh
printf '<script>window.hostile=1</script><img src=x onerror="window.hostile=2"><a href="javascript:1">a</a></div></section>\\n'
printf '\\033]0;title\\007\\033[2J\\033[H\\033[?1049h\\033[31mred\\033[0m\\033]8;;http://192.0.2.1/\\033\\\\link\\033]8;;\\033\\\\\\n'
i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %o $i)"; i=$((i+1)); done
printf '\\355\\240\\200 \\377\\376 \\302\\n'
printf '{{ 7*7 }} $(7*7) &lt;b&gt; %s\\n' "$(head -c 20000 /dev/zero | tr '\\0' '<')"
echo "Hello, World!"
`
    await open(page, liveUrl, WHOLE_SLIDE)
    await expect(panel(page)).toHaveAttribute('data-source', 'live')
    const requests: string[] = []
    page.on('request', request => requests.push(request.url()))
    await onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"] .cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(script)
    await page.locator('body').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('r')
    await expect(panel(page)).toHaveAttribute('data-state', 'passed')
    const log = panel(page).getByRole('log').last()
    await log.getByRole('button', { name: '줄 펼치기' }).click()
    await expect(log).toContainText('<script>window.hostile=1</script><img src=x onerror="window.hostile=2">')
    await expect(log).toContainText('{{ 7*7 }} $(7*7) &lt;b&gt;')
    await expect(log).toContainText('Hello, World!')
    expect(await log.locator('script, img, a, section, iframe').count()).toBe(0)
    expect(await page.evaluate(() => 'hostile' in window)).toBe(false)
    expect(requests.filter(each => !each.startsWith(liveUrl))).toEqual([])
    expect(requests.filter(each => /192\.0\.2\.1|\/x$/.test(each))).toEqual([])
    await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
  })

  test('a flood is drawn as its head, how much was left out, and its tail', async ({ page, liveUrl }) => {
    const whole = `${Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('')}Hello, World!\n`
    await open(page, liveUrl, WHOLE_SLIDE)
    await expect(panel(page)).toHaveAttribute('data-source', 'live')
    await onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"] .cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText('#!/bin/sh\nseq 400000\necho "Hello, World!"\n')
    await page.locator('body').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('r')
    await expect(panel(page)).toHaveAttribute('data-state', 'passed')
    const gap = omittedText(whole.length - OUTPUT_HEAD - OUTPUT_TAIL)
    await expect
      .poll(async () => (await panel(page).getByRole('log').last().textContent())?.split(gap))
      .toEqual([whole.slice(0, OUTPUT_HEAD), whole.slice(-OUTPUT_TAIL)])
    await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '되돌리기' }).click()
  })

  test('a page whose connection was cut while a run went on gets what it missed', async ({ page, context, liveUrl }) => {
    const sleeper = await context.newPage()
    let asleep = false
    let cut = async (): Promise<void> => {}
    await sleeper.routeWebSocket(/localhost/, (socket) => {
      const server = socket.connectToServer()
      server.onMessage(message => asleep || socket.send(message))
      cut = () => socket.close()
    })
    for (const each of [page, sleeper]) {
      await open(each, liveUrl, WHOLE_SLIDE)
      await expect(panel(each)).toHaveAttribute('data-source', 'live')
    }
    await panel(page).getByRole('button', { name: '정리' }).click()
    await expect(panel(sleeper)).toHaveAttribute('data-state', 'idle')

    asleep = true // nothing comes through, and nobody is told
    await page.keyboard.press('r')
    await expect(panel(page)).toHaveAttribute('data-state', 'passed')
    await expect(panel(sleeper)).toHaveAttribute('data-state', 'idle')
    asleep = false
    await page.keyboard.press('r') // the next thing it hears has a gap before it
    await expect(panel(page)).toHaveAttribute('data-state', 'passed')
    await expect(panel(sleeper)).toHaveAttribute('data-state', 'passed')

    asleep = true
    await panel(page).getByRole('button', { name: '정리' }).click()
    await expect(panel(page)).toHaveAttribute('data-state', 'idle')
    asleep = false
    await cut() // the lid was closed for longer
    await expect(panel(sleeper)).toHaveAttribute('data-state', 'idle')
    await expect(panel(sleeper)).toHaveAttribute('data-source', 'live')
  })
})
