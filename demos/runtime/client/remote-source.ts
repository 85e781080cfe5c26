import type { RunEvent, RunState, Status } from '../model/run-events.ts'
import type { RunClientMessage } from '../model/schema.ts'
import type { DemoState } from './demo-state.ts'
import type { Source, SourceKind, StepRange } from './source.ts'
import { shallowRef } from 'vue'
import { reduce } from '../model/run-events.ts'
import { idleRunOf } from './demo-state.ts'

/** A demo's run elsewhere, as a snapshot and then numbered events report it (model/messages.ts says in which order). */
export abstract class RemoteSource implements Source {
  abstract readonly kind: SourceKind
  abstract readonly name: string
  abstract readonly mayAct: boolean
  abstract readonly mayEdit: boolean
  abstract readonly offersBrowser: boolean
  protected readonly demo: DemoState
  readonly #send: (message: RunClientMessage) => void
  readonly #flushEdits: () => void
  readonly #latest = shallowRef<{ seq: number, state: RunState } | null>(null)

  /** `flushEdits` sends the edits that still wait, so that a run builds what is on the screen. */
  constructor(demo: DemoState, { send, flushEdits }: { send: (message: RunClientMessage) => void, flushEdits: () => void }) {
    this.demo = demo
    this.#send = send
    this.#flushEdits = flushEdits
  }

  /** The run so far; null before the first snapshot. */
  get reported(): RunState | null {
    return this.#latest.value?.state ?? null
  }

  get run(): RunState {
    return this.reported ?? idleRunOf(this.demo)
  }

  get files(): Record<string, string> {
    return this.demo.files
  }

  /** Takes a snapshot, or with null forgets what there was. */
  reset(latest: { seq: number, state: RunState } | null): void {
    this.#latest.value = latest
  }

  /**
   * Takes events, the first of which has number `seq`; those that a snapshot has brought already are left out.
   * @returns false when some before them are missing: then a snapshot is needed.
   */
  receive(seq: number, events: readonly RunEvent[]): boolean {
    const latest = this.#latest.value
    if (!latest || seq <= latest.seq)
      return true
    if (seq > latest.seq + 1)
      return false
    this.#latest.value = { seq: seq + events.length - 1, state: events.reduce(reduce, latest.state) }
    return true
  }

  start({ upTo }: StepRange): void {
    this.#request('run', upTo)
  }

  advance({ upTo }: StepRange): void {
    this.#request('advance', upTo)
  }

  #request(type: 'run' | 'advance', upTo: number): void {
    this.#flushEdits()
    this.#send({ type, demo: this.demo.id, after: this.run.id, upTo })
  }

  stop(): void {
    const { id } = this.run
    if (id !== null)
      this.#send({ type: 'stop', demo: this.demo.id, run: id })
  }

  clean(): void {
    this.#send({ type: 'clean', demo: this.demo.id })
  }

  notice(): string | null {
    return null
  }

  toggleName(_status: Status): string | null {
    return null
  }
}
