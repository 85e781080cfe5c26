import type { Locator, Page } from 'playwright'
import type { Catalogue } from '../run/catalogue.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyedAddress } from '../model/key.ts'
import { withParticle } from '../model/korean.ts'
import { isSlow, recordedDurations } from '../model/recorded-durations.ts'
import { decode } from '../model/recording.ts'
import { demosFolder } from '../run/catalogue.ts'

/** Longest that the deck may take for what a lecturer would call at once, in milliseconds. */
const SOON_MS = 10_000
/** Longest that a slide may take to appear, in milliseconds: a cold server makes its modules first. */
const OPEN_MS = 60_000
/** The same of the first, for which Vite prepares the dependencies in a fresh clone. */
const FIRST_MS = 120_000
/** Longest that one press may run, in milliseconds: steps have time limits of their own. */
const RUN_MS = 300_000

/** What the rehearsal found on one slide. */
export interface Finding {
  slide: number
  state: 'failed' | 'slow' | 'note'
  message: string
}

/** One step as its panel shows it. */
interface StepShown { demo: string, step: number, command: string, state: string, source: string, ms: number | null, reasons: string[] }

/**
 * Goes through the slides from one to another as the lecturer does: in the presenter view, with the clicker's key,
 * and with the key R where no click runs a demo. Tells each slide when it is left.
 */
export async function rehearse(
  page: Page,
  { address, key }: { address: string, key: string },
  catalogue: Catalogue,
  from: number,
  to: number,
  leave: (slide: number, steps: readonly StepShown[], findings: readonly Finding[]) => void,
): Promise<Finding[]> {
  const all: Finding[] = []
  let faults: string[] = []
  page.on('pageerror', error => faults.push(`페이지 오류: ${error.message}`))
  // Slidev fetches all slides ahead; one that a reload of the page interrupts is fetched again when it is due.
  page.on(
    'console',
    message => message.type() === 'error'
      && !message.text().startsWith('slide failed to load')
      && faults.push(`브라우저 오류: ${message.text()}`),
  )
  const usual = await usualByDemo(catalogue)
  const told = new Set<string>() // a step may stand on several slides

  await page.goto(keyedAddress(address, `presenter/${from}`, key), { timeout: FIRST_MS })
  for (let slide = from; slide <= to;) {
    const findings: Finding[] = []
    const add = (state: Finding['state'], message: string): void => void findings.push({ slide, state, message })
    const stage = page.locator(`#slideshow [data-slidev-no="${slide}"]`)
    const shown = await soon(stage.locator('.slidev-layout').waitFor({ timeout: 0 }), OPEN_MS)
    if (!shown)
      add('failed', '슬라이드가 나타나지 않았습니다.')
    if (shown && await stage.locator('[data-demo]').count() > 0)
      await soon(stage.locator('[data-source="live"] [data-step]').first().waitFor({ state: 'attached', timeout: 0 }), OPEN_MS)
    let next = slide
    for (let before = -1, now = await clicksOf(page); next === slide && now !== before;) {
      before = now
      await press(page, stage, add)
      next = await slideOf(page)
      now = await clicksOf(page)
    }
    const steps = shown ? await stepsOf(stage) : []
    for (const { demo, step, command, state, source, ms, reasons } of steps) {
      if (state === 'failed' || state === 'timed-out' || state === 'cancelled')
        add('failed', `${demo} ${step + 1}단계 $ ${command}: ${reasons.join(' ') || '성공하지 못했습니다.'}`)
      else if (state === 'idle')
        add('failed', `${demo} ${step + 1}단계 $ ${command}: 클리커로도 R로도 실행되지 않았습니다.`)
      else if (state === 'skipped')
        add('note', `${demo} ${step + 1}단계는 이 컴퓨터에서 건너뜁니다: ${reasons.join(' ')}`)
      else if (source !== 'live')
        add('failed', `${withParticle(demo, '이/가')} 라이브가 아니라 녹화로 나옵니다.`)
      if (ms === null || told.has(`${demo} ${step} ${ms}`))
        continue
      told.add(`${demo} ${step} ${ms}`)
      if (isSlow(ms, usual.get(demo)?.get(step)))
        add('slow', `${demo} ${step + 1}단계 $ ${command}: ${(ms / 1000).toFixed(1)}초 (보통 ${(usual.get(demo)!.get(step)! / 1000).toFixed(1)}초)`)
    }
    for (const fault of new Set(faults))
      add('failed', fault)
    faults = []
    all.push(...findings)
    leave(slide, steps, findings)
    if (next === slide && slide < to) {
      all.push({ slide, state: 'failed', message: '다음을 눌러도 넘어가지 않습니다.' })
      await page.goto(`${address}#/presenter/${slide + 1}`)
      next = slide + 1
    }
    if (next === slide)
      break
    slide = next
  }
  return all
}

