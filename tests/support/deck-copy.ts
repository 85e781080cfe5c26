import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises'
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
    ...['node_modules', 'public'].map(name => symlink(join(root, name), join(folder, name))),
    writeFile(join(folder, 'slides.md'), slides),
  ])
  return join(folder, 'slides.md')
}
