import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** What the tests of a stage came to. */
export interface Outcome {
  passed: number
  failed: Failure[]
  /** Why tests were skipped, one reason a test. */
  skipped: string[]
}

/** A test that failed: its file and titles, and what it said. */
export interface Failure { name: string, message: string }

/** As much of a failed test's message as its beginning needs. */
const MESSAGE_LINES = 15
const LINE_LENGTH = 300
/** A line of a stack trace that is not ours. */
const LIBRARY_CALL = /^\s+at (?:.*node_modules|new Promise)/

/** A failed test's name and the first lines of its message, without colours and without what the libraries called. */
export function failureText({ name, message }: Failure): string {
  const lines = stripVTControlCharacters(message).split('\n').filter(line => line.trim() !== '' && !LIBRARY_CALL.test(line))
  return [`✗ ${name}`, ...lines.slice(0, MESSAGE_LINES).map(line => `    ${line.slice(0, LINE_LENGTH)}`)].join('\n')
}

/** Of Vitest's JSON report, what is read here. */
export interface VitestReport {
  numPassedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string, title: string, ancestorTitles: string[], failureMessages: string[] }[]
  }[]
}

/** What Vitest's tests came to; a file that cannot be read, or whose hooks failed, counts as a failed test. */
export function vitestOutcome(report: VitestReport, root: string): Outcome {
  const files = report.testResults.map(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter(test => test.status === 'failed').map(({ title, ancestorTitles, failureMessages }) => ({
      name: [relative(root, name), ...ancestorTitles, title].join(' › '),
      message: failureMessages.join('\n'),
    }))
    return status === 'failed' && failed.length === 0 ? [{ name: relative(root, name), message }] : failed
  })
  return {
    passed: report.numPassedTests,
    failed: files.flat(),
    skipped: report.testResults.flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'skipped' || status === 'pending')
      .map(({ title, ancestorTitles }) =>
        [...ancestorTitles, title].find(name => name.includes('건너뜀: '))?.split('건너뜀: ')[1] ?? title),
  }
}

/** Of Playwright's JSON report, what is read here. */
export interface PlaywrightReport {
  stats: { expected: number }
  suites: Suite[]
  /** What went wrong outside of tests. */
  errors: { message?: string }[]
}

interface Suite {
  title: string
  suites?: Suite[]
  specs: { title: string, tests: Test[] }[]
}

interface Test {
  status: string
  annotations: { type: string, description?: string }[]
  results: { errors: { message?: string }[] }[]
}

/** What Playwright's tests came to; one that passed at its second try has failed. */
export function playwrightOutcome({ stats, suites, errors }: PlaywrightReport): Outcome {
  const tests = suites.flatMap(suite => testsOf(suite))
  return {
    passed: stats.expected,
    failed: [
      ...errors.map(({ message = '' }) => ({ name: 'outside of the tests', message })),
      ...tests.filter(({ status }) => status === 'unexpected' || status === 'flaky').map(({ titles, results }) => ({
        name: titles.join(' › '),
        message: results.flatMap(({ errors }) => errors).map(({ message = '' }) => message).join('\n'),
      })),
    ],
    skipped: tests.filter(({ status }) => status === 'skipped')
      .map(({ titles, annotations }) => annotations.find(({ type }) => type === 'skip')?.description ?? titles.at(-1)!),
  }
}

/** All tests of a suite with their titles, the file's first. */
function testsOf({ title, suites = [], specs }: Suite, above: readonly string[] = []): (Test & { titles: string[] })[] {
  const titles = [...above, title]
  return [
    ...specs.flatMap(spec => spec.tests.map(test => ({ ...test, titles: [...titles, spec.title] }))),
    ...suites.flatMap(suite => testsOf(suite, titles)),
  ]
}
