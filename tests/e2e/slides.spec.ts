import type { Locator, Page } from 'playwright/test'
import type { Unreadable } from './measures.ts'
import { createRequire } from 'node:module'
import { startDeck } from '../support/deck.ts'
import { lecturerUrl } from '../support/keys.ts'
import { onSlide, open, slides, watchFaults } from './deck.ts'
import { outside, unreadable } from './measures.ts'
import { smaller } from './smaller.ts'
import { expect, test } from './test.ts'

/** What the audience must read, in px of the canvas. */
const sizes = { least: 24, smaller }
const readable: Unreadable = { small: [], broken: [], wrapped: [], overlapping: [] }

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** The numbers of all slides, in parts of a section at most eight long: a failure costs no more than its part. */
const parts = slides.reduce<number[][]>((parts, { frontmatter }, index) => {
  if (index === 0 || frontmatter.layout === 'section' || parts.at(-1)!.length === 8)
    parts.push([])
  parts.at(-1)!.push(index + 1)
  return parts
}, [])

for (const numbers of parts) {
  test(`slides ${numbers[0]} to ${numbers.at(-1)} fit, have no error, ask nobody outside, and are accessible in the light and in the dark`, async ({ page, siteUrl }) => {
    const faults = watchFaults(page)
    await page.addInitScript({ path: axePath })
    await open(page, siteUrl, numbers[0]!, 99)
    for (const no of numbers) {
      await test.step(`slide ${no}`, async () => {
        await page.evaluate(to => location.hash = `#/${to}?clicks=99`, no)
        const slide = onSlide(page, no)
        await slide.locator('.slidev-layout').waitFor()
        await page.evaluate(() => document.fonts.ready.then(() => undefined))
        expect.soft(await slide.evaluate(outside), `slide ${no} overflows`).toEqual([])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await expect(page.locator('html')).toHaveClass(colorScheme)
          expect.soft(await slide.evaluate(barriers, colorScheme === 'dark'), `slide ${no} accessibility, ${colorScheme}`).toEqual([])
        }
        await expectReadable(page, slide, `slide ${no}`)
        if (await showRecordings(slide))
          await expectReadable(page, slide, `slide ${no} with its recording`)
      })
    }
    expect(faults).toEqual([])
  })
}

/** What the presenter view says in English, beside its slides and notes: titles, and texts of its own. */
function words(presenter: Element): string[] {
  const own = (element: Element): boolean => element.closest('.slidev-page, .slidev-note, .strip') === null
  const titles = [...presenter.querySelectorAll('[title]')].filter(own).map(element => element.getAttribute('title')!)
  const nodes = [...presenter.querySelectorAll('*')].filter(own).flatMap(({ childNodes }) => [...childNodes])
  const texts = nodes.filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent!)
  return [...titles, ...texts].filter(text => /[a-z]{3}/i.test(text))
}

/** Looks at a slide on both kinds of projector, in the light and in the dark. */
async function expectReadable(page: Page, slide: Locator, name: string): Promise<void> {
  for (const viewport of [{ width: 1024, height: 768 }, { width: 1280, height: 720 }]) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect.soft(await slide.evaluate(unreadable, sizes), `${name}, ${viewport.width} px wide, ${colorScheme}`).toEqual(readable)
    }
  }
}

/** Has the slide's panels show their recordings, as another window of the lecturer's browser would; false where there is none. */
async function showRecordings(slide: Locator): Promise<boolean> {
  const panels = slide.locator('[data-demo]')
  if (await panels.count() === 0)
    return false
  await panels.evaluateAll((all) => {
    const channel = new BroadcastChannel('docker-basics:show')
    all.forEach(each => channel.postMessage({ demo: (each as HTMLElement).dataset.demo, recorded: true }))
  })
  await expect(slide.locator('[data-demo] .step.large:not([data-state="idle"])').first()).toBeAttached()
  return true
}

