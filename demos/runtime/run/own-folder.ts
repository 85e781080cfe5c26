import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/**
 * A folder for temporary files that is this user's alone: nobody else reads it, and nobody exchanges one of its folders
 * for a link while it is removed. It lies in XDG_RUNTIME_DIR, which is such a place (https://specifications.freedesktop.org/basedir/),
 * else in the shared temporary folder under the user's number.
 * Where somebody else has taken that name, it is a new one each time.
 */
export function ownFolder(): string {
  const { XDG_RUNTIME_DIR } = process.env
  const candidates = [
    ...XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker-basics')] : [],
    join(tmpdir(), `docker-basics-${userInfo().uid}`),
  ]
  return candidates.find(isOwn) ?? mkdtempSync(join(tmpdir(), 'docker-basics-'))
}

/** Whether a folder is there, or could be made, that is this user's and nobody else's. */
function isOwn(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      return false
  }
  const found = lstatSync(path, { throwIfNoEntry: false })
  // Windows has no such modes, and its temporary folder is the user's own.
  return found?.isDirectory() === true && (process.platform === 'win32' || (found.uid === process.getuid!() && (found.mode & 0o077) === 0))
}
