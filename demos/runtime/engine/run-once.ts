import type { Outcome } from '../model/run-events.ts'
import type { StartOptions } from './start-run.ts'
import { workingCopy } from '../run/working-copy.ts'
import { startRun } from './start-run.ts'

/**
 * Runs a demo from its first step to its last in a working copy of its own; a signal that aborts stops it.
 * Nothing is left of it but its images.
 * @throws {ProblemError} when the run cannot begin.
 */
export async function runOnce({ signal, ...options }: Omit<StartOptions, 'copy' | 'upTo'> & { signal?: AbortSignal }): Promise<Outcome> {
  const copy = await workingCopy(options.demoId, options.demo)
  try {
    const run = await startRun({ ...options, copy })
    const stop = (): void => run.stop()
    signal?.addEventListener('abort', stop)
    if (signal?.aborted)
      stop()
    const outcome = await run.ended
    signal?.removeEventListener('abort', stop)
    return outcome
  }
  finally {
    await copy.remove()
  }
}
