import type { PollView } from '../../demos/runtime/model/poll.ts'
import { expect, it } from 'vitest'
import { Hall } from '../../demos/runtime/client/hall.ts'

const poll: PollView = {
  demo: 'shared-kernel',
  step: 'container-kernel',
  page: 21,
  question: '커널은?',
  answers: ['같다', '다르다'],
  id: 'one',
  open: true,
  round: 1,
  answered: 0,
  counts: null,
  outcome: null,
}

function open(): { hall: Hall, sent: unknown[], tell: (change?: Partial<PollView>) => void } {
  const sent: unknown[] = []
  const hall = new Hall(message => sent.push(message))
  return { hall, sent, tell: change => hall.receive({ type: 'poll', poll: { ...poll, ...change }, followers: 3 }) }
}

it('a follower answers what is open, and may answer otherwise until it closes', () => {
  const { hall, sent, tell } = open()
  hall.vote(0)
  tell()
  hall.vote(0)
  hall.vote(1)
  expect(hall.chosen).toBe(1)
  tell({ open: false })
  hall.vote(0)
  expect(hall.chosen).toBe(1)
  expect(sent).toEqual([{ type: 'vote', answer: 0 }, { type: 'vote', answer: 1 }])
})

it('an answer belongs to its round of its question', () => {
  const { hall, tell } = open()
  tell()
  hall.vote(1)
  tell({ round: 2 })
  expect(hall.chosen).toBeNull()
  hall.vote(0)
  tell({ round: 2, open: false, outcome: { answer: 0 }, counts: [[0, 1], [1, 0]] })
  expect(hall.chosen).toBe(0)
  tell({ id: 'two' })
  expect(hall.chosen).toBeNull()
})

it('a question is found by its step and its slide', () => {
  const { hall, tell } = open()
  tell()
  expect(hall.pollOf(poll)).toEqual(poll)
  expect(hall.pollOf({ ...poll, page: 22 })).toBeNull()
})
