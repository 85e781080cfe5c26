import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { execa } from 'execa'
import { engineStatus } from '../demos/runtime/engine/docker.ts'
import { findBrowser, noBrowser } from '../demos/runtime/pages/chromium.ts'

/** Runs lint, type check, unit tests and browser tests, quick ones first, and adds up the runners' own counts. */

const root = join(import.meta.dirname, '..')
const reports = await mkdtemp(join(tmpdir(), 'docker-basics-reports-'))
const total = { passed: 0, failed: 0, skipped: 0 }

async function stage(name: string, command: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  console.log(styleText('bold', `\n■ ${name}`))
  const { exitCode } = await execa(command, args, { cwd: root, preferLocal: true, reject: false, stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', env })
  return exitCode === 0
}

async function report<T>(file: string): Promise<T | null> {
  return readFile(join(reports, file), 'utf8').then(text => JSON.parse(text) as T, () => null)
}

const checks = [
  stage('lint', 'eslint', ['.', '--max-warnings', '0']),
  stage('type check', 'vue-tsc', ['--noEmit', '--project', '.']),
]
for (const passed of await Promise.all(checks))
  total[passed ? 'passed' : 'failed'] += 1

const unit = await stage('unit tests', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'unit.json')}`])
const unitReport = await report<{ numPassedTests: number, numFailedTests: number, numPendingTests: number }>('unit.json')
total.passed += unitReport?.numPassedTests ?? 0
total.failed += unitReport?.numFailedTests ?? 0
total.skipped += unitReport?.numPendingTests ?? 0

/** Without a browser the tests are listed, which counts them as skipped. */
const list = findBrowser() ? [] : ['--list']
const browser = await stage('browser tests', 'playwright', ['test', ...list, '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'browser.json') })
const browserReport = await report<{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }>('browser.json')
total.passed += browserReport?.stats.expected ?? 0
total.failed += (browserReport?.stats.unexpected ?? 0) + (browserReport?.stats.flaky ?? 0)
total.skipped += browserReport?.stats.skipped ?? 0

await rm(reports, { recursive: true })
// A runner that ended badly without saying which test failed has failed all the same.
if ((!unit || !browser || !unitReport || !browserReport) && total.failed === 0)
  total.failed = 1
if (total.skipped > 0) {
  const engine = await engineStatus()
  const reasons = [...engine.reachable ? [] : [engine.problem], ...findBrowser() ? [] : [noBrowser]]
  console.log(styleText('yellow', `\n! ${total.skipped} skipped`))
  for (const { message, hint } of reasons)
    console.log(styleText('yellow', `  ${message} ${hint}`))
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
