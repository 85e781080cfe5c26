import { expect, it } from 'vitest'
import { paceOf } from '../../demos/runtime/model/pace.ts'

const MINUTE = 60_000

it.each([
  ['at its start', 1, 0, 90, 0],
  ['within the slide\'s own time', 2, 20, 70, 0],
  ['behind, when the slide should be over', 1, 15, 75, 5],
  ['ahead, when the slide should not have begun', 3, 20, 70, -10],
  ['over its time', 3, 95, -5, 5],
])('a lecture of 90 minutes is %s', (_, page, passed, rest, late) => {
  const pace = paceOf([5, 10, 30], { page, lengthMs: 90 * MINUTE, passedMs: passed * MINUTE })
  expect([pace.restMs / MINUTE, pace.lateMs / MINUTE]).toEqual([rest, late])
})

it('a lecture whose slides tell no time has its rest all the same', () => {
  expect(paceOf([0, 0], { page: 2, lengthMs: 30 * MINUTE, passedMs: MINUTE })).toMatchObject({ restMs: 29 * MINUTE })
})
