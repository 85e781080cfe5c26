import type { ParseArgsConfig } from 'node:util'
import type { Problem } from '../runtime/model/problem.ts'
import process from 'node:process'
import { parseArgs, styleText } from 'node:util'
import { lectureLength } from '../../setup/lecture.ts'
import { logError } from '../runtime/model/log.ts'
import { NoEngineError, ProblemError, problemOf } from '../runtime/model/problem.ts'
import { visible } from '../runtime/model/visible.ts'
import { checkoutProblem } from '../runtime/run/checkout.ts'

/** Exit codes of every command, as the page contract names them. */
export const EXIT = { ok: 0, failed: 1, misuse: 2, noEngine: 3 } as const

/** An error of whoever typed the command. */
export class MisuseError extends ProblemError {}

/**
 * The command line, parsed; words after the flags are positionals.
 * @throws {MisuseError} for an unknown flag or a flag without its value.
 */
export function readArgs<const T extends NonNullable<ParseArgsConfig['options']>>(usage: string, options: T) {
  try {
    return parseArgs({ options, allowPositionals: true, strict: true })
  }
  catch (error) {
    throw new MisuseError({ message: '명령의 옵션이 올바르지 않습니다.', hint: usage, detail: (error as Error).message }, { cause: error })
  }
}

/**
 * Checks which lecture LECTURE chooses and where the repository lies, before Slidev reads the deck.
 * @throws {MisuseError} when there is no such lecture.
 * @throws {ProblemError} when Slidev cannot open slides in a folder of that name.
 */
export function checkLecture(): void {
  const problem = checkoutProblem()
  if (problem)
    throw new ProblemError(problem)
  try {
    lectureLength(process.env.LECTURE)
  }
  catch (error) {
    throw new MisuseError(problemOf(error), { cause: error })
  }
}

/** Prints a problem: what happened, what to do next, the original below. */
export function printProblem({ message, hint, detail }: Problem): void {
  console.error(`${styleText('red', '✗')} ${visible(message)}\n  → ${visible(hint).replaceAll('\n', '\n    ')}`)
  if (detail)
    console.error(styleText('dim', visible(detail).replaceAll(/^/gm, '  ')))
}

/** Runs a command; a failure is printed, a known one without a stack trace, and becomes the exit code. */
export async function main(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command()
  }
  catch (error) {
    logError(error)
    printProblem(problemOf(error))
    process.exitCode = error instanceof MisuseError ? EXIT.misuse : error instanceof NoEngineError ? EXIT.noEngine : EXIT.failed
  }
}
