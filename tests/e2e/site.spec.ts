import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { siteFolder } from '../../demos/runtime/server/site.ts'
import { onSlide, open, WHOLE_SLIDE } from './deck.ts'
import { expect, test } from './test.ts'

/** The policy that README.md names. */
const POLICY = [
  `default-src 'self'`, `script-src 'self' 'wasm-unsafe-eval'`, `style-src 'self' 'unsafe-inline'`, `img-src 'self' data:`,
  `font-src 'self' data:`,
].join('; ')

test('the first slide waits for one script, one style sheet and little else', async ({ siteUrl: _ }) => {
  const html = await readFile(join(siteFolder, 'index.html'), 'utf8')
  const needed = [...html.matchAll(/(?:src|href)="(\.\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!)
  for (const file of needed.filter(file => file.endsWith('.js'))) {
    const imports = (await readFile(join(siteFolder, file), 'utf8')).matchAll(/(?:\bfrom|\bimport)\s*["'`](\.\/[^"'`]+)["'`]/g)
    needed.push(...[...imports].map(([, other]) => `./${join(dirname(file), other!)}`).filter(other => !needed.includes(other)))
  }
  const sizes = await Promise.all(needed.map(async file => (await stat(join(siteFolder, file))).size))
  expect(needed.length, needed.join(' ')).toBeLessThanOrEqual(4)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(920_000)
})

test('the site sets its cover as the deck does', async ({ page, siteUrl }) => {
  await open(page, siteUrl, 1)
  await expect(onSlide(page, 1).locator('h1')).toHaveCSS('font-size', '120px')
})

test('the site that is opened as a file says how to open it', async ({ page, siteUrl: _ }) => {
  for (const slide of ['', '#/5']) {
    await page.goto(`${pathToFileURL(join(siteFolder, 'index.html')).href}${slide}`)
    await expect(page.getByText('파일을 두 번 눌러서는 열 수 없습니다')).toBeVisible()
    await expect(page.getByText('python3 -m http.server')).toBeVisible()
    await page.goto('about:blank')
  }
})

test('the site without JavaScript says so', async ({ request, siteUrl }) => {
  expect(await (await request.get(siteUrl)).text()).toMatch(/<noscript><p>[^<]*자바스크립트를 켜세요/)
})

for (const name of ['localStorage', 'sessionStorage']) {
  test(`the site works where a browser refuses ${name}`, async ({ page, siteUrl }) => {
    await page.addInitScript(name => Object.defineProperty(window, name, {
      configurable: true,
      get: () => {
        throw new DOMException('denied', 'SecurityError')
      },
    }), name)
    await open(page, siteUrl, WHOLE_SLIDE)
    const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
    await demo.getByRole('button', { name: '실행', exact: true }).click()
    await expect(demo).toHaveAttribute('data-state', 'passed')
  })
}

test('the site works under the policy that the README names, and breaks none of it', async ({ page, siteUrl }) => {
  const broken: string[] = []
  page.on('console', message => /Content Security Policy/.test(message.text()) && broken.push(message.text()))
  await page.route(`${siteUrl}**`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': POLICY } })
  })
  await open(page, siteUrl, WHOLE_SLIDE)
  const demo = onSlide(page, WHOLE_SLIDE).locator('[data-demo="helloworld"]')
  await demo.getByRole('button', { name: '실행', exact: true }).click()
  await expect(demo).toHaveAttribute('data-state', 'passed')
  expect(broken).toEqual([])
})

for (const address of ['slides/5', '5', 'slides/5/', 'a/b/c/5']) {
  test(`the site's page for wrong addresses finds the deck from ${address}`, async ({ page, siteUrl }) => {
    await page.route(`${siteUrl}${address}`, async route => route.fulfill({
      status: 404,
      contentType: 'text/html; charset=utf-8',
      body: await readFile(join(siteFolder, '404.html'), 'utf8'),
    }))
    await page.goto(`${siteUrl}${address}`)
    await onSlide(page, 5).locator('.slidev-layout').waitFor()
    expect(page.url()).toBe(`${siteUrl}#/5`)
  })
}

test('the site in a frame whose sandbox keeps its files from it says so', async ({ page, siteUrl }) => {
  await page.route(`${siteUrl}frame.html`, route => route.fulfill({
    contentType: 'text/html',
    body: `<iframe sandbox="allow-scripts" src="./" width="900" height="500"></iframe>`,
  }))
  await page.goto(`${siteUrl}frame.html`)
  await expect(page.frameLocator('iframe').getByText('이 슬라이드가 들어 있는 틀이 내용을 막고 있습니다')).toBeVisible()
})

test('the control bar speaks Korean, also to a screen reader', async ({ page, siteUrl }) => {
  await open(page, siteUrl, 1)
  const labels = await page.locator('.slidev-nav .slidev-icon-btn, nav .slidev-icon-btn').evaluateAll(
    buttons => buttons.map(button => `${button.getAttribute('title')} ${button.textContent.trim()}`),
  )
  expect(labels.length).toBeGreaterThan(3)
  expect(labels.filter(label => !/\p{Script=Hangul}/u.test(label) || /[a-z]{3}/i.test(label))).toEqual([])
})
