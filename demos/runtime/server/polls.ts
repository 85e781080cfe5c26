import type { ServerMessage } from '../model/messages.ts'
import type { Poll, PollOutcome, PollQuestion } from '../model/poll.ts'
import type { Role } from './clients.ts'
import { randomBytes } from 'node:crypto'
import { closePoll, countVote, openPoll, settlePoll, viewOfPoll } from '../model/poll.ts'
import { LIMITS } from './limits.ts'

/** Pages hear of votes this often at most, in milliseconds: a hall answers all at once. */
const TELL_PAUSE_MS = 250

export interface PollsOptions {
  broadcast: (message: ServerMessage, role: Role) => void
  /** Takes a poll that was closed or settled; it may take the same one again when the run has told. */
  keep: (poll: Poll) => void
}

/**
 * The question that the hall is asked now. Who has chosen what is forgotten when a round closes: its counts remain.
 * A browser has one vote, by a random number of its own; an address has as many as a school needs.
 */
export class Polls {
  readonly #options: PollsOptions
  #poll: Poll | null = null
  #followers = 0
  /** Of the open round, by browser. */
  readonly #votes = new Map<string, number>()
  /** How many browsers of an address have a vote in the open round. */
  readonly #voters = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: PollsOptions) {
    this.#options = options
  }

  /** What a page of that role is told of the poll. */
  view(role: Role): Pick<Extract<ServerMessage, { type: 'poll' }>, 'poll' | 'followers'> {
    return { poll: this.#poll && viewOfPoll(this.#poll, { lecturer: role === 'lecturer' }), followers: this.#followers }
  }

  /** Takes how many followers are connected now. */
  countFollowers(count: number): void {
    this.#followers = count
    this.#tellSoon()
  }

  /** Asks the hall, for the second time where it has closed the same question. */
  open(question: PollQuestion): void {
    this.#change(openPoll(this.#poll, question, randomBytes(9).toString('base64url')))
  }

  /** Closes the poll of that id, if it is still the one that is asked. */
  close(id: string): void {
    if (this.#poll?.id === id)
      this.#change(closePoll(this.#poll))
  }

  /** Takes what the run has said of the poll of that id. */
  settle(id: string, outcome: PollOutcome): void {
    if (this.#poll?.id === id && JSON.stringify(this.#poll.outcome) !== JSON.stringify(outcome))
      this.#change(settlePoll(this.#poll, outcome))
  }

  /** Counts a browser's vote; nothing happens where none is asked for, or its address has as many as it may. */
  vote(answer: number, { browser, address }: { browser: string, address: string }): void {
    if (!this.#poll)
      return
    const before = this.#votes.get(browser)
    const poll = countVote(this.#poll, answer, before)
    if (poll === this.#poll)
      return
    if (before === undefined) {
      const voters = this.#voters.get(address) ?? 0
      if (voters >= LIMITS.followersPerAddress || this.#votes.size >= LIMITS.followers)
        return
      this.#voters.set(address, voters + 1)
    }
    this.#votes.set(browser, answer)
    this.#poll = poll
    this.#tellSoon()
  }

  /** Asks nothing any more, and forgets all votes. */
  reset(): void {
    this.#poll = null
    this.#votes.clear()
    this.#voters.clear()
    this.#tell()
  }

  /** Forgets all votes and tells nobody any more. */
  end(): void {
    clearTimeout(this.#timer)
    this.#poll = null
  }

  #change(poll: Poll): void {
    if (poll === this.#poll)
      return
    this.#poll = poll
    this.#votes.clear()
    this.#voters.clear()
    if (!poll.open)
      this.#options.keep(poll)
    this.#tell()
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tell(), TELL_PAUSE_MS).unref()
  }

  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const role of ['lecturer', 'audience'] as const)
      this.#options.broadcast({ type: 'poll', ...this.view(role) }, role)
  }
}
