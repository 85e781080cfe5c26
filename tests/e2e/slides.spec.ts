import type { Page } from 'playwright/test'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { execa } from 'execa'
import { expect, test } from 'playwright/test'
import { onSlide, open, slides, watchFaults } from './deck.ts'
import { NO_ENGINE, STATIC } from './servers.ts'

test('every slide fits, has no error, asks nobody outside, and is accessible in the light and in the dark', async ({ browser }) => {
  test.setTimeout(600_000)
  // A page a core: what takes time here is axe.
  await Promise.all([1, 2].map(async (first) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const faults = watchFaults(page)
    for (let no = first; no <= slides.length; no += 2)
      await look(page, no)
    expect(faults).toEqual([])
    await context.close()
  }))
})

/** Checks one slide with all its clicks made. */
async function look(page: Page, no: number): Promise<void> {
  await page.goto('about:blank') // Slidev keeps the slides that it has shown, and axe reads the whole page
  await open(page, STATIC.url, no, 99)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await test.step(`slide ${no}`, async () => {
    const outside = await onSlide(page, no).evaluate((slide) => {
      const box = slide.getBoundingClientRect()
      const scrolls = '.screen, .text, .cm-editor'
      return [...slide.querySelectorAll('*')].filter((element) => {
        const { right, bottom, left, top, width, height } = element.getBoundingClientRect()
        return width > 0 && height > 0 && !element.closest('[aria-hidden="true"]') && !element.parentElement?.closest(scrolls)
          && (right > box.right + 1 || bottom > box.bottom + 1 || left < box.left - 1 || top < box.top - 1
            || (element.matches('.slidev-layout, td, th, li, .card, pre') && element.scrollWidth > element.clientWidth + 2 && getComputedStyle(element).overflowX === 'hidden'))
      }).map(element => `${element.tagName}.${element.getAttribute('class')} ${element.textContent?.slice(0, 40)}`)
    })
    expect.soft(outside, `slide ${no} overflows`).toEqual([])

    const small = await onSlide(page, no).evaluate((slide) => {
      const scale = slide.getBoundingClientRect().width / (slide as HTMLElement).offsetWidth
      const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
      const found = new Set<string>()
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement!
        const range = document.createRange()
        range.selectNodeContents(node)
        if (node.textContent!.trim() === '' || range.getClientRects().length === 0 || element.closest('[aria-hidden="true"], title, desc, style'))
          continue
        const drawn = element instanceof SVGElement ? Number.parseFloat(getComputedStyle(element).fontSize) * (element as Element as SVGGraphicsElement).getScreenCTM()!.a / scale : Number.parseFloat(getComputedStyle(element).fontSize)
        if (drawn < 13.9)
          found.add(`${drawn.toFixed(1)} px: ${node.textContent!.trim().slice(0, 40)}`)
      }
      return [...found]
    })
    expect.soft(small, `slide ${no} has text below 14 px`).toEqual([])

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveClass(colorScheme)
      // Legacy mode serves a page without frames and costs half. A slide is not a page with landmarks.
      const axe = new AxeBuilder({ page }).include(`#slideshow [data-slidev-no="${no}"]`).setLegacyMode(true)
      const { violations } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe.disableRules(['page-has-heading-one', 'region'])).analyze()
      expect.soft(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.split('\n')[1] ?? ''}`)), `slide ${no} accessibility, ${colorScheme}`).toEqual([])
    }
  })
}

test('every slide has speaker notes with a time, and they add up to 60 to 90 minutes', () => {
  const minutes = slides.map(({ note, index }) => {
    const match = /⏱\s*(?:(\d+(?:\.\d+)?)\s*분)?\s*(?:(\d+)\s*초)?/.exec(note ?? '')
    expect(match?.[1] ?? match?.[2], `notes of slide ${index + 1}`).toBeTruthy()
    return Number(match?.[1] ?? 0) + Number(match?.[2] ?? 0) / 60
  })
  const total = minutes.reduce((sum, each) => sum + each, 0)
  expect(total).toBeGreaterThanOrEqual(60)
  expect(total).toBeLessThanOrEqual(90)
})

test('the deck is in Korean, has its own icon, and shows section and page in the footer', async ({ page }) => {
  const faults = watchFaults(page)
  await open(page, NO_ENGINE.url, 4)
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  expect((await page.request.get(new URL(await page.locator('link[rel="icon"]').getAttribute('href') ?? '', NO_ENGINE.url).href)).status()).toBe(200)
  await expect(onSlide(page, 4).locator('footer')).toContainText(`4 / ${slides.length}`)
  expect(faults).toEqual([])
})

test('the contents of the built site tell how long each section takes', async ({ page }) => {
  await open(page, STATIC.url, 3)
  const contents = onSlide(page, 3).getByRole('navigation', { name: '차례' })
  await expect(contents).toContainText(new RegExp(`모두 ${slides.length}쪽, [6-9]\\d분`))
  expect((await contents.getByRole('listitem').allTextContents()).filter(text => !/[1-9]\d*분/.test(text))).toEqual([])
})

test('presenter and overview show the deck without an error', async ({ page }) => {
  const faults = watchFaults(page)
  await page.goto(`${NO_ENGINE.url}#/presenter/2`)
  await expect(page.getByText('⏱').first()).toBeVisible()
  await page.goto(`${NO_ENGINE.url}#/overview`)
  await page.waitForTimeout(2000)
  expect(faults).toEqual([])
})

