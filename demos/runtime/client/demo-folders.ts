import type { Demo } from '../../define.ts'

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
  /** Null when there is no such demo. */
  load: (id: string) => Promise<DemoFolder | null>
}

const definitions = import.meta.glob<Demo>('../../*/demo.ts', { import: 'default' })
const files = import.meta.glob<string>(['../../*/*', '!../../{commands,runtime}/*', '!**/demo.ts', '!**/*.{cast,vue}'], { query: '?raw', import: 'default' })
const recordings = import.meta.glob<string>('../../*/recording.cast', { query: '?raw', import: 'default' })

/** The folders of this repository. */
export const demoFolders: DemoFolders = {
  ids: Object.keys(definitions).map(path => path.split('/').at(-2)!).sort(),
  load: async (id) => {
    const folder = `../../${id}`
    const demo = await definitions[`${folder}/demo.ts`]?.()
    if (!demo)
      return null
    const texts = await Promise.all(demo.files.map(async file => [file, await files[`${folder}/${file}`]!()] as const))
    return { demo, files: Object.fromEntries(texts), recording: await recordings[`${folder}/recording.cast`]?.() ?? null }
  },
}
