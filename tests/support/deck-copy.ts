import { cp, mkdir, mkdtemp, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * A deck that has this one's components and demos, and other slides, in a folder that no dev server watches.
 * @returns the path of its slides.
 */
export async function copyDeck(slides: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-deck-'))
  await Promise.all([
    ...[
      'components', 'demos', 'layouts', 'setup', 'styles', 'global-top.vue', 'slide-bottom.vue',
      'index.html', 'vite.config.ts', 'package.json', 'tsconfig.json',
    ]
      .map(name => cp(join(root, name), join(folder, name), { recursive: true })),
    symlink(join(root, 'public'), join(folder, 'public')),
    linkPackages(folder),
    writeFile(join(folder, 'slides.md'), slides),
  ])
  return join(folder, 'slides.md')
}

/** Puts a page in the place of a deck's site for the audience, which is not built then. */
export async function giveSite(folder: string): Promise<void> {
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist/lecture.txt'), '')
  await writeFile(join(folder, 'dist/index.html'), '<!doctype html><html lang="ko"><title>청중의 쪽</title></html>')
  const later = new Date(Date.now() + 60_000)
  await utimes(join(folder, 'dist/index.html'), later, later)
}

/** Gives a folder this deck's packages, but not what Vite and we have prepared of them for this deck. */
async function linkPackages(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'))
  const names = (await readdir(join(root, 'node_modules'))).filter(name => name !== '.vite' && name !== '.cache')
  await Promise.all(names.map(name => symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))))
}
