import type { Demo } from '../../define.ts'
import type { Removed } from '../model/labels.ts'
import type { RunServerMessage, RunSnapshot } from '../model/messages.ts'
import type { RunEvent, RunState } from '../model/run-events.ts'
import type { RunClientMessage } from '../model/schema.ts'
import type { Run } from './run.ts'
import { removedText } from '../model/labels.ts'
import { ProblemError } from '../model/problem.ts'
import { idleRun } from '../model/run-events.ts'

/** A run that is to begin. */
export interface StartRequest {
  id: string
  demo: Demo
  /** The last step that it may run before it waits. */
  upTo: number
  /** Takes each event of the run, from the first on. */
  onEvent: (event: RunEvent, run: Run) => void
}

export interface RunsOptions {
  /** @throws {ProblemError} when the run cannot begin. */
  start: (request: StartRequest) => Promise<Run>
  /** Removes what one demo has made on the engine, or what all have. */
  clean: (id?: string) => Promise<Removed>
  broadcast: (message: RunServerMessage) => void
}

/** One demo and its last run. */
interface DemoRuns {
  readonly id: string
  demo: Demo
  run: Run | null
  /** The number of the last event. */
  seq: number
  /** The last events, which go out in one message. */
  pending: RunEvent[]
  showRecording: boolean
  /** Settles when the last start or clean is done: they wait for one another. */
  turn: Promise<void>
}

/** The runs of an engine, at most one a demo. The deck's server has them, and so has the engine in a tab. */
export class Runs {
  readonly #options: RunsOptions
  readonly #demos = new Map<string, DemoRuns>()
  #closed = false

  constructor(options: RunsOptions) {
    this.#options = options
  }

  /** Makes a demo known, or gives a known one a new definition, which counts from the next run on. */
  define(id: string, demo: Demo): void {
    const known = this.#demos.get(id)
    if (known)
      known.demo = demo
    else
      this.#demos.set(id, { id, demo, run: null, seq: 0, pending: [], showRecording: false, turn: Promise.resolve() })
  }

  /** Gives a demo a new definition and forgets its last run; `prepare` is called when no step of it runs. */
  async redefine(id: string, demo: Demo, prepare: () => Promise<void>): Promise<void> {
    const known = this.#demos.get(id)
    if (!known) {
      await prepare()
      return this.define(id, demo)
    }
    await inTurn(known, async () => {
      await this.#settle(known)
      await prepare()
      Object.assign(known, { demo, run: null, seq: known.seq + 1, showRecording: false })
    })
  }

  /** Forgets a demo when no step of it runs. */
  async remove(id: string): Promise<void> {
    const entry = this.#demos.get(id)
    if (entry)
      await inTurn(entry, () => this.#settle(entry))
    this.#demos.delete(id)
  }

  /** Waits for a run under way; one that waits to be advanced gives way. */
  async #settle(entry: DemoRuns): Promise<void> {
    await entry.run?.settled()
    await end(entry)
    this.#flush(entry)
  }

