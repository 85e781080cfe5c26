// usage: run in a clone: node /tmp/tools/shots.ts OUTDIR [light|dark] [LECTURE by env]
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
const root = process.cwd()
const { withPrintView } = await import(join(root, 'demos/runtime/pages/print-view.ts'))
const { ENTRY } = await import(join(root, 'demos/runtime/pages/deck.ts'))
const [out, scheme = 'light'] = process.argv.slice(2)
await mkdir(out!, { recursive: true })
await withPrintView({ entry: ENTRY, onProgress: () => {} }, async (page: any, { slides }: any) => {
  await page.setViewportSize({ width: 980, height: 552 })
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.waitForFunction((dark: boolean) => document.documentElement.classList.contains('dark') === dark, scheme === 'dark')
  const all = page.locator('.print-slide-container')
  const n = await all.count()
  console.log(n, slides.length)
  for (let i = 0; i < n; i++)
    await all.nth(i).screenshot({ path: join(out!, `${String(i + 1).padStart(2, '0')}.png`) })
})
process.exit(0)
