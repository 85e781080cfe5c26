import { ProblemError } from './problem.ts'

/**
 * Writes an error that nobody expected, with its stack and causes, where the lecturer's terminal shows it, or to the
 * console of the tab. An error that is a known problem is written too with DEBUG=docker-basics.
 */
export function logError(error: unknown): void {
  if (!(error instanceof ProblemError) || isDebugging())
    console.error(error)
}

function isDebugging(): boolean {
  // eslint-disable-next-line node/prefer-global/process -- a tab has none, and cannot import it
  return (globalThis.process?.env.DEBUG ?? '').split(',').includes('docker-basics')
}
