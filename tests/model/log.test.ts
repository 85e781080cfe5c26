import process from 'node:process'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { logError } from '../../demos/runtime/model/log.ts'
import { ProblemError } from '../../demos/runtime/model/problem.ts'

const known = new ProblemError({ message: '엔진이 없습니다.', hint: '켜세요.' }, { cause: new Error('ENOENT') })
const unknown = new TypeError('x is not a function')
const log = vi.spyOn(console, 'error').mockImplementation(() => {})
beforeEach(() => vi.stubEnv('DEBUG', ''))
afterEach(() => {
  log.mockClear()
  vi.unstubAllEnvs()
})

it('logs what nobody expected, and no known problem', () => {
  logError(unknown)
  logError(known)
  expect(log.mock.calls).toEqual([[unknown]])
})

it('logs known problems too with DEBUG=docker-basics', () => {
  process.env.DEBUG = 'vite:*,docker-basics'
  logError(known)
  expect(log.mock.calls).toEqual([[known]])
})

it('logs in a tab, which has no process', () => {
  vi.stubGlobal('process', undefined)
  logError(unknown)
  logError(known)
  vi.unstubAllGlobals()
  expect(log.mock.calls).toEqual([[unknown]])
})
