import type { Poll, PollQuestion } from '../../demos/runtime/model/poll.ts'
import { describe, expect, it } from 'vitest'
import { closePoll, countVote, mayAskAgain, openPoll, pollsCsv, settlePoll, viewOfPoll } from '../../demos/runtime/model/poll.ts'

const question: PollQuestion = { demo: 'shared-kernel', step: 'kernel', page: 21, question: '커널은?', answers: ['같다', '다르다', '없다'] }
const opened = openPoll(null, question, 'one')

function voted(poll: Poll, ...answers: number[]): Poll {
  return answers.reduce((each, answer) => countVote(each, answer, undefined), poll)
}

describe('a poll', () => {
  it('counts each vote in its round', () => {
    expect(voted(opened, 0, 1, 1, 2).rounds).toEqual([[1, 2, 1]])
  })

  it('lets an answer be changed until it closes, and no longer', () => {
    const changed = countVote(voted(opened, 0), 2, 0)
    expect(changed.rounds).toEqual([[0, 0, 1]])
    expect(countVote(closePoll(changed), 1, 2).rounds).toEqual([[0, 0, 1]])
  })

  it.each([-1, 3, 0.5, Number.NaN, Infinity])('does not count %s, which is no answer', (answer) => {
    expect(countVote(opened, answer, undefined)).toBe(opened)
  })

  it('asks a second time after the hall has talked, and no third time', () => {
    const talked = closePoll(voted(opened, 0, 1))
    expect(mayAskAgain(viewOfPoll(talked, { lecturer: true }))).toBe(true)
    const again = voted(openPoll(talked, question, 'two'), 1, 1)
    expect(again).toMatchObject({ id: 'one', open: true, rounds: [[1, 1, 0], [0, 2, 0]] })
    expect(mayAskAgain(viewOfPoll(closePoll(again), { lecturer: true }))).toBe(false)
    expect(openPoll(closePoll(again), question, 'three')).toEqual(closePoll(again))
  })

  it('is not opened twice by two windows that ask at once', () => {
    expect(openPoll(voted(opened, 1), question, 'two')).toMatchObject({ id: 'one', rounds: [[0, 1, 0]] })
  })

  it('is a new one for another question, and for the same after the run has told', () => {
    expect(openPoll(closePoll(opened), { ...question, page: 22 }, 'two')).toMatchObject({ id: 'two', rounds: [[0, 0, 0]] })
    expect(openPoll(settlePoll(opened, { answer: 0 }), question, 'two')).toMatchObject({ id: 'two', open: true, outcome: null })
  })

  it('is closed and settled by what the run has said; a run that fails settles nothing, the next one may', () => {
    const failed = settlePoll(voted(opened, 1), { reason: '이 단계가 실패해서 답을 알 수 없습니다.' })
    expect(failed).toMatchObject({ open: false, outcome: { reason: expect.any(String) } })
    expect(mayAskAgain(viewOfPoll(failed, { lecturer: true }))).toBe(false)
    expect(settlePoll(failed, { answer: 1 }).outcome).toEqual({ answer: 1 })
    expect(settlePoll(opened, { answer: 3 })).toBe(opened)
  })
})

describe('what a page knows of a poll', () => {
  const counted = voted(opened, 0, 1, 1)

  it('is how many have answered, but not what, until the output has confirmed an answer', () => {
    for (const each of [counted, closePoll(counted), settlePoll(counted, { reason: '실패' })])
      expect(viewOfPoll(each, { lecturer: false })).toMatchObject({ round: 1, answered: 3, counts: null })
    expect(viewOfPoll(settlePoll(counted, { answer: 1 }), { lecturer: false }).counts).toEqual([[1, 2, 0]])
  })

  it('is all of it for the lecturer', () => {
    expect(viewOfPoll(counted, { lecturer: true }).counts).toEqual([[1, 2, 0]])
  })
})

describe('a lecture\'s polls as CSV', () => {
  it('have a line for each answer, with both rounds and what the run has said', () => {
    const again = voted(openPoll(closePoll(voted(opened, 0, 1)), question, ''), 0, 0)
    expect(pollsCsv([{ date: '2026-11-27 14:03', poll: settlePoll(again, { answer: 0 }) }])).toBe([
      '날짜,쪽,질문,답,첫 번째 투표,두 번째 투표,실행이 말한 것',
      '2026-11-27 14:03,21,커널은?,같다,1,2,출력이 확인함',
      '2026-11-27 14:03,21,커널은?,다르다,1,0,',
      '2026-11-27 14:03,21,커널은?,없다,0,0,',
      '',
    ].join('\r\n'))
  })

  it('keep text together that has commas, quotes or the sign of a formula', () => {
    const odd = openPoll(null, { ...question, question: '"가, 나"', answers: ['=1+1', '둘'] }, '')
    expect(pollsCsv([{ date: '', poll: odd }])).toContain('"""가, 나""",\'=1+1,0,,실행하지 않음')
  })
})
