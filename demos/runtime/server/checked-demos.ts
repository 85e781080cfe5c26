import type { Plugin } from 'vite'
import { basename, dirname, join } from 'node:path'
import { demosFolder, readDemo } from '../run/catalogue.ts'

/** Gives pages, in place of a definition that cannot be used, the problem with it: a panel then shows that. */
export function checkedDemos(): Plugin {
  return {
    name: 'docker-basics:checked-demos',
    enforce: 'pre',
    async load(path) {
      if (basename(path) !== 'demo.ts' || dirname(dirname(path)) !== demosFolder)
        return null
      const entry = await readDemo(basename(dirname(path)))
      if (!entry)
        return null
      const { files } = 'demo' in entry ? entry.demo : { files: [] }
      files.forEach(file => this.addWatchFile(join(dirname(path), file)))
      return 'problem' in entry ? `export default undefined\nexport const problem = ${JSON.stringify(entry.problem)}` : null
    },
  }
}
