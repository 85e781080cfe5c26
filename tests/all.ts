import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { execa } from 'execa'
import { findBrowser, noBrowser } from '../demos/runtime/browser/chromium.ts'
import { prepareDependencies } from './support/deck.ts'
import { inOwnNetwork } from './support/own-network.ts'

/**
 * Runs the whole suite, or the stages that it is given by name, and adds up the runners' own counts. What is quick comes
 * first; browser tests that need no engine run beside the tests of the engine, in a network namespace of their own.
 */

const root = join(import.meta.dirname, '..')
const reports = await mkdtemp(join(tmpdir(), 'docker-basics-reports-'))

interface Outcome { passed: number, failed: number, skipped: string[] }

const stages = {
  'lint': () => check('eslint', '.', '--max-warnings', '0'),
  'types': () => check('vue-tsc', '--noEmit', '--project', '.'),
  'unit': () => vitest('unit'),
  'engine': () => vitest('engine'),
  'firefox': async () => vitest('firefox', inOwnNetwork),
  'own engine': () => vitest('own engine'),
  'other engines': () => vitest('other engines'),
  'static': () => playwright('static'),
  'live': () => playwright('live'),
}
type Name = keyof typeof stages
const names = Object.keys(stages) as Name[]

const unknown = process.argv.slice(2).find(name => !names.includes(name as Name))
if (unknown !== undefined) {
  console.error(`알 수 없는 검사입니다: ${unknown}\n${names.join(', ')} 가운데에서 고르세요.`)
  process.exit(2)
}
const chosen = process.argv.length > 2 ? process.argv.slice(2) as Name[] : names

const outcomes: Outcome[] = []
await Promise.all([run('lint'), run('types'), run('unit')])
await prepareDependencies()
await Promise.all([run('engine'), run('static')])
await Promise.all([run('live'), run('own engine').then(() => run('firefox'))])
await run('other engines') // by themselves: an engine that has no time does not answer in time
await rm(reports, { recursive: true })

const skipped = outcomes.flatMap(outcome => outcome.skipped)
for (const [reason, all] of Map.groupBy(skipped, reason => reason))
  console.log(styleText('yellow', `! ${all.length} skipped: ${reason}`))
const [passed, failed] = [sum('passed'), sum('failed')]
console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`)
process.exitCode = failed === 0 ? 0 : 1

function sum(key: 'passed' | 'failed'): number {
  return outcomes.reduce((total, outcome) => total + outcome[key], 0)
}

async function run(name: Name): Promise<void> {
  if (!chosen.includes(name))
    return
  const start = performance.now()
  console.log(styleText('bold', `■ ${name}`))
  const outcome = await stages[name]()
  outcomes.push(outcome)
  console.log(styleText('bold', `■ ${name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped.length} skipped in ${Math.round((performance.now() - start) / 1000)} s`))
}

/** Runs a program, each of its lines behind the stage's name, and gives whether it ended well. */
async function succeeds(name: string, [program, ...args]: string[], env: Record<string, string> = {}): Promise<boolean> {
  const lines = function* (line: unknown): Generator<string> {
    yield `${styleText('dim', `${name} │`)} ${String(line)}`
  }
  const { exitCode } = await execa(program!, args, {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdin: 'ignore',
    stdout: [lines, 'inherit'],
    stderr: [lines, 'inherit'],
    env,
  })
  return exitCode === 0
}

/** A check without tests of its own counts as one. */
async function check(program: string, ...args: string[]): Promise<Outcome> {
  const passed = await succeeds(program, [program, ...args])
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] }
}

async function vitest(project: string, within = async (command: string[]) => command): Promise<Outcome> {
  const file = join(reports, `${project}.json`)
  const passed = await succeeds(project, await within([
    'vitest', 'run', '--project', project, '--reporter=default', '--reporter=json',
    `--outputFile.json=${file}`,
  ]))
  const report = await readReport<{
    numPassedTests: number
    numFailedTests: number
    testResults: { assertionResults: { status: string, title: string, ancestorTitles: string[] }[] }[]
  }>(file)
  const skipped = report?.testResults.flatMap(
    ({ assertionResults }) => assertionResults.filter(({ status }) => status === 'skipped' || status === 'pending'),
  )
  ?? []
  return whole(passed, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: skipped.map(
      ({ title, ancestorTitles }) => [...ancestorTitles, title].find(name => name.includes('건너뜀: '))?.split('건너뜀: ')[1] ?? title,
    ),
  })
}

async function playwright(project: string): Promise<Outcome> {
  const file = join(reports, `${project}.json`)
  /** Without a browser the tests are listed, which counts them as skipped. */
  const list = findBrowser() ? [] : ['--list']
  const command = await inOwnNetwork(['playwright', 'test', `--project=${project}`, ...list, '--reporter=list,json'])
  const passed = await succeeds(project, command, { PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  const report = await readReport<{ stats: { expected: number, unexpected: number, flaky: number }, suites: Suite[] }>(file)
  return whole(passed, {
    passed: report?.stats.expected ?? 0,
    failed: (report?.stats.unexpected ?? 0) + (report?.stats.flaky ?? 0),
    skipped: report?.suites.flatMap(skips) ?? [],
  })
}

interface Suite {
  suites?: Suite[]
  specs: { title: string, tests: { status: string, annotations: { type: string, description?: string }[] }[] }[]
}

/** Why a suite's tests were skipped, one reason a test. */
function skips({ suites = [], specs }: Suite): string[] {
  const own = specs.flatMap(({ title, tests }) => tests
    .filter(({ status }) => status === 'skipped')
    .map(({ annotations }) => findBrowser()
      ? annotations.find(({ type }) => type === 'skip')?.description ?? title
      : `${noBrowser.message} ${noBrowser.hint}`))
  return [...own, ...suites.flatMap(skips)]
}

async function readReport<T>(file: string): Promise<T | null> {
  return readFile(file, 'utf8').then(text => JSON.parse(text) as T, () => null)
}

/** A runner that ended badly without saying which test failed has failed all the same. */
function whole(passed: boolean, outcome: Outcome): Outcome {
  return passed || outcome.failed > 0 ? outcome : { ...outcome, failed: 1 }
}
