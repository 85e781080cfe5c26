import { carriedStatements } from '../support/notes-to-slides.ts'
import { onSlide, open, slides } from './deck.ts'
import { expect, test } from './test.ts'

const plain = (text: string): string => text.replaceAll(/<[^>]+>/g, '')
/** Spaces and lines do not count: where a line breaks is a matter of layout. */
const letters = (text: string): string => text.replaceAll(/\s+/g, '')

test('every statement of the notes is to be seen on the slides that carry it', async ({ page, siteUrl }) => {
  const carriers = new Set(carriedStatements.flatMap(({ titles }) => titles))
  const seen = new Map<string, string>()
  await open(page, siteUrl, 1, 99)
  for (const [index, { title }] of slides.entries()) {
    const no = index + 1
    if (!carriers.has(plain(title ?? '')))
      continue
    await page.evaluate(to => location.hash = `#/${to}?clicks=99`, no)
    await onSlide(page, no).locator('.slidev-layout').waitFor()
    await onSlide(page, no).locator('h1').waitFor()
    // eslint-disable-next-line unicorn/prefer-dom-node-text-content -- what is hidden is not seen
    seen.set(plain(title!), letters(await onSlide(page, no).locator('.slidev-layout').innerText()))
  }
  for (const { statement, titles, words } of carriedStatements) {
    const text = titles.map(title => seen.get(title) ?? '').join('\n')
    for (const word of words)
      expect.soft(text, `${statement}\n${titles.join(' / ')}`).toContain(letters(word))
  }
})
