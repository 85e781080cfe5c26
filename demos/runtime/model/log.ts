import { ProblemError } from './problem.ts'
import { visible } from './visible.ts'

/**
 * Writes an error that nobody expected, with its stack and causes, where the lecturer's terminal shows it, or to the
 * console of the tab. An error that is a known problem is written too with DEBUG=docker-basics.
 */
export function logError(error: unknown): void {
  if (!(error instanceof ProblemError) || isDebugging())
    console.error(asText(error))
}

/** As a terminal may show it; a tab's console shows an error as it is, with a link to its lines. */
function asText(error: unknown): unknown {
  // eslint-disable-next-line node/prefer-global/process -- a tab has none, and cannot import it
  const inspect = globalThis.process?.getBuiltinModule?.('node:util').inspect
  const text = inspect?.(error) ?? ''
  return visible(text) === text ? error : visible(text)
}

function isDebugging(): boolean {
  // eslint-disable-next-line node/prefer-global/process -- a tab has none, and cannot import it
  return (globalThis.process?.env.DEBUG ?? '').split(',').includes('docker-basics')
}
