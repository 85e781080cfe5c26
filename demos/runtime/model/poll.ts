/** What the hall is asked, in words alone: nothing here says which answer is right. */
export interface PollQuestion {
  demo: string
  /** The id of the step whose output will tell. */
  step: string
  /** The slide that asks. */
  page: number
  question: string
  answers: string[]
}

/** What the run has said: the answer that its output confirms, 0-based, or in Korean why it confirms none. */
export type PollOutcome = { answer: number } | { reason: string }

/** A question that the hall has been asked, once or, after it has talked, twice. */
export interface Poll extends PollQuestion {
  /** Tells this poll from all others, so that a page knows whether it has answered it. */
  id: string
  /** Whether votes count now. */
  open: boolean
  /** Of each round, how many chose each answer; the last is the one that is open or was closed last. */
  rounds: number[][]
  /** Null before the run has told. */
  outcome: PollOutcome | null
}

/** How often the hall may be asked the same before a run. */
export const MOST_ROUNDS = 2

/** Whether the hall may be asked this poll's question once more. */
export function mayAskAgain({ open, outcome, round }: Pick<PollView, 'open' | 'outcome' | 'round'>): boolean {
  return !open && outcome === null && round < MOST_ROUNDS
}

/**
 * Opens a question: a second round of the poll before it where that asked the same and is not settled yet, else a new poll with that id.
 * A poll that is open stays as it is, as does one that has had all its rounds.
 */
export function openPoll(before: Poll | null, question: PollQuestion, id: string): Poll {
  const round = question.answers.map(() => 0)
  if (!before || before.outcome !== null || !isSameQuestion(before, question))
    return { ...question, id, open: true, rounds: [round], outcome: null }
  return mayAskAgain({ ...before, round: before.rounds.length }) ? { ...before, open: true, rounds: [...before.rounds, round] } : before
}

function isSameQuestion(one: PollQuestion, other: PollQuestion): boolean {
  const words = ({ demo, step, page, question, answers }: PollQuestion): string => JSON.stringify([demo, step, page, question, answers])
  return words(one) === words(other)
}

/** Counts a vote in the open round, in place of the answer that the same browser gave before; a closed poll stays as it is. */
export function countVote(poll: Poll, answer: number, before: number | undefined): Poll {
  const last = poll.rounds.at(-1)
  if (!poll.open || last?.[answer] === undefined || answer === before)
    return poll
  const round = last.map((count, index) => count + (index === answer ? 1 : 0) - (index === before ? 1 : 0))
  return { ...poll, rounds: [...poll.rounds.slice(0, -1), round] }
}

/** Takes no more votes. */
export function closePoll(poll: Poll): Poll {
  return poll.open ? { ...poll, open: false } : poll
}

/** Takes what the run has said, also when a second run says something else. */
export function settlePoll(poll: Poll, outcome: PollOutcome): Poll {
  return 'answer' in outcome && outcome.answer >= poll.answers.length ? poll : { ...closePoll(poll), outcome }
}

/** A poll as a page sees it. */
export interface PollView extends Omit<Poll, 'rounds'> {
  /** 1, or 2 when the hall is asked for the second time. */
  round: number
  /** How many have answered in this round. */
  answered: number
  /** Of each round, how many chose each answer; null until the run has confirmed an answer, but for the lecturer. */
  counts: number[][] | null
}

/** What a page of the lecturer's, or one of a follower's, may know of a poll. */
export function viewOfPoll(poll: Poll, { lecturer }: { lecturer: boolean }): PollView {
  const { rounds, ...rest } = poll
  const isTold = poll.outcome !== null && 'answer' in poll.outcome
  return { ...rest, round: rounds.length, answered: sum(rounds.at(-1) ?? []), counts: lecturer || isTold ? rounds : null }
}

/** Which part of a round's votes an answer has, 0 to 1. */
export function shareOf(round: readonly number[], answer: number): number {
  return (round[answer] ?? 0) / Math.max(1, sum(round))
}

/** The polls of a lecture as CSV (RFC 4180), a line for each answer; the times are of this machine's clock. */
export function pollsCsv(polls: readonly { date: string, poll: Poll }[]): string {
  const head = ['날짜', '쪽', '질문', '답', '첫 번째 투표', '두 번째 투표', '실행이 말한 것']
  const rows = polls.flatMap(({ date, poll: { page, question, answers, rounds, outcome } }) => answers.map((answer, index) => [
    date, page, question, answer, rounds[0]?.[index] ?? '', rounds[1]?.[index] ?? '', saidOf(outcome, index),
  ]))
  return [head, ...rows].map(row => `${row.map(cell => csvCell(String(cell))).join(',')}\r\n`).join('')
}

function saidOf(outcome: PollOutcome | null, index: number): string {
  if (!outcome)
    return '실행하지 않음'
  if ('reason' in outcome)
    return outcome.reason
  return outcome.answer === index ? '출력이 확인함' : ''
}

/** A text that a table's program would take for a formula begins with an apostrophe. */
function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
