import type { Browser, Page } from 'playwright'
import type { Manifest } from '../../demos/runtime/browser-engine/engine.ts'
import type { Row } from './measure.ts'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { execa } from 'execa'
import sirv from 'sirv'
import { onSlide, open, PARTS_SLIDE, WHOLE_SLIDE } from '../e2e/deck.ts'
import { PORT, root, SETTLED_MS, taskRow, watchTasks } from './measure.ts'

/** The engine in the tab: its download, waking it, helloworld on it, and the tab's memory. */
export async function benchBrowserEngine(browser: Browser): Promise<Row[]> {
  await execa('node', ['demos/commands/build.ts'], { cwd: root, preferLocal: true })
  const server = createServer(sirv(join(root, 'dist'), { dev: true })).listen(PORT + 5, 'localhost')
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  try {
    const manifest = JSON.parse(await readFile(join(root, 'public/engine/manifest.json'), 'utf8')) as Manifest
    const download = manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
    let last = 0
    page.on('requestfinished', request => request.url().endsWith('.part') && (last = performance.now()))
    await open(page, `http://localhost:${PORT + 5}/`, WHOLE_SLIDE)
    await page.waitForTimeout(SETTLED_MS)
    const waking = await watchTasks(browser, page)
    await wake(page, WHOLE_SLIDE)
    const woke = performance.now() - last
    const wakeTasks = await waking()
    const building = await watchTasks(browser, page)
    const first = await steps(page)
    const buildTasks = await building()
    const again: number[][] = []
    for (let turn = 0; turn < 3; turn++)
      again.push(await steps(page))
    const memory = Math.max(...await Promise.all((await renderers()).map(pss))) // no other tab is near the guest's
    await page.goto('about:blank')
    await open(page, `http://localhost:${PORT + 5}/`, PARTS_SLIDE)
    await wake(page, PARTS_SLIDE)
    const demo = onSlide(page, PARTS_SLIDE).locator('[data-demo]')
    await demo.getByRole('button', { name: '실행', exact: true }).click()
    await demo.locator('[data-step="1"][data-duration-ms]').waitFor({ timeout: 600_000 })
    const alone = Number(await demo.locator('[data-step="1"]').getAttribute('data-duration-ms'))
    return [
      row('브라우저의 엔진: 내려받는 양', download, 'MB', 60, 1),
      row('브라우저의 엔진: 다 받은 뒤 프롬프트까지', woke / 1000, '초', 6),
      row('브라우저의 엔진: helloworld 첫 빌드', first[0]! / 1000, '초', 30),
      row('브라우저의 엔진: helloworld 첫 실행', first[1]! / 1000, '초', 8),
      row('브라우저의 엔진: 깨우자마자 빌드 없이 실행 (shared-kernel)', alone / 1000, '초', 8),
      row('브라우저의 엔진: 캐시를 쓰는 빌드 (세 번 중 마지막)', again.at(-1)![0]! / 1000, '초', 4),
      row('브라우저의 엔진: 실행 (세 번 중 마지막)', again.at(-1)![1]! / 1000, '초', 8),
      row('브라우저의 엔진: 탭의 메모리 (PSS)', memory, 'MB', 1200, 0),
      taskRow('브라우저의 엔진: 받고 깨우는 동안 화면에서 가장 긴 작업', wakeTasks),
      taskRow('브라우저의 엔진: 첫 빌드와 실행 동안 화면에서 가장 긴 작업', buildTasks),
    ]
  }
  finally {
    await context.close()
    server.close()
  }
}

function row(what: string, value: number, unit: string, limit: number, digits = 1): Row {
  return { what, value: `${value.toFixed(digits)} ${unit}`, budget: `${limit} ${unit} 이하`, held: value <= limit }
}

/** Brings the engine into a page that shows a slide. */
async function wake(page: Page, no: number): Promise<void> {
  await onSlide(page, no).getByRole('button', { name: '브라우저에서 실행 (실험)' }).click()
  await page.waitForFunction(no => document
    .querySelector(`#slideshow [data-slidev-no="${no}"] [data-demo]`)
    ?.getAttribute('data-source') === 'browser', no, {
    timeout: 600_000,
    polling: 20,
  })
}

/** Runs helloworld and gives how long each step took, in milliseconds. */
async function steps(page: Page): Promise<number[]> {
  const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo]')
  await demo.getByRole('button', { name: '실행', exact: true }).click()
  await page.waitForTimeout(300)
  await page.waitForFunction(
    no => ![
      'running',
      'idle',
    ].includes(document.querySelector(`#slideshow [data-slidev-no="${no}"] [data-demo]`)!.getAttribute('data-state')!),
    WHOLE_SLIDE,
    { timeout: 600_000 },
  )
  if (await demo.getAttribute('data-state') !== 'passed')
    throw new Error(`the run has ${await demo.getAttribute('data-state')}: ${await demo.textContent()}`)
  return Promise.all([0, 1].map(async step => Number(await demo.locator(`[data-step="${step}"]`).getAttribute('data-duration-ms'))))
}

/** The browser's renderer processes; Linux tells. */
async function renderers(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async pid => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(
    () => '',
  )).includes('--type=renderer')
    ? [pid]
    : []))
  return found.flat()
}

async function pss(pid: string): Promise<number> {
  return Number(/Pss:\s+(\d+)/.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1000
}
