import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Anser from 'anser'
import { demosFolder, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { expect, test } from './test.ts'

const player = createRequire(import.meta.url).resolve('asciinema-player/dist/bundle/asciinema-player.min.js')
/** The last line of a recording's output that has a word, without its colours: its first word. */
function lastWord(cast: string): string {
  const outputs = cast.trimEnd().split('\n').slice(1).map(line => JSON.parse(line) as [number, string, string]).filter(([, code]) => code === 'o')
  const words = outputs.flatMap(([, , data]) => Anser.ansiToText(data).split('\n')).map(line => /\w{3,}/.exec(line)?.[0])
  return words.findLast(word => word !== undefined)!
}

test('asciinema-player plays each recording to its end', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  await page.setContent('<div id="player"></div>')
  await page.addScriptTag({ path: player })
  for (const id of (await readCatalogue()).keys()) {
    await test.step(id, async () => {
      const cast = await readFile(join(demosFolder, id, 'recording.cast'), 'utf8')
      await page.evaluate(data => new Promise<void>((resolve) => {
        const { AsciinemaPlayer } = globalThis as unknown as { AsciinemaPlayer: {
          create: (source: { data: string }, element: HTMLElement, options: object) => {
            addEventListener: (name: string, listener: () => void) => void
            play: () => void
          }
        } }
        const box = document.querySelector<HTMLElement>('#player')!
        box.replaceChildren()
        const played = AsciinemaPlayer.create({ data }, box, { speed: 1000 })
        played.addEventListener('ended', resolve)
        played.play()
      }), cast)
      await expect(page.locator('#player')).toContainText(lastWord(cast))
    })
  }
  expect(faults).toEqual([])
})
