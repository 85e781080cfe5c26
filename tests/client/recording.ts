import type { RunEvent } from '../../demos/runtime/model/run-events.ts'

export const version = { engine: '26.1.5', builder: 'buildx 0.13.1', platform: 'linux/amd64' }

/** The start of a run with that many steps. */
export function runStarted(run: string, steps: number): RunEvent {
  return { type: 'run-started', at: 0, run, demo: 'hello', steps, date: '2026-11-24T09:00:00.000Z', version }
}

/** The events of a good run whose steps print those texts and take those milliseconds. */
export function recordingOf(steps: readonly { text: string, ms: number }[]): RunEvent[] {
  let at = 0
  const events = steps.flatMap(({ text, ms }, step): RunEvent[] => {
    const start = at
    at += ms
    return [
      { type: 'step-started', at: start, step, args: ['docker', 'version'], added: [0, 0] },
      { type: 'output', at, step, text },
      { type: 'step-ended', at, step, outcome: 'passed', exitCode: 0, durationMs: ms, checks: [] },
    ]
  })
  return [runStarted('recorded', steps.length), ...events, { type: 'run-ended', at, outcome: 'passed' }]
}
