import type { Failure, Outcome, PlaywrightReport, VitestReport } from './support/reports.ts'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { execa } from 'execa'
import { findBrowser, noBrowser } from '../demos/runtime/browser/chromium.ts'
import { prepareDependencies } from './support/deck.ts'
import { inOwnNetwork } from './support/own-network.ts'
import { failureText, playwrightOutcome, vitestOutcome } from './support/reports.ts'

/**
 * Runs the whole suite, or the stages that it is given by name, and adds up the runners' own counts; the last lines say
 * what failed. What is quick comes first; browser tests run beside the tests of the engine, in a network namespace of their
 * own, and with an engine of their own where one can be started.
 */

const root = join(import.meta.dirname, '..')
/** Node's own cache of compiled modules: the suite starts some hundred processes, half of whose start it saves. */
const compileCache = join(root, 'node_modules/.cache/compiled')
/** How much of what a program said is repeated when it fails without a report. */
const LAST_LINES = 15
const reports = await mkdtemp(join(tmpdir(), 'docker-basics-reports-'))

const stages = {
  'lint': () => check('eslint', '.', '--max-warnings', '0'),
  'types': () => check('vue-tsc', '--noEmit', '--project', '.'),
  'unit': () => vitest('unit'),
  'engine': () => vitest('engine'),
  'firefox': async () => vitest('firefox', inOwnNetwork),
  'own engine': () => vitest('own engine'),
  'other engines': () => vitest('other engines'),
  'static': () => playwright('static'),
  'live': () => withOwnEngine(env => playwright('live', env)),
}
type Name = keyof typeof stages
const names = Object.keys(stages) as Name[]

/** Those that need neither a deck nor an engine. */
const quick: readonly Name[] = ['lint', 'types', 'unit']

const unknown = process.argv.slice(2).find(name => !names.includes(name as Name))
if (unknown !== undefined) {
  console.error(`알 수 없는 검사입니다: ${unknown}\n${names.join(', ')} 가운데에서 고르세요.`)
  process.exit(2)
}
const chosen = process.argv.length > 2 ? process.argv.slice(2) as Name[] : names

const outcomes: Outcome[] = []
await Promise.all(quick.map(run))
if (chosen.some(name => !quick.includes(name)))
  await prepareDependencies()
const engineTests = run('engine').then(() => Promise.all([run('own engine'), run('firefox')]))
await run('static')
await run('live')
await engineTests
await run('other engines') // by themselves: an engine that has no time does not answer in time
await rm(reports, { recursive: true })

const [passed, failed, skipped] = [
  outcomes.reduce((sum, outcome) => sum + outcome.passed, 0),
  outcomes.flatMap(outcome => outcome.failed),
  outcomes.flatMap(outcome => outcome.skipped),
]
for (const [reason, all] of Map.groupBy(skipped, reason => reason))
  console.log(styleText('yellow', `! ${all.length} skipped: ${reason}`))
for (const failure of failed)
  console.log(`\n${failureText(failure)}`)
console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
process.exitCode = failed.length === 0 ? 0 : 1

async function run(name: Name): Promise<void> {
  if (!chosen.includes(name))
    return
  const start = performance.now()
  console.log(styleText('bold', `■ ${name}`))
  const { passed, failed, skipped } = await stages[name]().catch(
    (error: unknown): Outcome => ({ passed: 0, failed: [{ name: 'did not come to its tests', message: String(error) }], skipped: [] }),
  )
  outcomes.push({ passed, failed: failed.map(failure => ({ ...failure, name: `${name} │ ${failure.name}` })), skipped })
  const seconds = Math.round((performance.now() - start) / 1000)
  console.log(styleText('bold', `■ ${name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped in ${seconds} s`))
}

/** Runs a program, each of its lines behind the stage's name, and gives what it failed with, or null when it ended well. */
async function errorOf(name: string, [program, ...args]: string[], env: Record<string, string> = {}): Promise<Failure | null> {
  const said: string[] = []
  const lines = function* (line: unknown): Generator<string> {
    said.splice(0, said.length - LAST_LINES + 1)
    said.push(String(line))
    yield `${styleText('dim', `${name} │`)} ${String(line)}`
  }
  const { failed, exitCode, signal } = await execa(program!, args, {
    cwd: root,
    preferLocal: true,
    reject: false,
    stdin: 'ignore',
    stdout: [lines, 'inherit'],
    stderr: [lines, 'inherit'],
    env: { NODE_COMPILE_CACHE: compileCache, ...env },
  })
  return failed ? { name: `${program} ended with ${exitCode ?? signal}`, message: said.join('\n') } : null
}

/** A check without tests of its own counts as one. */
async function check(program: string, ...args: string[]): Promise<Outcome> {
  const error = await errorOf(program, [program, ...args])
  return { passed: error ? 0 : 1, failed: error ? [error] : [], skipped: [] }
}

async function vitest(project: string, within = async (command: string[]) => command): Promise<Outcome> {
  const file = join(reports, `${project}.json`)
  const error = await errorOf(project, await within([
    'vitest', 'run', '--project', project, '--reporter=default', '--reporter=json',
    `--outputFile.json=${file}`,
  ]))
  const report = await readReport<VitestReport>(file)
  return whole(error, report && vitestOutcome(report, root))
}

/** Gives `use` an engine beside this machine's; where none can be had, this machine's, when the tests of the engine are done. */
async function withOwnEngine<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const { noSecondEngine, SecondEngine } = await import('./support/second-engine.ts')
  const second = noSecondEngine ?? await SecondEngine.open({
    bridge: true,
    images: ['busybox:stable', 'debian:trixie-slim'],
    room: '1g',
  }).catch(String)
  if (typeof second === 'string') {
    console.log(styleText('yellow', `! live: 이 컴퓨터의 엔진으로, 그 엔진의 검사가 끝난 뒤에 검사합니다. ${second}`))
    await engineTests
    return use({})
  }
  try {
    return await use({ DOCKER_HOST: second.host, DOCKER_CONTEXT: '' })
  }
  finally {
    await second.remove()
  }
}

async function playwright(project: string, env: Record<string, string> = {}): Promise<Outcome> {
  const file = join(reports, `${project}.json`)
  /** Without a browser the tests are listed, which counts them as skipped. */
  const list = findBrowser() ? [] : ['--list']
  const command = await inOwnNetwork(['playwright', 'test', `--project=${project}`, ...list, '--reporter=list,json'])
  const error = await errorOf(project, command, { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file })
  const report = await readReport<PlaywrightReport>(file)
  const outcome = whole(error, report && playwrightOutcome(report))
  return findBrowser() ? outcome : { ...outcome, skipped: outcome.skipped.map(() => `${noBrowser.message} ${noBrowser.hint}`) }
}

async function readReport<T>(file: string): Promise<T | null> {
  return readFile(file, 'utf8').then(text => JSON.parse(text) as T, () => null)
}

/** A runner that ended badly without saying which test failed has failed all the same. */
function whole(error: Failure | null, outcome: Outcome | null): Outcome {
  const { passed, failed, skipped } = outcome ?? { passed: 0, failed: [], skipped: [] }
  return { passed, failed: error && failed.length === 0 ? [error] : failed, skipped }
}
