import type { Page } from 'playwright'
import { Buffer } from 'node:buffer'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { createServer } from '@slidev/cli'
import { engineStatus } from '../runtime/engine/docker.ts'
import { clean } from '../runtime/engine/ledger.ts'
import { launchBrowser } from '../runtime/pages/chromium.ts'
import { ENTRY, readDeck } from '../runtime/pages/deck.ts'
import { pageSize, withPrintView } from '../runtime/pages/print-view.ts'
import { demoServer } from '../runtime/server/plugin.ts'
import { EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run screenshots   (public/screenshots/의 그림을 새로 찍습니다)'
const folder = join(import.meta.dirname, '../../public/screenshots')

const COLUMNS = 4
const GAP = 48
/** Of a slide on the contact sheet, against its size in px on the canvas. */
const SCALE = 0.45
/** Of WebP, 0 to 100: the least at which small Korean stays clean. */
const QUALITY = 72
/** Longest wait for a slide or a run on it, in milliseconds: the first time, Vite prepares the dependencies. */
const WAIT_MS = 120_000

await main(async () => {
  if (readArgs(usage, {}).positionals.length > 0)
    throw new MisuseError({ message: '이 명령에는 인수가 없습니다.', hint: usage })
  await mkdir(folder, { recursive: true })
  await contactSheets()
  const engine = await engineStatus()
  if (engine.reachable)
    await liveSlides()
  else
    console.log(`${styleText('yellow', '!')} 라이브 슬라이드의 그림은 그대로 두었습니다. ${engine.problem.message} ${engine.problem.hint}`)
  return EXIT.ok
})

/** Every slide, its runs as recorded, on one picture in the light and one in the dark. */
async function contactSheets(): Promise<void> {
  await withPrintView({ entry: ENTRY, onProgress: () => {} }, async (page, { slides, config }) => {
    const { width } = pageSize(config)
    await page.addStyleTag({ content: `
      #page-root, #print-container, #print-content, body, html, #app { width: auto !important; height: auto !important; overflow: visible !important }
      #print-content { display: grid !important; grid-template-columns: repeat(${COLUMNS}, ${width}px); gap: ${GAP}px; padding: ${GAP}px; background: #64748b }
    ` })
    await page.setViewportSize({ width: COLUMNS * width + (COLUMNS + 1) * GAP, height: 1200 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForFunction(dark => document.documentElement.classList.contains('dark') === dark, colorScheme === 'dark')
      const box = await page.locator('#print-content').boundingBox()
      const session = await page.context().newCDPSession(page)
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY, captureBeyondViewport: true, clip: { ...box!, scale: SCALE } })
      await save(`deck-${colorScheme}.webp`, Buffer.from(data, 'base64'), `슬라이드 ${slides.length}쪽`)
    }
  })
}

/** The README's own pictures: slides of the presenting deck whose runs have ended on the engine. */
async function liveSlides(): Promise<void> {
  const options = await readDeck('dev')
  const slideNo = (name: string): number => options.data.slides.findIndex(({ frontmatter }) => frontmatter.slide === name) + 1
  const [build, whole] = [slideNo('build'), slideNo('rebuild')]
  const server = await createServer(options, { server: { host: 'localhost', port: 0 }, logLevel: 'error', plugins: [demoServer(null)] })
  const browser = await launchBrowser()
  try {
    await server.listen()
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light', reducedMotion: 'reduce' })
    page.setDefaultTimeout(WAIT_MS)
    const open = async (no: number): Promise<void> => {
      await page.goto(new URL(`#/${no}`, server.resolvedUrls!.local[0]).href)
      await page.locator(`#slideshow [data-slidev-no="${no}"] [data-demo="helloworld"][data-source="live"]`).waitFor()
    }
    const passed = (no: number): Promise<void> => page.locator(`#slideshow [data-slidev-no="${no}"] [data-demo="helloworld"][data-state="passed"]`).waitFor()

    const write = async (text: string): Promise<void> => {
      await open(whole)
      await page.locator(`#slideshow [data-slidev-no="${whole}"] .cm-content`).click()
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.insertText(text)
      await page.keyboard.press('Escape')
      await page.waitForTimeout(1000) // the edit is sent when the typing pauses
    }
    // What has never been built comes from no cache.
    const now = new Date()
    await write(`#!/bin/sh\n\necho "Hello, World!" # ${now.toISOString()}\n`)
    await open(build)
    await page.keyboard.press('PageDown')
    await page.keyboard.press('PageDown')
    await passed(build)
    await shoot(page, 'build.png', '이미지 빌드')

    await write(`#!/bin/sh\n\necho "Hello, World!"\necho "안녕, 도커! ${now.toLocaleTimeString('ko-KR', { timeStyle: 'short' })}"\n`)
    await page.keyboard.press('r')
    await page.locator(`#slideshow [data-slidev-no="${whole}"]`).getByRole('log').last().getByText('안녕, 도커!').waitFor()
    await passed(whole)
    await shoot(page, 'rebuild.png', '고치고 다시 빌드')
  }
  finally {
    await browser.close()
    await server.close()
    await clean('helloworld')
  }
}

async function shoot(page: Page, name: string, message: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await save(name, await page.screenshot(), message)
}

async function save(name: string, data: Uint8Array, message: string): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, data)
  console.log(`${styleText('green', '✓')} ${relative(process.cwd(), path)} · ${message} · ${((await stat(path)).size / 1024).toFixed(0)} KiB`)
}