/** What keeps people from reading a slide, seriously; colours alone when the rest has been looked at. */
async function barriers(slide: Element, coloursAlone: boolean): Promise<string[]> {
  const { axe } = window as unknown as { axe: typeof import('axe-core') }
  const rules = coloursAlone
    ? { runOnly: ['color-contrast'] }
    : { rules: { 'page-has-heading-one': { enabled: false }, 'region': { enabled: false } } } // a slide is not a page with landmarks
  const { violations } = await axe.run(slide, { ...rules, resultTypes: ['violations'] })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(
      ({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.split('\n')[1] ?? ''}`,
    ))
}

test('the deck is in Korean, has its own icon, and shows section and page in the footer', async ({ page, withoutEngineUrl }) => {
  const faults = watchFaults(page)
  await open(page, withoutEngineUrl, 4)
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  expect(
    (await page.request.get(new URL(await page.locator('link[rel="icon"]').getAttribute('href') ?? '', withoutEngineUrl).href)).status(),
  ).toBe(
    200,
  )
  await expect(onSlide(page, 4).locator('footer')).toContainText(`4 / ${slides.length}`)
  expect(faults).toEqual([])
})

test('the contents of the built site tell how long each section takes', async ({ page, siteUrl }) => {
  await open(page, siteUrl, 3)
  const contents = onSlide(page, 3).getByRole('navigation', { name: '차례' })
  await expect(contents).toContainText(/모두 [6-9]\d분/)
  const without = (await contents.getByRole('listitem').allTextContents()).filter(text => !/[1-9]\d*분/.test(text))
  expect(without).toEqual([expect.stringMatching(/부록/)])
})

test.describe('windows that share one lecture', () => {
  test.describe.configure({ mode: 'default' }) // one after the other: each moves the lecture

  test('presenter and overview show the deck without an error', async ({ page, withoutEngineUrl }) => {
    const faults = watchFaults(page)
    await page.goto(lecturerUrl(withoutEngineUrl, 'presenter/2'))
    await expect(page.getByText('⏱').first()).toBeVisible()
    expect(await page.locator('.slidev-presenter').evaluate(words)).toEqual([])
    await page.goto(`${withoutEngineUrl}#/overview`)
    const shown = expect.poll(() => page.locator('.slidev-layout').count(), { timeout: 60_000 }) // all slides at once take a while
    await shown.toBeGreaterThanOrEqual(slides.length)
    expect(faults).toEqual([])
  })

  test('a window that is led tells nobody where it is, and so takes nobody back', async ({ page, context, withoutEngineUrl }) => {
    const audience = await context.newPage()
    const told: string[] = []
    await audience.route('**/@server-reactive/nav', async (route) => {
      if (route.request().method() === 'POST')
        told.push(route.request().postData()!)
      await route.continue()
    })
    await open(audience, withoutEngineUrl, 3)
    await page.goto(lecturerUrl(withoutEngineUrl, 'presenter/3'))
    await expect(onSlide(page, 3)).toBeVisible()
    told.length = 0 // where it was opened
    const place = (view: Page): string => view.url().split('#')[1]!.replace('/presenter', '').replace('?clicks=0', '')
    await page.keyboard.press('PageDown')
    await expect(onSlide(audience, 4)).toBeVisible()
    await page.keyboard.press('PageDown')
    await expect.poll(() => place(page)).not.toBe('/4')
    await expect.poll(() => place(audience)).toBe(place(page))
    expect(told).toEqual([])
    // It leads as well, by a key of its own: what it tells then is the first that it tells.
    await audience.keyboard.press('PageUp')
    await expect.poll(() => place(page)).toMatch(/^\/4(?:\?|$)/)
    expect(told).toHaveLength(1)
  })
})

test('a view whose first modules are lost on the way loads again', async ({ page, withoutEngineUrl }) => {
  await page.route('**/client/pages/play.vue*', route => route.abort('connectionreset'), { times: 1 })
  await open(page, withoutEngineUrl, 4)
})

test('a shorter lecture numbers its own pages, and its contents name its own sections', async ({ page }) => {
  const deck = await startDeck({ env: { LECTURE: '60', DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  try {
    await open(page, deck.url, 3)
    const contents = onSlide(page, 3).getByRole('navigation', { name: '차례' })
    const [, total = ''] = /3 \/ (\d+)/.exec(await onSlide(page, 3).locator('footer').textContent() ?? '') ?? []
    expect(Number(total)).toBeGreaterThan(10)
    expect(Number(total)).toBeLessThan(slides.length)
    const last = contents.getByRole('listitem').last()
    await expect(last).not.toContainText(`${slides.findLastIndex(({ frontmatter }) => frontmatter.layout === 'section') + 1}쪽`)
    const [, no = ''] = /(\d+)쪽/.exec(await last.textContent() ?? '') ?? []
    await last.getByRole('link').click()
    await expect(onSlide(page, Number(no)).getByRole('heading', { level: 1 })).toHaveText('부록')
  }
  finally {
    await deck.stop()
  }
})
