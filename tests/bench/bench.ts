import type { Browser, Page } from 'playwright'
import type { Row } from './measure.ts'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { styleText } from 'node:util'
import { execa } from 'execa'
import sirv from 'sirv'
import { main } from '../../demos/commands/cli.ts'
import { findBrowser, launchBrowser } from '../../demos/runtime/browser/chromium.ts'
import { connectEngine, DockerEngine } from '../../demos/runtime/engine/docker.ts'
import { clean, removeReplaced, sweepRun } from '../../demos/runtime/engine/ledger.ts'
import { checkImages } from '../../demos/runtime/engine/names.ts'
import { labelled, tagsOf } from '../../demos/runtime/model/labels.ts'
import { problemOf } from '../../demos/runtime/model/problem.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { workingCopy } from '../../demos/runtime/run/working-copy.ts'
import { onSlide, open, slides, WHOLE_SLIDE } from '../e2e/deck.ts'
import { benchAsks } from './asks.ts'
import { benchBrowserEngine } from './browser-engine.ts'
import { benchDemos } from './demos.ts'
import { benchFlood } from './flood.ts'
import { benchLoad } from './load.ts'
import { median, ms, pairs, PORT, ratioRow, root, SETTLE_MS, SETTLED_MS, startDeck, stopDeck, timeRun, type } from './measure.ts'
import { benchSoak } from './soak.ts'

/**
 * Measures the budgets. Each is a ratio of pairs taken in turn in one run: these machines are shared and noisy.
 * `npm run bench` measures all; `npm run bench -- run site start pdf demos flood load tab soak asks` those named.
 */

const plain = join(root, 'bench.local') // below the root, so that it finds the same packages

/** From 실행 to the end of build and run, against the same commands of the docker CLI. */
async function benchRun(browser: Browser): Promise<Row[]> {
  const engine = await connectEngine().catch(problemOf)
  if (!(engine instanceof DockerEngine)) {
    console.error(`건너뜀: ${engine.message}`)
    return []
  }
  const { api } = engine
  const demo = demoOf(await readCatalogue(), 'helloworld')
  const copy = await workingCopy('helloworld', demo)
  const deck = await startDeck(['demos/commands/start.ts', '--port', String(PORT), '--open=false'], PORT)
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const script = (text: string): string => `#!/bin/sh\necho "Hello, World! ${text}"\n`
  try {
    await open(page, `http://localhost:${PORT}/`, WHOLE_SLIDE)
    await onSlide(page, WHOLE_SLIDE).locator('.cm-content').waitFor()
    await page.waitForTimeout(SETTLED_MS)
    const measured = await pairs(11, async (index) => {
      await type(page, script(`slide ${index} ${Date.now()}`))
      return timeRun(page)
    }, async (index) => {
      await copy.edit('helloworld', script(`terminal ${index} ${Date.now()}`))
      const replaced = await checkImages(api, { baseImages: demo.baseImages, tags: tagsOf(demo.steps) })
      await setTimeout(SETTLE_MS) // as before a run of the slide
      const start = performance.now()
      for (const { command } of demo.steps) {
        const [program, ...args] = labelled(command, { demo: 'helloworld', run: 'bench', owner: 'bench' }).args
        await execa(program!, args, { cwd: copy.folder, stdin: 'ignore' })
      }
      const time = performance.now() - start
      await sweepRun(api, 'bench')
      await removeReplaced(api, replaced)
      return time
    })
    const latencies = await timeOutput(page)
    return [
      ratioRow('실행에서 빌드·실행의 끝까지 / 터미널의 docker CLI', measured.slice(1), 1.05),
      {
        what: '컨테이너가 쓴 줄이 화면에 나올 때까지 (CLI 시간 포함)',
        value: `중앙값 ${ms(latencies)}, 최대 ${Math.round(Math.max(...latencies))} ms`,
        budget: '100 ms 이하',
        held: median(latencies) <= 100,
      },
    ]
  }
  finally {
    await page.close()
    await stopDeck(deck.process)
    await copy.remove()
    await clean(api)
  }
}

