import type { Page } from 'playwright'
import { Buffer } from 'node:buffer'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { createServer } from '@slidev/cli'
import sharp from 'sharp'
import { launchBrowser } from '../runtime/browser/chromium.ts'
import { connectEngine, DockerEngine } from '../runtime/engine/docker.ts'
import { clean } from '../runtime/engine/ledger.ts'
import { keyedAddress } from '../runtime/model/key.ts'
import { problemOf } from '../runtime/model/problem.ts'
import { DRIVEN_CACHE, ENTRY, readDeck, slideNo } from '../runtime/pages/deck.ts'
import { pageSize, withPrintView } from '../runtime/pages/print-view.ts'
import { Access } from '../runtime/server/access.ts'
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
/** The moving picture, in px. */
const FILM = { width: 1280, height: 720 }
/** A picture that stood for less is left out, and the one after the run stands for so long, in milliseconds. */
const LEAST_FRAME_MS = 60
const LAST_FRAME_MS = 4000

await main(async () => {
  if (readArgs(usage, {}).positionals.length > 0)
    throw new MisuseError({ message: '이 명령에는 인수가 없습니다.', hint: usage })
  await mkdir(folder, { recursive: true })
  await contactSheets()
  const engine = await connectEngine().catch(problemOf)
  if (engine instanceof DockerEngine)
    await liveRun(engine)
  else
    console.log(`${styleText('yellow', '!')} 움직이는 그림은 그대로 두었습니다. ${engine.message} ${engine.hint}`)
  return EXIT.ok
})

/** Every slide, its runs as recorded, on one picture in the light and one in the dark. */
async function contactSheets(): Promise<void> {
  await withPrintView({ entry: ENTRY, onProgress: () => {} }, async (page, { slides, config }) => {
    const { width } = pageSize(config)
    await page.addStyleTag({ content: `
      #page-root, #print-container, #print-content, body, html, #app {
        width: auto !important; height: auto !important; overflow: visible !important;
      }
      #print-content {
        display: grid !important; grid-template-columns: repeat(${COLUMNS}, ${width}px);
        gap: ${GAP}px; padding: ${GAP}px; background: #64748b;
      }
    ` })
    await page.setViewportSize({ width: COLUMNS * width + (COLUMNS + 1) * GAP, height: 1200 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForFunction(dark => document.documentElement.classList.contains('dark') === dark, colorScheme === 'dark')
      const box = await page.locator('#print-content').boundingBox()
      const session = await page.context().newCDPSession(page)
      const { data } = await session.send('Page.captureScreenshot', {
        format: 'webp',
        quality: QUALITY,
        captureBeyondViewport: true,
        clip: { ...box!, scale: SCALE },
      })
      await save(`deck-${colorScheme}.webp`, Buffer.from(data, 'base64'), `슬라이드 ${slides.length}쪽`)
    }
  })
}

/** The README's moving picture: a file is edited, and its image built and run on the engine, in the time that it took. */
async function liveRun(engine: DockerEngine): Promise<void> {
  const options = await readDeck('dev')
  const no = slideNo(options.data.slides, 'rebuild')
  const access = new Access()
  const server = await createServer(options, {
    cacheDir: DRIVEN_CACHE,
    server: { host: 'localhost', port: 0 },
    logLevel: 'error',
    plugins: [demoServer(access)],
  })
  const browser = await launchBrowser()
  try {
    await server.listen()
    const page = await browser.newPage({ viewport: FILM, colorScheme: 'light', reducedMotion: 'reduce' })
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(keyedAddress(server.resolvedUrls!.local[0]!, String(no), access.key))
    const slide = page.locator(`#slideshow [data-slidev-no="${no}"]`)
    await slide.locator('[data-demo="helloworld"][data-source="live"] [data-step-id="run"]').waitFor()
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    await slide.locator('.cm-content').click()
    await page.keyboard.press('ControlOrMeta+End')

    const frames = await film(page, async () => {
      await page.waitForTimeout(1000)
      await page.keyboard.type(
        `echo "지금 ${new Date().toLocaleTimeString('ko-KR')}"\n`,
        { delay: 40 },
      ) // has never been built: no cache has it
      await page.keyboard.press('Escape')
      await page.waitForTimeout(1000) // the edit is sent when the typing pauses
      await page.keyboard.press('r')
      await slide.locator('[data-demo="helloworld"][data-state="passed"]').waitFor()
    })
    await save('run.webp', await moving(frames), `고치고 다시 빌드하기 · ${frames.length}장`)
  }
  finally {
    await browser.close()
    await server.close()
    await clean(engine.api, { demo: 'helloworld' })
  }
}

interface Frame { png: Buffer, shownMs: number }

/** What the page showed while something was done, each picture with the time for which it stood. */
async function film(page: Page, act: () => Promise<void>): Promise<Frame[]> {
  const pictures: { png: Buffer, atMs: number }[] = []
  const session = await page.context().newCDPSession(page)
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    pictures.push({ png: Buffer.from(data, 'base64'), atMs: metadata.timestamp! * 1000 })
    void session.send('Page.screencastFrameAck', { sessionId })
  })
  await session.send('Page.startScreencast', { format: 'png', maxWidth: FILM.width, maxHeight: FILM.height })
  await act()
  await page.waitForTimeout(500) // the last picture is on its way
  await session.send('Page.stopScreencast')
  const seen = pictures.filter(({ atMs }, index) => (pictures[index + 1]?.atMs ?? Infinity) - atMs >= LEAST_FRAME_MS)
  return seen.map(({ png, atMs }, index) => ({
    png,
    shownMs: index + 1 < seen.length ? Math.round(seen[index + 1]!.atMs - atMs) : LAST_FRAME_MS,
  }))
}

/** An animated WebP that begins again when it has ended. */
async function moving(frames: readonly Frame[]): Promise<Buffer> {
  return sharp(frames.map(({ png }) => png), { join: { animated: true } })
    .webp({ quality: QUALITY, minSize: true, loop: 0, delay: frames.map(({ shownMs }) => shownMs) })
    .toBuffer()
}

async function save(name: string, data: Uint8Array, message: string): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, data)
  console.log(`${styleText('green', '✓')} ${relative(process.cwd(), path)} · ${message} · ${((await stat(path)).size / 1024).toFixed(0)} KiB`)
}
