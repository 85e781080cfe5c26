import type { Poll } from '../model/poll.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { logError } from '../model/log.ts'
import { pollsCsv } from '../model/poll.ts'

/** Where the counts of lectures are kept: with what programs keep of this user (https://specifications.freedesktop.org/basedir/). */
function votesFolder(): string {
  const { XDG_STATE_HOME } = process.env
  return join(XDG_STATE_HOME || join(homedir(), '.local/state'), 'docker-basics/votes')
}

/** Keeps a lecture's counts, and nothing else of its votes, in a file that this user alone may read. */
export class VoteLog {
  readonly #file: string
  readonly #polls = new Map<string, { date: string, poll: Poll }>()

  constructor(begun = new Date()) {
    this.#file = join(votesFolder(), `${localTime(begun).replace(/[ :]/g, '-')}.csv`)
  }

  /** Keeps a poll in place of the same one as it was before. A disk that takes nothing costs the log, not the lecture. */
  keep(poll: Poll): void {
    this.#polls.set(poll.id, { date: this.#polls.get(poll.id)?.date ?? localTime(new Date()).slice(0, -3), poll })
    try {
      mkdirSync(votesFolder(), { recursive: true, mode: 0o700 })
      writeFileSync(this.#file, pollsCsv([...this.#polls.values()]), { mode: 0o600 })
    }
    catch (error) {
      logError(error)
    }
  }
}

/** The counts of the lecture that was held last, as CSV; null when there are none. */
export async function lastVotes(): Promise<string | null> {
  const last = (await readdir(votesFolder()).catch(() => [])).filter(name => name.endsWith('.csv')).sort().at(-1)
  return last === undefined ? null : readFile(join(votesFolder(), last), 'utf8')
}

/** Removes the counts of all lectures. */
export async function forgetVotes(): Promise<void> {
  await rm(votesFolder(), { recursive: true, force: true })
}

/** A time by this machine's clock, to the second: `2026-11-27 14:03:20`. */
function localTime(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' ')
}
