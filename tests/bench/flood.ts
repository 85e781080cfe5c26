import type { Browser, Page } from 'playwright'
import type { EngineApi } from '../../demos/runtime/engine/api.ts'
import type { Row } from './measure.ts'
import { execa } from 'execa'
import { byFilters, get } from '../../demos/runtime/engine/api.ts'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean, sweepRun } from '../../demos/runtime/engine/ledger.ts'
import { labelled, RUN_LABEL } from '../../demos/runtime/model/labels.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { workingCopy } from '../../demos/runtime/run/working-copy.ts'
import { onSlide, open, WHOLE_SLIDE } from '../e2e/deck.ts'
import {
  forgetPeak,
  median,
  memory,
  ms,
  pairs,
  peakMemory,
  PORT,
  ratio,
  startDeck,
  stopDeck,
  taskRow,
  timeRun,
  type,
  watchTasks,
} from './measure.ts'

/** What a container pours out, as lines of a shell script. */
const floods: readonly { name: string, line: string, count: number }[] = [
  { name: '천만 줄', line: 'seq 10000000', count: 2 }, // of half a minute each
  { name: '100 MB 한 줄', line: `head -c 100000000 /dev/zero | tr '\\0' x`, count: 5 },
  { name: '바이너리 100 MB', line: 'head -c 100000000 /dev/urandom', count: 3 },
]

/** A flood in the slide against the same docker command into /dev/null; the page's longest task; memory of both. */
export async function benchFlood(browser: Browser): Promise<Row[]> {
  const { api } = await connectEngine()
  const demo = demoOf(await readCatalogue(), 'helloworld')
  const copy = await workingCopy('helloworld', demo)
  const deck = await startDeck(['demos/commands/start.ts', '--port', String(PORT), '--open=false'], PORT)
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  page.setDefaultTimeout(120_000)
  const inTerminal = async (step: number): Promise<number> => {
    const [program, ...args] = labelled(demo.steps[step]!.command, { demo: 'helloworld', run: 'bench', owner: 'bench' }).args
    const start = performance.now()
    await execa(program!, args, { cwd: copy.folder, stdio: 'ignore' })
    const time = performance.now() - start
    await sweepRun(api, 'bench')
    await swept(api)
    return time
  }
  const rows: Row[] = []
  try {
    await open(page, `http://localhost:${PORT}/`, WHOLE_SLIDE)
    await onSlide(page, WHOLE_SLIDE).locator('.cm-content').waitFor()
    await timeRun(page) // a deck that has just been opened is still getting ready
    await swept(api)
    for (const { name, line, count } of floods) {
      const script = `#!/bin/sh\necho "Hello, World!"\n${line}\n`
      await type(page, script)
      await copy.edit('helloworld', script)
      await inTerminal(0)
      const before = await memory(deck.process)
      await forgetPeak(deck.process)
      const heaps: number[] = []
      const tasks = await watchTasks(browser, page)
      const watch = setInterval(() => void heap(page).then(value => heaps.push(value), () => {}), 1000)
      const measured = await pairs(count, async () => {
        await timeRun(page)
        await swept(api)
        return Number(await onSlide(page, WHOLE_SLIDE).locator('[data-step="1"]').getAttribute('data-duration-ms'))
      }, () => inTerminal(1))
      clearInterval(watch)
      const longest = taskRow(`${name}: 화면에서 가장 긴 작업`, await tasks())
      const speed = 1 / ratio(measured)
      const server = await peakMemory(deck.process) - before
      rows.push(
        {
          what: `${name}: /dev/null로 보낼 때에 견준 빠르기`,
          value: `${speed.toFixed(2)}배 (${ms(measured.map(pair => pair[0]))} / ${ms(measured.map(pair => pair[1]))})`,
          budget: '0.8배 이상',
          held: speed >= 0.8,
        },
        longest,
        {
          what: `${name}: 화면의 JS 힙, 서버가 더 쓴 메모리 (가장 클 때)`,
          value: `${Math.round(Math.max(...heaps))} MB (중앙값 ${Math.round(median(heaps))}), ${Math.round(server)} MB`,
          budget: '100 MB, 200 MB 이하',
          held: Math.max(...heaps) <= 100 && server <= 200,
        },
      )
    }
    return rows
  }
  finally {
    await page.close()
    await stopDeck(deck.process)
    await copy.remove()
    await clean(api)
  }
}

/** Waits until the containers of runs are gone: a log of 1 GB takes the engine a while, in which nothing else is measured. */
async function swept(api: EngineApi): Promise<void> {
  while ((await get<unknown[]>(api, `/containers/json?all=1&${byFilters({ label: [RUN_LABEL] })}`))?.length !== 0)
    await new Promise(resolve => setTimeout(resolve, 200))
}

/** The page's JavaScript heap in MB, garbage included. */
async function heap(page: Page): Promise<number> {
  return page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 1e6)
}
