import type { Demo } from '../../define.ts'
import type { Problem } from '../model/problem.ts'
import { ProblemError } from '../model/problem.ts'

/** What a page loads of a demo's folder. */
export interface DemoFolder {
  demo: Demo
  files: Record<string, string>
  /** The recording's text; null where there is none. */
  recording: string | null
}

/** The folders of the demos, each of which is loaded when it is first asked for. */
export interface DemoFolders {
  readonly ids: readonly string[]
  /**
   * Null when there is no such demo.
   * @throws {ProblemError} when the definition cannot be used.
   */
  load: (id: string) => Promise<DemoFolder | null>
  /** Called when a folder has come, changed or gone, which a dev server tells. */
  onChange: (() => void) | null
}

/** The dev server and the build put a problem in place of a definition that cannot be used: see server/checked-demos.ts. */
type Definition = { default: Demo } | { default: undefined, problem: Problem }

const loaders = {
  definitions: import.meta.glob<Definition>('../../*/demo.ts'),
  files: import.meta.glob<string>(['../../*/**', '!../../{commands,runtime}/**', '!**/demo.ts', '!**/*.{cast,vue}'], {
    exhaustive: true, // a .dockerignore too
    query: '?raw',
    import: 'default',
  }),
  recordings: import.meta.glob<string>('../../*/recording.cast', { query: '?raw', import: 'default' }),
}

/** Vite runs this module again when a folder changes; the page holds what it exported first, which then gets the new loaders. */
const first = (import.meta.hot?.data.first ?? {
  loaders,
  folders: foldersOf(() => first.loaders),
}) as { loaders: typeof loaders, folders: DemoFolders }
if (import.meta.hot) {
  import.meta.hot.data.first = first
  import.meta.hot.accept()
}
if (first.loaders !== loaders) {
  first.loaders = loaders
  first.folders.onChange?.()
}

/** The folders of this repository. */
export const demoFolders = first.folders

function foldersOf(current: () => typeof loaders): DemoFolders {
  return {
    onChange: null,
    get ids() {
      return Object.keys(current().definitions).map(path => path.split('/').at(-2)!).sort()
    },
    load: async (id) => {
      const folder = `../../${id}`
      const { definitions, files, recordings } = current()
      const definition = await definitions[`${folder}/demo.ts`]?.()
      if (!definition)
        return null
      if (definition.default === undefined)
        throw new ProblemError(definition.problem)
      const demo = definition.default
      const texts = await Promise.all(demo.files.map(async file => [file, await files[`${folder}/${file}`]!()] as const))
      return { demo, files: Object.fromEntries(texts), recording: await recordings[`${folder}/recording.cast`]?.() ?? null }
    },
  }
}
