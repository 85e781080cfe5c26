import type { Outcome } from '../model/run-events.ts'
import type { StartOptions } from './start-run.ts'
import { workingCopy } from '../run/working-copy.ts'
import { startRun } from './start-run.ts'

export interface RunOnceOptions extends Omit<StartOptions, 'copy' | 'upTo'> {
  signal?: AbortSignal
  /** Other texts of the demo's files, by name. */
  files?: Readonly<Record<string, string>>
}

/**
 * Runs a demo from its first step to its last in a working copy of its own; a signal that aborts stops it.
 * Nothing is left of it but its images.
 * @throws {ProblemError} when the run cannot begin.
 */
export async function runOnce({ signal, files = {}, ...options }: RunOnceOptions): Promise<Outcome> {
  const copy = await workingCopy(options.demoId, options.demo)
  try {
    for (const [file, text] of Object.entries(files))
      await copy.edit(file, text)
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
