import type { ServerMessage } from '../model/messages.ts'
import type { PollOutcome, PollQuestion, PollView } from '../model/poll.ts'
import type { ClientMessage } from '../model/schema.ts'
import { shallowRef } from 'vue'

/** What a follower says: the number of an answer, from 0. */
export interface Vote { type: 'vote', answer: number }

/** What a follower has chosen, in which round of which poll. */
interface Choice { poll: string, round: number, answer: number }

/** Where a follower's browser keeps its choice, so that it is still seen after a reload. */
const CHOICE_STORE = 'docker-basics:choice'

/** The hall as this page knows it: who follows, what it is asked, and what this browser has answered. */
export class Hall {
  /** How many of the audience are connected; 0 without a server. */
  readonly followers = shallowRef(0)
  /** What the hall is asked, or was asked last. */
  readonly poll = shallowRef<PollView | null>(null)
  readonly #choice = shallowRef<Choice | null>(storedChoice())
  readonly #send: (message: ClientMessage | Vote) => void

  constructor(send: (message: ClientMessage | Vote) => void) {
    this.#send = send
  }

  /** What this browser has chosen in the round that is open or was closed last, 0-based; null when nothing. */
  get chosen(): number | null {
    const [choice, poll] = [this.#choice.value, this.poll.value]
    return choice && choice.poll === poll?.id && choice.round === poll.round ? choice.answer : null
  }

  receive(message: ServerMessage): void {
    if (message.type !== 'poll' && message.type !== 'snapshot')
      return
    this.poll.value = message.poll
    this.followers.value = message.followers
  }

  /** The poll of that question, if it is the one that the hall is asked or was asked last. */
  pollOf({ demo, step, page }: Pick<PollQuestion, 'demo' | 'step' | 'page'>): PollView | null {
    const poll = this.poll.value
    return poll && poll.demo === demo && poll.step === step && poll.page === page ? poll : null
  }

  open(question: PollQuestion): void {
    this.#send({ type: 'open-poll', ...question })
  }

  close({ id }: PollView): void {
    this.#send({ type: 'close-poll', poll: id })
  }

  settle({ id }: PollView, outcome: PollOutcome): void {
    this.#send({ type: 'settle-poll', poll: id, outcome })
  }

  /** Answers the question that is open, or answers it otherwise than before. */
  vote(answer: number): void {
    const poll = this.poll.value
    if (!poll?.open)
      return
    this.#choice.value = { poll: poll.id, round: poll.round, answer }
    globalThis.localStorage?.setItem(CHOICE_STORE, JSON.stringify(this.#choice.value))
    this.#send({ type: 'vote', answer })
  }
}

function storedChoice(): Choice | null {
  const stored = globalThis.localStorage?.getItem(CHOICE_STORE) ?? null
  return stored === null ? null : JSON.parse(stored) as Choice
}