/** Milliseconds from a line's being written in the container to the frame that shows it. */
async function timeOutput(page: Page): Promise<number[]> {
  await type(page, '#!/bin/sh\necho "Hello, World!"\nfor i in $(seq 30); do date +at:%s%N; sleep 0.1; done\n')
  await page.evaluate(() => {
    const seen = new Map<string, number>()
    Object.assign(window, { seen })
    new MutationObserver(() => {
      for (const [stamp] of document.querySelector('#slideshow')!.textContent!.matchAll(/at:\d{19}/g)) {
        if (seen.has(stamp))
          continue
        seen.set(stamp, Number.NaN)
        requestAnimationFrame(() => window.setTimeout(() => seen.set(stamp, Date.now()))) // its frame is drawn
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await timeRun(page)
  await page.waitForTimeout(SETTLE_MS) // for the last one's frame
  const seen = await page.evaluate(() => [...(window as unknown as { seen: Map<string, number> }).seen])
  return seen.map(([stamp, at]) => at - Number(stamp.slice(3)) / 1e6)
}

/** The first slide of the static site against a plain deck's. */
async function benchSite(browser: Browser): Promise<Row[]> {
  await execa('node', ['demos/commands/build.ts'], { cwd: root, preferLocal: true })
  await execa('slidev', ['build', 'slides.md', '--base', './', '--out', 'dist'], { cwd: plain, preferLocal: true, localDir: root })
  const serve = (folder: string, port: number) => createServer(sirv(folder, { dev: true })).listen(port, 'localhost')
  const servers = [serve(join(root, 'dist'), PORT + 1), serve(join(plain, 'dist'), PORT + 2)]
  try {
    const visit = async (port: number): Promise<{ lcp: number, bytes: number }> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
      const page = await context.newPage()
      await page.addInitScript(() => {
        new PerformanceObserver(list => Object.assign(window, { lcp: list.getEntries().at(-1)!.startTime })).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      })
      await page.goto(`http://localhost:${port}/`, { waitUntil: 'networkidle' })
      await page.waitForFunction(() => 'lcp' in window) // a busy machine is silent for long before it paints
      await page.waitForTimeout(300)
      const result = await page.evaluate(() => ({
        lcp: (window as unknown as { lcp: number }).lcp,
        bytes: ([
          ...performance.getEntriesByType('resource'),
          ...performance.getEntriesByType('navigation'),
        ] as PerformanceResourceTiming[]).reduce(
          (sum, each) => sum + each.transferSize,
          0,
        ),
      }))
      await context.close()
      return result
    }
    await visit(PORT + 1)
    await visit(PORT + 2)
    let bytes = 0
    const measured = await pairs(25, async () => {
      const seen = await visit(PORT + 1)
      bytes = seen.bytes
      return seen.lcp
    }, async () => (await visit(PORT + 2)).lcp)
    return [
      { what: '정적 사이트 첫 슬라이드 전송량 (글꼴 포함, 압축 없음)', value: `${(bytes / 1e6).toFixed(2)} MB`, budget: '1.5 MB 이하', held: bytes <= 1.5e6 },
      ratioRow('정적 사이트 첫 슬라이드 LCP / 기본 덱', measured, 1.3),
    ]
  }
  finally {
    servers.forEach(server => server.close())
  }
}

/** From the command to the first slide in a browser, dependencies prepared. */
async function benchStart(browser: Browser): Promise<Row[]> {
  const first = async (args: string[], port: number): Promise<number> => {
    const deck = await startDeck(args, port)
    const page = await browser.newPage()
    await page.goto(`http://localhost:${port}/`)
    await page.locator('#slideshow .slidev-layout h1').first().waitFor()
    const time = performance.now() - deck.started
    await page.close()
    await stopDeck(deck.process)
    return time
  }
  const ours = () => first(['demos/commands/start.ts', '--port', String(PORT + 3), '--open=false'], PORT + 3)
  const theirs = () => first([
    join(root, 'node_modules/@slidev/cli/bin/slidev.mjs'),
    join(plain, 'slides.md'),
    '--port',
    String(PORT + 4),
  ], PORT + 4)
  await ours()
  await theirs()
  return [ratioRow('npm start에서 첫 슬라이드까지 / 기본 덱', await pairs(5, ours, theirs), 1.3)]
}

/** The export's time per slide against Slidev's own export of a plain deck. */
async function benchPdf(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-bench-'))
  const time = async (command: string, args: string[]): Promise<number> => {
    const start = performance.now()
    await execa(command, args, { cwd: root, preferLocal: true })
    return performance.now() - start
  }
  try {
    const measured = await pairs(
      3,
      async () => await time('node', ['demos/commands/export.ts', '--output', join(folder, 'ours.pdf')]) / slides.length,
      async () => await time('slidev', [
        'export',
        join(plain, 'slides.md'),
        '--output',
        join(folder, 'plain.pdf'),
        '--executable-path',
        await browserPath(folder, findBrowser()!),
      ]) / 2,
    )
    return [ratioRow(`PDF 한 쪽 (${slides.length}쪽) / 기본 덱 한 쪽 (2쪽)`, measured, 1.3)]
  }
  finally {
    await rm(folder, { recursive: true })
  }
}

/** Slidev's export cannot turn Chromium's sandbox off, which does not start as root. */
async function browserPath(folder: string, path: string): Promise<string> {
  if (process.getuid?.() !== 0)
    return path
  const wrapper = join(folder, 'chromium')
  await writeFile(wrapper, `#!/bin/sh\nexec ${path} --no-sandbox "$@"\n`, { mode: 0o755 })
  return wrapper
}

const benches: Record<string, (browser: Browser) => Promise<Row[]>> = {
  run: benchRun,
  site: benchSite,
  start: benchStart,
  pdf: benchPdf,
  demos: benchDemos,
  flood: benchFlood,
  load: benchLoad,
  tab: benchBrowserEngine,
  soak: benchSoak,
  asks: benchAsks,
}

await main(async () => {
  const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(benches)
  await mkdir(plain, { recursive: true })
  await writeFile(join(plain, 'slides.md'), '---\ntheme: default\nmonaco: false\nfonts:\n  provider: none\nfavicon: data:,\n---\n\n# Plain\n\nA deck of two slides\n\n---\n\n# Second\n\n- one\n- two\n')
  const browser = await launchBrowser()
  const rows: Row[] = []
  try {
    for (const name of names)
      rows.push(...await benches[name]!(browser))
  }
  finally {
    await browser.close()
    await rm(plain, { recursive: true })
  }
  for (const { what, value, budget, held } of rows)
    console.log(`${held ? styleText('green', '✓') : styleText('red', '✗')} ${what}\n    ${value} · 목표 ${budget}`)
  return rows.every(each => each.held) ? 0 : 1
})