  /**
   * Does what a client asks; settles when the run has begun, or the demo is clean.
   * @throws {ProblemError} when that cannot be done.
   */
  async receive(message: RunClientMessage): Promise<void> {
    const entry = this.#demos.get(message.demo)!
    switch (message.type) {
      case 'run':
      case 'advance':
        return inTurn(entry, () => this.#run(entry, message))
      case 'stop':
        if (stateOf(entry).id === message.run)
          entry.run?.stop()
        return
      case 'show':
        return this.#show(entry, message.recorded)
      case 'clean':
        return inTurn(entry, async () => {
          await end(entry)
          this.#forget(entry, await this.#options.clean(entry.id))
        })
    }
  }

  /** Ends every run; others may begin. */
  stopAll(): void {
    for (const { run } of this.#demos.values())
      run?.stop()
  }

  /** Cleans when all runs have been stopped; meanwhile none begins. */
  async cleanAll(): Promise<void> {
    const waiting = [...this.#demos.values()].map(entry => ({ entry, stopped: Promise.withResolvers<void>() }))
    const cleaned = Promise.all(waiting.map(({ stopped }) => stopped.promise)).then(() => this.#options.clean())
    await Promise.all([cleaned, ...waiting.map(({ entry, stopped }) => inTurn(entry, async () => {
      await end(entry)
      stopped.resolve()
      this.#forget(entry, await cleaned)
    }))])
  }

  /** The runs as a client that joins now sees them; events that still wait are broadcast first. */
  snapshot(): Record<string, RunSnapshot> {
    this.flush()
    return Object.fromEntries([...this.#demos.values()].map(entry =>
      [entry.id, { seq: entry.seq, state: stateOf(entry), showRecording: entry.showRecording }]))
  }

  /** Broadcasts the events that still wait to be. */
  flush(): void {
    this.#demos.forEach(entry => this.#flush(entry))
  }

  /** Ends every run, also one that is about to begin, and waits until its containers are gone; none begins any more. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#demos.values()].map(async (entry) => {
      await end(entry)
      await entry.turn
      await end(entry)
    }))
  }

  async #run(entry: DemoRuns, { type, after, upTo }: Extract<RunClientMessage, { type: 'run' | 'advance' }>): Promise<void> {
    const { id, demo } = entry
    const last = upTo ?? demo.steps.length - 1
    if (last >= demo.steps.length)
      throw new ProblemError({ message: `데모 ${id}에는 ${last + 1}번째 단계가 없습니다.`, hint: `1번부터 ${demo.steps.length}번까지 있습니다.` })
    const state = stateOf(entry)
    if (after !== state.id || state.steps.some(({ status }) => status === 'running'))
      return // another client was first
    if (type === 'advance' && state.status !== 'idle')
      return entry.run?.advance(last)
    await end(entry) // a run that waits between two clicks gives way
    if (this.#closed)
      return
    await this.#options.start({ id, demo, upTo: last, onEvent: (event, run) => this.#emit(entry, event, run) })
  }

  #emit(entry: DemoRuns, event: RunEvent, run: Run): void {
    if (event.type === 'run-started') {
      entry.run = run
      this.#show(entry, false)
    }
    entry.seq += 1
    entry.pending.push(event)
    if (event.type === 'run-ended')
      this.#flush(entry) // now: removing the run's containers takes a while
    else if (entry.pending.length === 1)
      soon(() => this.#flush(entry))
  }

  #flush(entry: DemoRuns): void {
    const events = entry.pending.splice(0)
    if (events.length > 0)
      this.#options.broadcast({ type: 'events', demo: entry.id, seq: entry.seq - events.length + 1, events })
  }

  #show(entry: DemoRuns, recorded: boolean): void {
    if (entry.showRecording === recorded)
      return
    entry.showRecording = recorded
    this.#options.broadcast({ type: 'show', demo: entry.id, recorded })
  }

  #forget(entry: DemoRuns, removed: Removed): void {
    entry.run = null
    entry.seq += 1
    this.#show(entry, false)
    this.#options.broadcast({ type: 'cleaned', demo: entry.id, seq: entry.seq, message: removedText(removed) })
  }
}

function stateOf({ run, demo }: DemoRuns): RunState {
  return run?.state ?? idleRun(demo.steps.length)
}

async function end({ run }: DemoRuns): Promise<void> {
  run?.stop()
  await run?.ended
}

/** Does one thing after the other with a demo; the first failure is its caller's alone. */
function inTurn(entry: DemoRuns, act: () => Promise<void>): Promise<void> {
  const done = entry.turn.then(act)
  entry.turn = done.catch(() => {})
  return done
}

/** Does something after all that happens in this moment; a browser has no `setImmediate`. */
function soon(act: () => void): void {
  if (typeof setImmediate === 'function')
    setImmediate(act)
  else
    setTimeout(act)
}
