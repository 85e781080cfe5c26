import { describe, expect, it } from 'vitest'
import { failureText, playwrightOutcome, vitestOutcome } from './reports.ts'

describe('the end of the suite', () => {
  it('names a failed test of Vitest by its file and titles, and a file whose hooks failed', () => {
    expect(vitestOutcome({
      numPassedTests: 2,
      testResults: [
        {
          name: '/deck/tests/model/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { status: 'failed', ancestorTitles: ['a run'], title: 'ends', failureMessages: ['AssertionError: it did not'] },
            { status: 'skipped', ancestorTitles: ['on an engine — 건너뜀: 엔진이 없습니다.'], title: 'runs', failureMessages: [] },
          ],
        },
        { name: '/deck/tests/model/b.test.ts', status: 'failed', message: 'no such folder', assertionResults: [] },
      ],
    }, '/deck')).toEqual({
      passed: 2,
      failed: [
        { name: 'tests/model/a.test.ts › a run › ends', message: 'AssertionError: it did not' },
        { name: 'tests/model/b.test.ts', message: 'no such folder' },
      ],
      skipped: ['엔진이 없습니다.'],
    })
  })

  it('names a failed test of Playwright by its file and titles, and what failed outside of tests', () => {
    const test = { status: 'unexpected', annotations: [], results: [{ errors: [{ message: 'not visible' }] }] }
    expect(playwrightOutcome({
      stats: { expected: 3 },
      errors: [{ message: 'no browser' }],
      suites: [{ title: 'a.spec.ts', specs: [], suites: [{ title: 'a panel', specs: [{ title: 'opens', tests: [test] }] }] }],
    })).toEqual({
      passed: 3,
      failed: [
        { name: 'outside of the tests', message: 'no browser' },
        { name: 'a.spec.ts › a panel › opens', message: 'not visible' },
      ],
      skipped: [],
    })
  })

  it('says the first fifteen lines of a failure, without colours and the libraries’ calls', () => {
    const message = `\u001B[31mError: no\u001B[39m\n\n    at runTest (/deck/node_modules/vitest/run.js:1:2)\n${'line\n'.repeat(20)}`
    expect(failureText({ name: 'unit │ a', message })).toBe(`✗ unit │ a\n    Error: no${'\n    line'.repeat(14)}`)
  })
})
