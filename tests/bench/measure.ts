import type { Buffer } from 'node:buffer'
import type { ChildProcess } from 'node:child_process'
import type { Browser, Page } from 'playwright'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { onSlide, WHOLE_SLIDE } from '../e2e/deck.ts'
import { keyIn, rememberKey } from '../support/keys.ts'

/** What the benches share: rows of the report, pairs, a deck of their own, a run in the page. */

export const root = join(import.meta.dirname, '../..')
export const PORT = 4200
/** After this, in milliseconds, an edit has arrived and what the last run left is swept. */
export const SETTLE_MS = 1000
/** And after this, Slidev has brought the slides that are not shown yet to a deck that was just opened. */
export const SETTLED_MS = 5000

export interface Row { what: string, value: string, budget: string, held: boolean }

export const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
export const ratio = (pairs: [number, number][]): number => median(pairs.map(([ours, theirs]) => ours / theirs))
export const ms = (values: number[]): string => `${Math.round(median(values))} ms`

/** A pair of times, the order changed each time. */
export async function pairs(
  count: number,
  ours: (index: number) => Promise<number>,
  theirs: (index: number) => Promise<number>,
): Promise<[number, number][]> {
  const result: [number, number][] = []
  for (let index = 0; index < count; index++) {
    const first = index % 2 === 0 ? await ours(index) : await theirs(index)
    const second = index % 2 === 0 ? await theirs(index) : await ours(index)
    result.push(index % 2 === 0 ? [first, second] : [second, first])
  }
  return result
}

export function ratioRow(what: string, measured: [number, number][], limit: number): Row {
  const value = ratio(measured)
  return {
    what,
    value: `${value.toFixed(2)}배 (${ms(measured.map(pair => pair[0]))} / ${ms(measured.map(pair => pair[1]))})`,
    budget: `${limit}배 이하`,
    held: value <= limit,
  }
}

export type DeckProcess = ChildProcess & Promise<unknown>

export async function startDeck(args: string[], port: number): Promise<{ process: DeckProcess, started: number }> {
  const started = performance.now()
  const child = execa('node', args, {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdio: ['ignore', 'pipe', 'ignore'],
    forceKillAfterDelay: 5000,
  })
  let printed = ''
  child.stdout.on('data', chunk => printed += String(chunk))
  for (;;) {
    const key = keyIn(printed)
    if (key !== null)
      rememberKey(`http://localhost:${port}/`, key)
    if ((key !== null || !args[0]!.endsWith('start.ts'))
      && await fetch(`http://localhost:${port}/`).then(response => response.ok, () => false)) {
      return { process: child as unknown as DeckProcess, started }
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

export async function stopDeck(child: DeckProcess): Promise<void> {
  child.kill('SIGTERM')
  await child
}

async function status(pid: number | undefined, field: string): Promise<number> {
  return Number(new RegExp(`${field}:\\s*(\\d+) kB`).exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1000
}

/** The memory that a process holds now, and the most since {@link forgetPeak}, in MB; Linux tells. */
export const memoryOf = (pid: number): Promise<number> => status(pid, 'VmRSS')
export const memory = ({ pid }: DeckProcess): Promise<number> => memoryOf(pid!)
export const peakMemory = ({ pid }: DeckProcess): Promise<number> => status(pid, 'VmHWM')

export async function forgetPeak({ pid }: DeckProcess): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5') // proc_pid_clear_refs(5)
}

/** Types a file of the slide that builds and runs. */
export async function type(page: Page, text: string): Promise<void> {
  await onSlide(page, WHOLE_SLIDE).locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
  await page.keyboard.press('Escape')
  await page.waitForTimeout(SETTLE_MS)
}

/** Milliseconds from the click on 실행 to the panel's end, by the page's own clock. */
export async function timeRun(page: Page): Promise<number> {
  return onSlide(page, WHOLE_SLIDE).locator('[data-demo]').evaluate(panel => new Promise<number>((resolve, reject) => {
    const start = performance.now()
    let begun = false
    setTimeout(() => reject(new Error('no end within 120 s')), 120_000)
    new MutationObserver((_, observer) => {
      const state = panel.getAttribute('data-state')!
      begun ||= state === 'running'
      if (!begun || state === 'running')
        return
      observer.disconnect()
      if (state === 'passed')
        resolve(performance.now() - start)
      else
        reject(new Error(`the run has ${state}`))
    }).observe(panel, { attributes: true })
    const button = [...panel.querySelectorAll('button')].find(each => each.textContent!.includes('실행'))!
    button.click()
  }))
}

/** A page's longest task in milliseconds, 0 when none took 50, and the most CPU time that one took. */
interface Tasks { longest: number, busiest: number }

/** Watches the tasks of a page's main thread until what is returned is called. */
export async function watchTasks(browser: Browser, page: Page): Promise<() => Promise<Tasks>> {
  await page.evaluate(() => {
    const observer = new PerformanceObserver(
      list => Object.assign(
        window,
        { longest: Math.max((window as unknown as { longest: number }).longest, ...list.getEntries().map(({ duration }) => duration)) },
      ),
    )
    observer.observe({ type: 'longtask' })
    Object.assign(window, { longest: 0, unwatch: () => observer.disconnect() })
  })
  await browser.startTracing(page, { categories: ['toplevel'] })
  return async () => {
    const busiest = longestCpu(await browser.stopTracing())
    const longest = await page.evaluate(() => {
      const { longest, unwatch } = window as unknown as { longest: number, unwatch: () => void }
      unwatch()
      return longest
    })
    return { longest, busiest }
  }
}

export function taskRow(what: string, { longest, busiest }: Tasks): Row {
  return {
    what,
    value: `${longest === 0 ? '50 ms 미만' : `${Math.round(longest)} ms`}, 그 가운데 CPU를 쓴 것은 길어야 ${Math.round(busiest)} ms`,
    budget: '100 ms 이하',
    held: longest <= 100,
  }
}

/**
 * The most CPU time that one task of a page's main thread took, in milliseconds, from a trace of Chromium:
 * on a busy machine a task's length is mostly waiting for a core.
 */
function longestCpu(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: { name: string, ph: string, pid: number, tid: number, tdur?: number, args: { name?: string } }[]
  }
  const mains = new Set(traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`))
  return Math.max(
    0,
    ...traceEvents
      .filter(({ name, ph, pid, tid }) => ph === 'X' && name.includes('RunTask') && mains.has(`${pid} ${tid}`))
      .map(({ tdur = 0 }) => tdur / 1000),
  )
}
