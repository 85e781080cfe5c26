import type { Demo } from '../define.ts'
import type { Outcome, RunEvent, RunState } from '../runtime/model/run-events.ts'
import process from 'node:process'
import { styleText } from 'node:util'
import { ProblemError } from '../runtime/model/problem.ts'
import { shownCommand, typedWords } from '../runtime/model/recording.ts'
import { engineName, omittedText } from '../runtime/model/run-events.ts'
import { visible, visibleStream } from '../runtime/model/visible.ts'
import { findingIcons, statusWords } from '../runtime/model/words.ts'
import { printProblem } from './cli.ts'

/** What a run came to, which Ctrl+C stops; a known problem is printed. */
export async function toEnd(json: boolean, run: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  try {
    return await run(abort.signal)
  }
  catch (error) {
    if (!(error instanceof ProblemError))
      throw error
    if (json)
      console.log(JSON.stringify({ problem: error.problem }))
    printProblem(error.problem)
    return 'failed'
  }
  finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop)
  }
}

/** What prints the events of one run of a demo; the terminal is told nothing by the steps' output but colours. */
export function eventPrinter({ title, steps }: Demo, id: string): (event: RunEvent) => void {
  const mark = (passed: boolean): string => passed ? styleText('green', '✓') : styleText('red', '✗')
  const output = visibleStream(text => void process.stdout.write(text))
  return (event) => {
    switch (event.type) {
      case 'run-started':
        console.log(styleText('bold', visible(`\n■ ${title} (${id}) · ${engineName(event.version)}`)))
        break
      case 'step-started':
        console.log(`\n${styleText('bold', visible(`$ ${shownCommand(steps[event.step]!, typedWords(event))}`))}`)
        break
      case 'output':
        output.push(event.omitted ? `${omittedText(event.omitted)}\n${event.text}` : event.text)
        break
      case 'step-ended':
        output.end()
        if (event.outcome === 'skipped') {
          console.log(styleText('yellow', visible(`↷ 건너뜀: ${event.reason}`)))
          break
        }
        console.log(styleText('dim', `종료 코드 ${event.exitCode ?? '없음'} · ${(event.durationMs / 1000).toFixed(2)}초`))
        for (const { says, passed, missed } of event.checks)
          console.log(visible(`${mark(passed)} ${says}${missed === undefined ? '' : `\n  ${missed.replaceAll('\n', '\n  ')}`}`))
        if (event.reason)
          console.log(visible(`${event.outcome === 'passed' ? findingIcons.warn : mark(false)} ${event.reason}`))
        break
      case 'run-ended':
        console.log(`\n${mark(event.outcome === 'passed')} ${statusWords[event.outcome]} · ${(event.at / 1000).toFixed(1)}초`)
    }
  }
}

/** Why a run's steps failed, one text a failed check: the step's id, what it should have shown, and what was looked for. */
export function failuresOf({ steps }: Demo, run: RunState): string[] {
  return run.steps.flatMap(({ status, checks, reason }, index) => {
    if (status !== 'failed' && status !== 'timed-out')
      return []
    const missed = checks.filter(({ passed }) => !passed).map(({ says, missed = '' }) => `${says}\n${missed}`.trimEnd())
    return [...missed, ...reason === null ? [] : [reason]].map(text => `${steps[index]!.id}: ${text}`)
  })
}
