import type { Step } from '../../define.ts'
import type { Engine, ExecOptions, Exit } from './engine.ts'
import { DEFAULT_TIMEOUT_MS } from '../../define.ts'
import { isRepeatable, showsState } from '../model/docker-command.ts'
import { check, checkedText } from '../model/expectation.ts'

/** How long a command that only looks is run again, until what it should show is there, and the pause before each, in milliseconds. */
const RETRY_MS = 3000
const RETRY_PAUSE_MS = 100

export interface ExecutionOptions {
  step: Step
  /** What really runs for the step's command. */
  args: string[]
  /** What the steps before it have printed, by their ids. */
  outputs: Readonly<Record<string, string | undefined>>
  engine: Pick<Engine, 'exec' | 'patience'>
  signal: AbortSignal
  onOutput: ExecOptions['onOutput']
}

export interface Execution {
  /** How the command ended the last time. */
  exit: Exit
  /** The time that it had, in milliseconds. */
  timeoutMs: number
  /** Why it ran once more, in Korean. */
  note?: string
}

type Execute = (onOutput: ExecOptions['onOutput']) => Promise<Exit>

/** Whether a command has ended by itself, with an exit code that its step expects. */
export function isExpected({ exitCode: expected = 0 }: Step, { ended, exitCode }: Exit): boolean {
  return ended === 'exited' && [expected].flat().includes(exitCode!)
}

/**
 * Executes a step's command: once, as many times in a row as the step says, or, where it only looks, until it shows what it
 * should. A container whose output an engine has lost whole runs once more, where it may.
 * @throws {ProblemError} when the program cannot be started.
 */
export async function execute({ step, args, outputs, engine, signal, onOutput }: ExecutionOptions): Promise<Execution> {
  const start = performance.now()
  const timeoutMs = (step.timeoutMs ?? DEFAULT_TIMEOUT_MS) * engine.patience
  const once: Execute = onOutput => engine.exec(args, {
    signal,
    timeoutMs: Math.max(1, Math.round(start + timeoutMs - performance.now())),
    onOutput,
  })
  const passes = (text: string): boolean => check(step, text, outputs).every(({ passed }) => passed)
  const retryMs = Math.min(timeoutMs, (step.retryMs ?? (showsState(args) ? RETRY_MS : 0)) * engine.patience)
  if (retryMs > 0) {
    const isAsExpected = (text: string, exit: Exit): boolean => isExpected(step, exit) && passes(checkedText(text))
    return { timeoutMs, exit: await lastOf(once, isAsExpected, start + retryMs, onOutput) }
  }
  const execution: Execution = { timeoutMs, exit: { exitCode: null, ended: 'cancelled' } }
  const mayRepeat = isRepeatable(args) && !passes('')
  for (let turn = 0; turn < (step.times ?? 1); turn++) {
    let isSilent = true
    execution.exit = await once((bytes) => {
      isSilent = false
      onOutput(bytes)
    })
    if (isSilent && mayRepeat && isExpected(step, execution.exit)) {
      execution.note = '출력이 한 글자도 오지 않아 한 번 더 실행했습니다.'
      execution.exit = await once(onOutput)
    }
    if (!isExpected(step, execution.exit))
      break
  }
  return execution
}

/**
 * Executes a command until it is as expected or `end` has come, by `performance.now()`; `onOutput` gets what it has printed the
 * last time. An engine lists a state a moment after it has come about, and a server answers a moment after it has been started.
 */
async function lastOf(
  once: Execute,
  isAsExpected: (text: string, exit: Exit) => boolean,
  end: number,
  onOutput: ExecOptions['onOutput'],
): Promise<Exit> {
  while (true) {
    const held: Uint8Array[] = []
    const exit = await once(bytes => void held.push(bytes.slice()))
    const decoder = new TextDecoder()
    const text = held.map(bytes => decoder.decode(bytes, { stream: true })).join('')
    if (exit.ended !== 'exited' || performance.now() >= end || isAsExpected(text, exit)) {
      held.forEach(bytes => onOutput(bytes))
      return exit
    }
    await new Promise(resolve => setTimeout(resolve, RETRY_PAUSE_MS))
  }
}
