import type { Page } from 'playwright/test'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './test.ts'

const root = join(import.meta.dirname, '../..')

test('every letter of slides, panels and recordings is in a font that the deck ships', async ({ page, siteUrl }) => {
  const letters = await lettersOfSources()
  expect(letters).toEqual(expect.arrayContaining([...'✓✗①▶⏱◐■↷○…한']))
  await page.goto(siteUrl)
  await page.locator('.slidev-layout').first().waitFor()
  await page.evaluate(async (letters) => {
    document.body.innerHTML = ['sans', 'mono']
      .map(stack => `<p style="font: 16px var(--font-${stack})">${letters.map(letter => `<span>${letter}</span>`).join('')}</p>`)
      .join('')
    for (const { style } of document.querySelectorAll('p')) {
      await document.fonts.load(
        style.font.replace(/var\((.*)\)/, (_, name: string) => getComputedStyle(document.documentElement).getPropertyValue(name)),
        letters.join(''),
      )
    }
  }, letters)
  expect(await systemFonts(page)).toEqual([])
})

/** Whatever is not ASCII in the files that slides are made of; a recording writes some of it as escapes. */
async function lettersOfSources(): Promise<string[]> {
  const letters = new Set<string>()
  for await (const file of glob([
    'slides.md',
    '{pages,components,layouts,setup}/**/*.{md,vue,ts}',
    '*.vue',
    'demos/**/*.{ts,vue,cast}',
  ], { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8')
    const shown = file.endsWith('.cast') ? text.split('\n').filter(Boolean).map(line => JSON.stringify(JSON.parse(line))).join() : text
    for (const letter of shown.match(/[^\0-\x7F]/gu) ?? [])
      letters.add(letter)
  }
  return [...letters].toSorted()
}

/** The texts of a page that are drawn in a font which the page does not bring, with that font's name. */
async function systemFonts(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument', { depth: -1 })
  const found: string[] = []
  const look = async (node: typeof root): Promise<void> => {
    const children = [...node.children ?? [], ...node.pseudoElements ?? []]
    const text = node.children?.map(({ nodeName, nodeValue }) => nodeName === '#text' ? nodeValue.trim() : '').join('')
    if (text || node.pseudoType) {
      const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId: node.nodeId })
      found.push(...fonts.filter(({ isCustomFont }) => !isCustomFont).map(({ familyName }) => `${familyName}: ${text || node.pseudoType}`))
    }
    await Promise.all(children.map(look))
  }
  await look(root)
  await session.detach()
  return found
}
