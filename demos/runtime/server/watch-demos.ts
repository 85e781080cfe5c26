import type { FSWatcher } from 'vite'
import { relative, sep } from 'node:path'
import { logError } from '../model/log.ts'
import { demosFolder } from '../run/catalogue.ts'

/**
 * An editor and a copy write several files, and a file several times: the folder is read when nothing came for this long,
 * in milliseconds.
 */
const PAUSE_MS = 100
const NOT_DEMOS = new Set(['commands', 'runtime'])

/** Calls `redefine` with a demo's id when a file of its folder has changed that a run works on. */
export function watchDemos(watcher: FSWatcher, redefine: (id: string) => Promise<void>): void {
  const timers = new Map<string, NodeJS.Timeout>()
  watcher.on('all', (_, path) => {
    const [id = '', ...file] = relative(demosFolder, path).split(sep)
    if (id === '..' || NOT_DEMOS.has(id) || file.length === 0 || /\.(?:cast|vue)$/.test(path))
      return
    clearTimeout(timers.get(id))
    timers.set(id, setTimeout(() => {
      timers.delete(id)
      redefine(id).catch(logError)
    }, PAUSE_MS))
  })
}
