import type { ResolvedSlidevOptions, SlideInfo } from '@slidev/types'
import { join } from 'node:path'
import preparser from '../../../setup/preparser.ts'

/** The deck's entry. */
export const ENTRY = join(import.meta.dirname, '../../../slides.md')

/**
 * Where Vite prepares the dependencies of a deck that a command drives: beside a deck that `npm start` has opened in a
 * fresh clone, each would take the other's away.
 */
export const DRIVEN_CACHE = 'node_modules/.vite/driven'

/** A deck as Slidev reads it, cut for the lecture that LECTURE chooses; Slidev's own command line does the same by itself. */
export async function readDeck(mode: 'dev' | 'build' | 'export', entry = ENTRY): Promise<ResolvedSlidevOptions> {
  const { parser, resolveOptions } = await import('@slidev/cli') // takes seconds: a command that is misused says so at once
  parser.injectPreparserExtensionLoader(async (_, headmatter, filepath) => preparser({ headmatter, filepath, mode }))
  return resolveOptions({ entry }, mode)
}

/**
 * The number of the slide that has this name in its front matter: `slide: build`.
 * @throws {Error} when no slide has it.
 */
export function slideNo(slides: readonly SlideInfo[], name: string): number {
  const index = slides.findIndex(({ frontmatter }) => frontmatter.slide === name)
  if (index === -1)
    throw new Error(`no slide has \`slide: ${name}\` in its front matter`)
  return index + 1
}
