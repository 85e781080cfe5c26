import { watch } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { logError } from '../model/log.ts'
import { ownFolder } from './own-folder.ts'

/** A file in the user's own folder: whoever may write it may as well end the deck. */
const FILE = 'reset'
/** One write comes as several changes. */
const PAUSE_MS = 100

/** Tells all decks of this user on this machine to go back to their start. */
export async function sendResetSignal(): Promise<void> {
  await writeFile(join(ownFolder(), FILE), '')
}

/** Calls when a deck is told to go back to its start; returns what ends that. */
export function onResetSignal(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const watcher = watch(ownFolder(), { persistent: false }, (_, name) => {
    if (name !== FILE)
      return
    clearTimeout(timer)
    timer = setTimeout(call, PAUSE_MS)
  })
  watcher.on('error', logError) // a folder that is gone takes the signal with it, not the deck
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