/** Presses the clicker's key, or R where only that runs the panel, and waits for what it starts. */
async function press(page: Page, stage: Locator, add: (state: Finding['state'], message: string) => void): Promise<void> {
  const strip = page.getByRole('region', { name: '이 슬라이드의 데모' })
  const about = await strip.count() > 0
    ? await strip.evaluate(({ dataset }) => ({ press: dataset.press, to: dataset.to, next: dataset.next }))
    : null
  const [no, clicks] = [await slideOf(page), await clicksOf(page)]
  const { clicksTotal, total } = await navOf(page)
  const last = clicks >= clicksTotal
  if (about?.next !== undefined && about.press === undefined && last) { // no click of this slide runs it
    await page.keyboard.press('r')
    await settle(stage, null, add)
  }
  if (last && no === total)
    return
  await page.keyboard.press(about?.press === 'retry' ? 'ArrowDown' : 'PageDown') // what has failed has been reported
  await soon(page.waitForFunction(([no, clicks]) => {
    const [, now, more] = /#\/presenter\/(\d+)(?:\?.*clicks=(\d+))?/.exec(location.href) ?? []
    return Number(now) !== no || Number(more ?? 0) !== clicks
  }, [no, clicks] as const))
  if (about?.press === 'run')
    await settle(stage, Number(about.to), add)
}

/** Waits until a step has ended, or all (null), or one has ended badly. */
async function settle(stage: Locator, step: number | null, add: (state: Finding['state'], message: string) => void): Promise<void> {
  const panel = stage.locator('[data-demo]').first()
  const begun = panel.locator('[data-step]:not([data-state="idle"])').first()
  if (!await soon(begun.waitFor({ state: 'attached', timeout: 0 }), OPEN_MS))
    return add('failed', '눌러도 실행이 시작되지 않았습니다.')
  const page = stage.page()
  const handle = await panel.elementHandle()
  await soon(page.waitForFunction(([panel, step]) => {
    const states = [...panel!.querySelectorAll<HTMLElement>('[data-step]')]
      .filter(each => step === null || Number(each.dataset.step) <= step)
      .map(each => each.dataset.state!)
    return states.some(state => ['failed', 'timed-out', 'cancelled'].includes(state))
      || states.every(state => ['passed', 'skipped'].includes(state))
  }, [handle, step] as const), RUN_MS)
}

async function soon(waiting: Promise<unknown>, ms = SOON_MS): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>(resolve => timer = setTimeout(resolve, ms, false))
  return Promise
    .race([waiting.then(() => true, () => false), late])
    .finally(() => clearTimeout(timer)) // a pending timer keeps the command from ending
}

async function slideOf(page: Page): Promise<number> {
  return Number(/#\/presenter\/(\d+)/.exec(page.url())?.[1])
}

async function clicksOf(page: Page): Promise<number> {
  return Number(/clicks=(\d+)/.exec(page.url())?.[1] ?? 0)
}

/** The slide's clicks and the deck's slides, as Slidev counts them. */
async function navOf(page: Page): Promise<{ clicksTotal: number, total: number }> {
  return page.evaluate(() => {
    const { clicksTotal, total } = (globalThis as unknown as { __slidev__: { nav: { clicksTotal: number, total: number } } }).__slidev__.nav
    return { clicksTotal, total }
  })
}

async function stepsOf(stage: Locator): Promise<StepShown[]> {
  return stage.locator('[data-demo] [data-step]').evaluateAll(steps => (steps as HTMLElement[]).map((step) => {
    const panel = step.closest<HTMLElement>('[data-demo]')!
    const command = step.querySelector('.command code, .quiet-step .command') // of a step that is folded away there is none
    return {
      demo: panel.dataset.demo!,
      step: Number(step.dataset.step),
      command: (command?.textContent ?? step.dataset.stepId!).replace(/^\$\s*/, '').trim(),
      state: step.dataset.state!,
      source: panel.dataset.source!,
      ms: step.dataset.durationMs === undefined ? null : Number(step.dataset.durationMs),
      reasons: [...step.querySelectorAll('.checks .failed, .checks .timed-out, .checks .skipped')].map(each => each.textContent!
        .replaceAll(/\s+/g, ' ')
        .trim()),
    }
  }))
}

async function usualByDemo(catalogue: Catalogue): Promise<Map<string, Map<number, number>>> {
  return new Map(await Promise.all([...catalogue].map(async ([id, entry]) => {
    if (!('demo' in entry))
      return [id, new Map<number, number>()] as const
    const times = await readFile(join(demosFolder, id, 'recording.cast'), 'utf8').then(
      text => recordedDurations(decode(text, entry.demo.steps.length)),
      () => new Map<number, number>(),
    )
    return [id, times] as const
  })))
}
