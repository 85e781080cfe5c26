import type { Browser, Page } from 'playwright'
import type { Row } from './measure.ts'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { onSlide, open, WHOLE_SLIDE } from '../e2e/deck.ts'
import { TestClient } from '../support/client.ts'
import { forgetPeak, memory, peakMemory, PORT, startDeck, stopDeck, timeRun, type } from './measure.ts'

const VIEWS = 300
const PAGES = 3
/** Lines with the time for ten seconds, a flood in between. */
const script = `#!/bin/sh
echo "Hello, World!"
for i in $(seq 100); do date +at:%s%N; sleep 0.05; done
seq 200000
for i in $(seq 100); do date +at:%s%N; sleep 0.05; done
`

/** One run that 300 views and a few browsers follow: all of it, how late, and what it costs the server. */
export async function benchLoad(browser: Browser): Promise<Row[]> {
  const deck = await startDeck(['demos/commands/start.ts', '--port', String(PORT + 5), '--open=false'], PORT + 5)
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const views: TestClient[] = []
  try {
    const [lecturer, ...audience] = await Promise.all(Array.from({ length: 1 + PAGES }, async () => {
      const page = await context.newPage()
      page.setDefaultTimeout(120_000)
      await open(page, `http://localhost:${PORT + 5}/`, WHOLE_SLIDE)
      await onSlide(page, WHOLE_SLIDE).locator('.cm-content').waitFor()
      await watchStamps(page)
      return page
    }))
    await type(lecturer!, script)
    const own = await TestClient.open(PORT + 5, 'helloworld', null) // the first that is told
    for (let index = 0; index < VIEWS; index++)
      views.push(await TestClient.open(PORT + 5, 'helloworld', null))
    const before = await memory(deck.process)
    await forgetPeak(deck.process)
    await timeRun(lecturer!)
    await Promise.all([own, ...views].map(view => view.until(() => view.events.at(-1)?.type === 'run-ended' || undefined)))
    const grown = await peakMemory(deck.process) - before

    const whole = JSON.stringify(own.events)
    const complete = views.filter(view => JSON.stringify(view.events) === whole).length
    const late = views.flatMap(view => [...view.times].map(([seq, time]) => time - own.times.get(seq)!)).sort((a, b) => a - b)
    const drawn = await stamps(lecturer!)
    const lateDrawn = (await Promise.all(audience.map(stamps)))
      .flatMap(seen => [...seen].map(([stamp, time]) => time - drawn.get(stamp)!))
      .sort((a, b) => a - b)
    const p95 = (values: number[]): number => values[Math.floor(values.length * 0.95)]!
    own.close()
    return [
      {
        what: `관객 화면 ${VIEWS}개: 모든 이벤트를 순서대로 받은 화면`,
        value: `${complete}개 (이벤트 ${own.events.length}개씩)`,
        budget: `${VIEWS}개`,
        held: complete === VIEWS,
      },
      {
        what: `관객 화면 ${VIEWS}개: 강의자의 화면보다 늦은 시간`,
        value: `95 %가 ${Math.round(p95(late))} ms 안, 최대 ${Math.round(late.at(-1)!)} ms`,
        budget: '95 %가 150 ms 안',
        held: p95(late) <= 150,
      },
      {
        what: `브라우저 ${PAGES}개: 강의자의 브라우저보다 늦게 그린 시간`,
        value: `95 %가 ${Math.round(p95(lateDrawn))} ms 안, 최대 ${Math.round(lateDrawn.at(-1)!)} ms`,
        budget: '95 %가 150 ms 안',
        held: p95(lateDrawn) <= 150,
      },
      { what: `관객 화면 ${VIEWS}개: 서버가 더 쓴 메모리 (가장 클 때)`, value: `${Math.round(grown)} MB`, budget: '200 MB 이하', held: grown <= 200 },
    ]
  }
  finally {
    views.forEach(view => view.close())
    await context.close()
    await stopDeck(deck.process)
    await clean((await connectEngine()).api)
  }
}

type Stamped = typeof window & { stamps: Map<string, number> }

/** Keeps when each line with a time was first drawn. */
async function watchStamps(page: Page): Promise<void> {
  await page.evaluate(() => {
    const stamps = (window as Stamped).stamps = new Map<string, number>()
    new MutationObserver(() => {
      for (const [stamp] of document.querySelector('#slideshow [data-step="1"] [role="log"]')?.textContent?.matchAll(/at:\d{19}/g) ?? []) {
        if (!stamps.has(stamp))
          stamps.set(stamp, Date.now())
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

async function stamps(page: Page): Promise<Map<string, number>> {
  return new Map(await page.evaluate(() => [...(window as Stamped).stamps]))
}
