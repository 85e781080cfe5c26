import type { Demo, Step } from '../../define.ts'
import type { Check, Outcome, RunEvent, RunState, StepOutcome } from '../model/run-events.ts'
import type { Engine } from './engine.ts'
import type { Sink } from './output.ts'
import { digest } from 'ohash'
import { byteLength, characterBoundary } from '../model/bytes.ts'
import { check, checkedText, comparedWith } from '../model/expectation.ts'
import { logError } from '../model/log.ts'
import { problemOf } from '../model/problem.ts'
import { idleRun, OUTPUT_HEAD, OUTPUT_TAIL, outputText, reduce } from '../model/run-events.ts'
import { fill, filled, STEP_REFERENCE } from '../model/steps.ts'
import { execute, isExpected } from './execution.ts'
import { batchOutput } from './output.ts'

export interface RunOptions {
  id: string
  demoId: string
  demo: Demo
  engine: Engine
  /** The last step, 0-based, that runs before {@link Run.advance} is called; all of them when left out. */
  upTo?: number | undefined
  /** Gets the life of the run, event by event; the first before the constructor returns. */
  onEvent: (event: RunEvent, run: Run) => void
}

/** One execution of a demo. */
export class Run {
  readonly id: string
  /** The state after the events so far. */
  state: RunState
  /** Settles when the run has ended and its containers are removed; never rejects. */
  readonly ended: Promise<Outcome>

  readonly #demo: Demo
  readonly #engine: Engine
  readonly #onEvent: (event: RunEvent, run: Run) => void
  readonly #start = performance.now()
  readonly #abort = new AbortController()
  #upTo: number
  #wake = () => {}
  #paused = Promise.withResolvers<void>()

