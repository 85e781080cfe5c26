import { expect, it } from 'vitest'
import { pressDoes } from '../../demos/runtime/model/press.ts'

const now = { wasKept: false, hasRetried: false }
const kept = { wasKept: true, hasRetried: false }

it('leads on where nothing has failed', () => {
  expect(pressDoes({ retry: false, asks: false }, now)).toBe('next')
  expect(pressDoes({ retry: false, asks: true }, now)).toBe('next')
})

it('runs what has failed again, once', () => {
  expect(pressDoes({ retry: true, asks: false }, now)).toBe('retry')
  expect(pressDoes({ retry: true, asks: false }, { ...now, hasRetried: true })).toBe('next')
})

it('kept over a run leads on, but neither repeats a failure nor answers a question that has come since', () => {
  expect(pressDoes({ retry: false, asks: false }, kept)).toBe('next')
  expect(pressDoes({ retry: true, asks: false }, kept)).toBe('nothing')
  expect(pressDoes({ retry: false, asks: true }, kept)).toBe('nothing')
})
