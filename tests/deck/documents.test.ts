import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const exclude = ['node_modules/**', '**/*.local/**', 'dist/**', 'tests/deck/documents.test.ts']

async function textsOf(pattern: string): Promise<Map<string, string>> {
  const files = await Array.fromAsync(glob(pattern, { cwd: root, exclude }))
  return new Map(await Promise.all(files.map(async file => [file, await readFile(join(root, file), 'utf8')] as const)))
}

/** The anchors that a forge makes of a document's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .replaceAll(/\s/g, '-'))
}

it('each link of a document leads to a file of the repository, and to a heading of it', async () => {
  const documents = await textsOf('{*.md,{demos,tests,styles}/**/*.md}')
  const links = [...documents].flatMap(([file, text]) => [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => {
    const [path = '', anchor] = decodeURI(link!).split('#')
    return { file, link, target: path === '' ? file : normalize(join(dirname(file), path)), anchor }
  }))
  expect(links.length).toBeGreaterThan(20)
  for (const { file, link, target, anchor } of links) {
    const text = await readFile(join(root, target), 'utf8').catch(() => null)
    expect(text, `${file} links to ${link}, which is not there`).not.toBeNull()
    if (anchor !== undefined)
      expect(anchorsOf(text!), `${file} links to ${link}`).toContain(anchor)
  }
})

it('the first page is short enough to be read', async () => {
  expect((await readFile(join(root, 'README.md'), 'utf8')).split('\n').length).toBeLessThanOrEqual(151) // the last line ends too
})

it('no text leaves the choice of a particle to its reader', async () => {
  for (const [file, text] of await textsOf('{*.md,*.ts,*.vue,{components,demos,layouts,pages,setup,tests}/**/*.{ts,vue,md}}'))
    expect(text, `${file}: withParticle of demos/runtime/model/korean.ts chooses`).not.toMatch(/[을은이과]\([를는가와]\)|으?\(으\)로|\(이\)/)
})
