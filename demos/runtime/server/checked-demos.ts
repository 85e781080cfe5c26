import type { Plugin } from 'vite'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { demosFolder, readDemo } from '../run/catalogue.ts'
import { withoutFalsehoods } from './without-falsehoods.ts'

/** Gives pages a definition without its falsehoods, or, in place of one that cannot be used, the problem with it: a panel then shows that. */
export function checkedDemos(): Plugin {
  return {
    name: 'docker-basics:checked-demos',
    enforce: 'pre',
    hotUpdate: async ({ file, read, type, modules }) => {
      // Writing empties a file first, and of two changes so close Vite may tell one alone.
      if (type !== 'delete' && isDefinition(file))
        await read() // waits until the file holds something again
      // Of a folder that has gone, or comes again, Vite knows files that nothing imports, and would load the page again for them.
      return type === 'update' || relative(demosFolder, file).startsWith('..')
        ? undefined
        : modules.filter(({ importers }) => importers.size > 0)
    },
    async load(path) {
      if (!isDefinition(path))
        return null
      const entry = await readDemo(basename(dirname(path)))
      if (!entry)
        return null
      const { files } = 'demo' in entry ? entry.demo : { files: [] }
      files.forEach(file => this.addWatchFile(join(dirname(path), file)))
      return 'problem' in entry
        ? `export default undefined\nexport const problem = ${JSON.stringify(entry.problem)}`
        : withoutFalsehoods(await readFile(path, 'utf8'))
    },
  }
}

function isDefinition(path: string): boolean {
  return basename(path) === 'demo.ts' && dirname(dirname(path)) === demosFolder
}