  constructor({ id, demoId, demo, engine, upTo = demo.steps.length - 1, onEvent }: RunOptions) {
    this.id = id
    this.#demo = demo
    this.#engine = engine
    this.#onEvent = onEvent
    this.#upTo = upTo
    this.state = idleRun(demo.steps.length)
    this.#emit({
      type: 'run-started',
      at: 0,
      run: id,
      demo: demoId,
      steps: demo.steps.length,
      date: new Date().toISOString(),
      version: engine.version,
    })
    this.ended = this.#run()
  }

  /** Lets the run go on up to and including that step; never back. */
  advance(upTo: number): void {
    this.#upTo = Math.max(this.#upTo, upTo)
    this.#wake()
  }

  /** Settles when no step runs: the run has ended, or waits to be advanced. */
  async settled(): Promise<void> {
    await Promise.race([this.ended, this.#paused.promise])
  }

  /** Cancels the run; a run that has ended stays as it ended. */
  stop(): void {
    this.#abort.abort()
    this.#wake()
  }

  #emit(event: RunEvent): void {
    this.state = reduce(this.state, event)
    this.#onEvent(event, this)
  }

  #isSkipped(step: number): boolean {
    return this.state.steps[step]!.status === 'skipped'
  }

  #at(): number {
    return Math.round(performance.now() - this.#start)
  }

  async #run(): Promise<Outcome> {
    let outcome: Outcome = 'passed'
    let isCutOff = false
    for (const [index, step] of this.#demo.steps.entries()) {
      while (index > this.#upTo && !this.#abort.signal.aborted) {
        this.#paused.resolve()
        await new Promise<void>(resolve => this.#wake = resolve)
        this.#paused = Promise.withResolvers<void>()
      }
      if (this.#abort.signal.aborted) {
        outcome = 'cancelled'
        break
      }
      outcome = await this.#step(index, step)
      isCutOff = outcome === 'cancelled' || outcome === 'timed-out'
      if (outcome !== 'passed')
        break
    }
    this.#emit({ type: 'run-ended', at: this.#at(), outcome })
    await this.#engine.sweep(isCutOff).catch(logError) // what is left is found by its label at the next start
    return outcome
  }

  /** Tells which texts a step works on, where there are any. */
  #files(): { files?: Record<string, string> } {
    const files = Object.entries(this.#engine.files())
    return files.length === 0 ? {} : { files: Object.fromEntries(files.map(([name, text]) => [name, digest(text)])) }
  }

  /** Turns the bytes that a step prints into events. Beyond the head no event's text is longer than the tail that is kept. */
  #output(step: number): { push: (bytes: Uint8Array) => void, end: () => void } {
    const sink: Sink = (text, omitted) => {
      const { head, omitted: before } = this.state.steps[step]!.output
      const isFlood = omitted + before > 0 || head.length >= OUTPUT_HEAD
      const cut = isFlood ? characterBoundary(text, Math.max(0, text.length - OUTPUT_TAIL)) : 0
      const left = omitted + byteLength(text.slice(0, cut))
      this.#emit({ type: 'output', at: this.#at(), step, text: text.slice(cut), ...left > 0 && { omitted: left } })
    }
    const redacted = this.#engine.redactStream?.(sink) ?? { push: sink, end: () => {} }
    const bytes = batchOutput(redacted.push)
    return {
      push: bytes.push,
      end: () => {
        bytes.end()
        redacted.end()
      },
    }
  }

  async #step(index: number, step: Step): Promise<Outcome> {
    const start = performance.now()
    const end = <T extends StepOutcome>(outcome: T, exitCode: number | null, checks: Check[] = [], reason?: string): T => {
      this.#emit({
        type: 'step-ended',
        at: this.#at(),
        step: index,
        outcome,
        exitCode,
        durationMs: Math.round(performance.now() - start),
        checks,
        ...reason !== undefined && { reason },
      })
      return outcome
    }
    const textOf = (at: number): string => checkedText(outputText(this.state.steps[at]!.output))
    const outputs = Object.fromEntries(this.#demo.steps.map(({ id }, at) => [id, this.#isSkipped(at) ? undefined : textOf(at)]))
    const { args, added } = this.#engine.label(step.command.map(word => fill(word, outputs)))
    this.#emit({ type: 'step-started', at: this.#at(), step: index, args, added, ...this.#files() })

    const output = this.#output(index)
    const skippedOf = (ids: readonly string[]): string | undefined =>
      this.#demo.steps.find(({ id }, at) => ids.includes(id) && this.#isSkipped(at))?.title
    try {
      const missing = skippedOf(step.command.flatMap(word => [...word.matchAll(STEP_REFERENCE)].map(([, id]) => id!)))
      const skipped = missing === undefined ? await this.#engine.skips(filled(step, outputs)) : `‘${missing}’ 단계를 건너뛰어 실행할 수 없습니다.`
      if (skipped !== null) {
        end('skipped', null, [], skipped)
        return 'passed'
      }
      const signal = this.#abort.signal
      const { exit, timeoutMs, note } = await execute({ step, args, outputs, engine: this.#engine, signal, onOutput: output.push })
      if (step.ready !== undefined && isExpected(step, exit))
        await this.#engine.answered?.(step.ready, signal)
      output.end()
      if (exit.ended === 'timed-out')
        return end('timed-out', exit.exitCode, [], `${timeoutMs / 1000}초 안에 끝나지 않아 중지했습니다.`)
      if (exit.ended === 'cancelled')
        return end('cancelled', exit.exitCode)
      const text = textOf(index)
      outputs[step.id] = text
      if (step.into !== undefined)
        await this.#engine.write(step.into, text)
      const checks = check(step, text, outputs)
      if (!isExpected(step, exit)) {
        const unexpected = `종료 코드가 ${[step.exitCode ?? 0].flat().join(' 또는 ')}이어야 하는데 ${exit.exitCode}입니다. 위 출력을 확인하세요.`
        return end('failed', exit.exitCode, checks, this.#engine.explain(text) ?? unexpected)
      }
      if (!checks.every(each => each.passed))
        return end('failed', exit.exitCode, checks, note)
      const control = skippedOf(comparedWith(step))
      if (control !== undefined)
        end('skipped', exit.exitCode, checks, `‘${control}’ 단계를 건너뛰어 견줄 것이 없습니다.`)
      else
        end('passed', exit.exitCode, checks, note)
      return 'passed'
    }
    catch (error) {
      output.end()
      logError(error)
      const { message, hint } = problemOf(error)
      return end('failed', null, [], `${message} ${hint}`)
    }
  }
}
