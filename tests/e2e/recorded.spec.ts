import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demosFolder } from '../../demos/runtime/run/catalogue.ts'
import { BARS_SLIDE, BUILD_SLIDE, LATE_SLIDE, onSlide, open, PARTS_SLIDE, RUN_SLIDE, watchFaults, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

test('a panel of the static site, below a folder, replays the recording, says so, and says how to get live', async ({ page, siteUrl }) => {
  const faults = watchFaults(page)
  await open(page, siteUrl, WHOLE_SLIDE)
  const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  await expect(demo).toHaveAttribute('data-source', 'recorded')
  await expect(demo).toContainText(/녹화 · \d{4}-\d{2}-\d{2} · Docker \d+\.\d+/)
  await expect(demo).toContainText(/정적 사이트.*npm start/)
  await expect(demo.getByRole('button', { name: '정리' })).toHaveCount(0)
  const states = await demo.evaluateHandle((panel) => {
    const seen: (string | null)[] = []
    new MutationObserver(() => seen.push(panel.getAttribute('data-state'))).observe(panel, { attributeFilter: ['data-state'] })
    return seen
  })
  await demo.getByRole('button', { name: '실행', exact: true }).click()
  await expect(demo).toHaveAttribute('data-state', 'passed')
  expect(await states.jsonValue()).toEqual(['running', 'passed'])
  await expect(demo.getByRole('log').last()).toContainText('Hello, World!')
  await expect(demo.locator('[data-step="1"]')).toHaveAttribute('data-duration-ms', /^\d+$/)

  // The strip has room for what came last; what the build printed is there all along for who listens, and is shown when asked for.
  const log = demo.getByRole('log').first()
  await expect(log).toContainText('transferring context')
  await demo.getByRole('button', { name: '모두 보기' }).click()
  await expect(demo.getByRole('button', { name: '1번 명령 복사' })).toBeVisible()
  await expect(log).toContainText('transferring context')
  expect(faults).toEqual([])
})

test('clicks replay step by step', async ({ page, siteUrl }) => {
  await open(page, siteUrl, BUILD_SLIDE)
  const build = onSlide(page, BUILD_SLIDE).locator('[data-demo="helloworld"]')
  await expect(build).toHaveAttribute('data-source', 'recorded')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expect(build).toHaveAttribute('data-state', 'passed')
  await expect(onSlide(page, BUILD_SLIDE).locator('[data-layer="RUN"]')).toHaveAttribute('data-state', /done|cached/)
  await page.keyboard.press('PageDown')
  const run = onSlide(page, RUN_SLIDE).locator('[data-demo="helloworld"]')
  await expect(run).toHaveAttribute('data-state', 'idle')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await expect(run).toHaveAttribute('data-state', 'passed')
})

test('files can be read, not edited', async ({ page, siteUrl }) => {
  await open(page, siteUrl, WHOLE_SLIDE)
  const file = onSlide(page, WHOLE_SLIDE).locator('[data-file="helloworld"]')
  await expect(file).toContainText('echo "Hello, World!"')
})

test('a panel without an engine replays the recording and says how to get live', async ({ page, withoutEngineUrl }) => {
  const faults = watchFaults(page)
  await open(page, withoutEngineUrl, WHOLE_SLIDE)
  const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  await expect(demo).toHaveAttribute('data-source', 'recorded')
  await expect(demo).toContainText(/도커 엔진에 연결할 수 없습니다.*(?:systemctl|Docker Desktop)/)
  await demo.getByRole('button', { name: '실행', exact: true }).click()
  await expect(demo).toHaveAttribute('data-state', 'passed')
  expect(faults).toEqual([])
})

test('two tabs of one browser replay together, also when one still loads its recording', async ({ page, context, siteUrl }) => {
  const other = await context.newPage()
  await open(page, siteUrl, WHOLE_SLIDE)
  let arrive!: () => void
  const arrived = new Promise<void>(resolve => arrive = resolve)
  await other.route('**/assets/recording*', async (route) => {
    const response = await route.fetch()
    if ((await response.text()).includes('"version":2')) // not the module that is called so
      await arrived
    await route.fulfill({ response })
  })
  await open(other, siteUrl, WHOLE_SLIDE)
  await onSlide(page, WHOLE_SLIDE).getByRole('button', { name: '실행', exact: true }).click()
  await expect(onSlide(page, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-state', 'passed')
  arrive()
  await expect(onSlide(other, WHOLE_SLIDE).locator('[data-demo]')).toHaveAttribute('data-state', 'passed')
  await other.unrouteAll({ behavior: 'ignoreErrors' }) // what is loaded ahead may still be on its way
})

test('each click leads a demo one part further, and its run answers the question', async ({ page, siteUrl }) => {
  await open(page, siteUrl, PARTS_SLIDE)
  const slide = onSlide(page, PARTS_SLIDE)
  const states = () => slide.locator('[data-step]').evaluateAll(steps => steps.map(step => (step as HTMLElement).dataset.state))
  const question = slide.getByRole('region', { name: '예상해 보기' })
  await expect(question).toHaveAttribute('data-settlement', 'open')
  await page.keyboard.press('PageDown')
  await expect.poll(states).toEqual(['passed', 'passed', 'idle', 'idle'])
  await expect(question).toHaveAttribute('data-settlement', 'settled')
  await expect(question.locator('.right')).toContainText('같다')
  await expect(slide.locator('[data-step="0"] .marked')).toHaveText(await slide.locator('[data-step="1"] .marked').textContent() ?? '')
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageDown')
  expect(await states()).toEqual(['passed', 'passed', 'idle', 'idle'])
  await page.keyboard.press('PageDown')
  await expect.poll(states).toEqual(['passed', 'passed', 'passed', 'passed'])
})

test('a leap onto a slide replays what stands on it, not the steps of the slides before', async ({ page, siteUrl }) => {
  await open(page, siteUrl, LATE_SLIDE)
  const first = onSlide(page, LATE_SLIDE).locator('[data-step="6"]')
  await expect(first).toHaveAttribute('data-state', 'idle')
  await page.keyboard.press('PageDown')
  await expect(first).toHaveAttribute('data-state', 'passed', { timeout: 4000 }) // those before it took seconds
})

test('bars show the times that the run has measured', async ({ page, siteUrl }) => {
  await open(page, siteUrl, BARS_SLIDE)
  const slide = onSlide(page, BARS_SLIDE)
  const bar = slide.getByRole('figure').locator('.bar', { hasText: '새 컨테이너' })
  await expect(bar.locator('b')).toHaveText('—')
  await page.keyboard.press('PageDown')
  await expect(slide.locator('[data-demo]')).toHaveAttribute('data-state', 'passed')
  const ms = Number(await slide.locator('[data-step="1"]').getAttribute('data-duration-ms'))
  await expect(bar.locator('b')).toHaveText(`${(ms / 1000).toFixed(2)}초`)
})

test('a damaged recording says so and what to do, in its own panel alone', async ({ page, withoutEngineUrl }) => {
  const whole = await readFile(join(demosFolder, 'helloworld/recording.cast'), 'utf8')
  await page.route(/helloworld\/recording\.cast/, route => route.fulfill({
    contentType: 'text/javascript',
    body: `export default ${JSON.stringify(whole.slice(0, whole.length / 2))}`,
  }))
  await open(page, withoutEngineUrl, WHOLE_SLIDE)
  const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo]')
  await expect(demo.getByRole('alert')).toContainText('녹화 파일을 읽을 수 없습니다. npm run record')
  await page.keyboard.press('r')
  await expect(demo).toHaveAttribute('data-state', 'idle')
  await page.evaluate(no => location.hash = `#/${no}`, BARS_SLIDE)
  const other = onSlide(page, BARS_SLIDE).locator('[data-demo]')
  await other.getByRole('button', { name: '실행', exact: true }).click()
  await expect(other).toHaveAttribute('data-state', 'passed')
})