test('a window that is led on late does not take the lecturer back', async ({ page, context }) => {
  const audience = await context.newPage()
  await audience.routeWebSocket(NO_ENGINE.url.replace('http', 'ws').concat('**'), (socket) => {
    const server = socket.connectToServer()
    socket.onMessage(message => setTimeout(() => server.send(message), 500)) // a busy laptop
  })
  await open(audience, NO_ENGINE.url, 3)
  await page.goto(`${NO_ENGINE.url}#/presenter/3`)
  await expect(onSlide(page, 3)).toBeVisible()
  await page.keyboard.press('PageDown')
  await expect(onSlide(audience, 4)).toBeVisible()
  await page.keyboard.press('PageDown')
  const place = (): string => page.url().split('#')[1]!
  await expect.poll(place).not.toBe('/presenter/4')
  const there = place()
  await page.waitForTimeout(1000)
  expect(place()).toBe(there)
  // The audience's window leads as well, by a key of its own.
  await audience.keyboard.press('PageUp')
  await expect.poll(place).toMatch(/^\/presenter\/4(?:\?|$)/)
})

test('a view whose first modules are lost on the way loads again', async ({ page }) => {
  await page.route('**/client/pages/play.vue*', route => route.abort('connectionreset'), { times: 1 })
  await open(page, NO_ENGINE.url, 4)
})

test('a shorter lecture numbers its own pages, and its contents name its own sections', async ({ page }) => {
  test.setTimeout(120_000) // it starts a server of its own
  const port = 4104
  const server = execa('node', ['demos/commands/start.ts', '--port', String(port), '--open=false'], { cwd: join(import.meta.dirname, '../..'), preferLocal: true, reject: false, stdin: 'ignore', env: { LECTURE: '30', DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  try {
    await new Promise<void>(resolve => server.stdout.on('data', chunk => String(chunk).includes('Ctrl+C') && resolve()))
    await open(page, `http://localhost:${port}/`, 3)
    const contents = onSlide(page, 3).getByRole('navigation', { name: '차례' })
    const [, total = ''] = /모두 (\d+)쪽/.exec(await contents.textContent() ?? '') ?? []
    expect(Number(total)).toBeLessThan(slides.length)
    await expect(onSlide(page, 3).locator('footer')).toContainText(`3 / ${total}`)
    const last = contents.getByRole('listitem').last()
    await expect(last).not.toContainText(`${slides.findLastIndex(({ frontmatter }) => frontmatter.layout === 'section') + 1}쪽`)
    const [, no = ''] = /(\d+)쪽/.exec(await last.textContent() ?? '') ?? []
    await last.getByRole('link').click()
    await expect(onSlide(page, Number(no)).getByRole('heading', { level: 1 })).toHaveText('정리와 다른 점')
  }
  finally {
    server.kill()
    await server
  }
})
