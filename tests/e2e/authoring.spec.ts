import type { ServedDeck } from '../support/deck.ts'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { dirname, join } from 'node:path'
import { brokenDefinitions } from '../support/broken-demos.ts'
import { copyDeck } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'
import { onSlide, open } from './deck.ts'
import { outside, unreadable } from './measures.ts'
import { smaller } from './smaller.ts'
import { expect, test } from './test.ts'

/** A change is to be seen within a second, where the machine has no more work than cores; as much later as it has more. */
const soon = (): { timeout: number } => ({ timeout: 1000 * Math.max(1, loadavg()[0]! / availableParallelism()) })

/** Of the broken definitions, so many are left to the terminal (tests/commands/broken-demos.engine.test.ts) for each that a panel shows. */
const EVERY = 8

/** A demo of one command, which says a word and sleeps. */
function definition(word: string, field = 'expect'): string {
  return `import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '${word}',
  files: ['src/note.txt'],
  baseImages: [],
  steps: [{ id: 'sleep', title: '자기', command: ['node', '--eval', 'console.log("${word}"); setTimeout(() => {}, 3000)'],
    ${field}: [{ says: '나옵니다', output: '${word}' }] }],
})
`
}

const root = join(import.meta.dirname, '../..')
const guide = await readFile(join(root, 'demos/README.md'), 'utf8')
const readme = await readFile(join(root, 'README.md'), 'utf8')
/** What the documents show to be copied: two slides with their front matter, and lines of which each stands below a title here. */
const templates = [...guide.matchAll(/^```md\n([\s\S]*?)```/gm)].map(([, text]) => text!)
const lines = [...`${readme}${guide}`.matchAll(/`(<Demo\w* [^`…]*\/>)`/g)].map(([, line]) => `# 한 줄\n\n${line}\n`)
const copied = [...templates, ...lines.map(line => `---\n\n${line}`)]
/** The demo that the README has a stranger write. */
const [distro] = [...readme.matchAll(/^ *```ts\n([\s\S]*?)```/gm)].map(([, text]) => text!)

const first = `---
theme: default
routerMode: hash
fonts:
  provider: none
---

# 새 데모

<div class="cols">
<Demo id="fresh" />
<DemoFile id="fresh" file="src/note.txt" />
</div>
`

test.describe('a deck that is open while its demos are written', () => {
  test.skip(engine === null, withEngine)

  let folder: string
  let deck: ServedDeck
  test.beforeAll(async () => {
    folder = dirname(await copyDeck([first, ...copied].join('\n')))
    await mkdir(join(folder, 'demos/distro'))
    await writeFile(join(folder, 'demos/distro/demo.ts'), distro!)
    deck = await startDeck({ folder })
  })
  test.afterAll(async () => {
    await deck.stop()
    await rm(folder, { recursive: true })
  })

  test('shows what the documents have one copy, whole and in letters that one can read', async ({ page }) => {
    expect(templates).toHaveLength(2)
    expect(lines.length).toBeGreaterThan(6)
    for (const [index, text] of copied.entries()) {
      await open(page, deck.url, index + 2, 99)
      const slide = onSlide(page, index + 2)
      await slide.locator('[data-step], .cm-editor, [data-layer], svg').first().waitFor()
      await page.evaluate(() => document.fonts.ready.then(() => undefined))
      expect.soft(await slide.getByRole('alert').count(), `${text} shows a fault`).toBe(0)
      expect.soft(await slide.evaluate(outside), `${text} overflows`).toEqual([])
      expect.soft((await slide.evaluate(unreadable, { least: 16, smaller })).small, `${text} has small text`).toEqual([])
    }
  })

  test('shows a new folder, its changes and its faults as they are saved, and lets a run end as it began', async ({ page }) => {
    const demo = join(folder, 'demos/fresh')
    const panel = onSlide(page, 1).locator('[data-demo="fresh"]')
    await open(page, deck.url, 1)
    await expect(panel.getByRole('alert')).toContainText('데모 fresh는 없습니다')
    await page.evaluate(() => document.body.dataset.opened = 'once')

    await mkdir(join(demo, 'src'), { recursive: true })
    await writeFile(join(demo, 'src/note.txt'), '첫 글')
    await writeFile(join(demo, 'demo.ts'), definition('first'))
    await expect(panel.locator('[data-step-id="sleep"]')).toContainText('first', soon())
    await expect(panel.getByRole('alert')).toHaveCount(0)
    await expect(onSlide(page, 1).locator('[data-file="src/note.txt"]')).toContainText('첫 글', soon())

    await onSlide(page, 1).locator('.cm-content').focus()
    await expect.poll(() => onSlide(page, 1).locator('.cm-editor, .cm-editor *').evaluateAll(
      all => all.filter(each => getComputedStyle(each).outlineStyle !== 'none').length,
    ), 'outlines of the focus').toBe(1)

    await writeFile(join(demo, 'demo.ts'), definition('second', 'expects'))
    await expect(panel.getByRole('alert')).toContainText('expect를 쓰려던 것인가요?', soon())
    await expect(panel.getByRole('alert')).toContainText('demos/fresh/demo.ts의 8번째 줄을 고치세요.')
    await writeFile(join(demo, 'Dockerfile'), 'FROM busybox:stable\n')
    for (const [what, text, message, line] of brokenDefinitions.filter((_, index) => index % EVERY === 0)) {
      await writeFile(join(demo, 'demo.ts'), text)
      await expect(panel.getByRole('alert'), what).toContainText(`데모 fresh에 오류가 있습니다. ${message}`)
      await expect(panel.getByRole('alert'), what).toContainText(`demos/fresh/demo.ts의 ${line}번째 줄을 고치세요.`)
    }

    await writeFile(join(demo, 'demo.ts'), definition('third'))
    await expect(panel.locator('[data-step-id="sleep"]')).toContainText('third', soon())
    await expect(panel.getByRole('alert')).toHaveCount(0, soon())
    await writeFile(join(demo, 'src/note.txt'), '다음 글')
    await expect(onSlide(page, 1).locator('[data-file="src/note.txt"]')).toContainText('다음 글', soon())

    await panel.getByRole('button', { name: '실행' }).click()
    await expect(panel.getByRole('log')).toContainText('third')
    await writeFile(join(demo, 'demo.ts'), definition('fourth'))
    await expect(panel).toHaveAttribute('data-state', 'running')
    await expect(panel.locator('[data-step-id="sleep"]')).toContainText('fourth') // when the run has ended
    await expect(panel).toHaveAttribute('data-state', 'idle')

    await rm(demo, { recursive: true })
    await expect(panel.getByRole('alert')).toContainText('데모 fresh는 없습니다', soon())

    await mkdir(join(demo, 'src'), { recursive: true })
    await writeFile(join(demo, 'src/note.txt'), '다시')
    await writeFile(join(demo, 'demo.ts'), definition('fifth'))
    await expect(panel.locator('[data-step-id="sleep"]')).toContainText('fifth', soon())
    await expect(page.locator('body'), 'the page was loaded again').toHaveAttribute('data-opened', 'once')
  })
})
