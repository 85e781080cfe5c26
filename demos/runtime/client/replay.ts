import type { RunEvent, RunState } from '../model/run-events.ts'
import { shallowRef } from 'vue'
import { idleRun, reduce } from '../model/run-events.ts'

/** Waits shorter than this, in milliseconds, are not waited: a timer takes as long. */
const SHORTEST_WAIT_MS = 1

/** What of a recording is to be played: steps `first` to `upTo`, none with -1; from the start with `restart`. */
export interface ReplayRequest {
  first: number
  upTo: number
  restart: boolean
}

/** Plays a recording's events at their own pace. */
export class Replay {
  readonly #events: readonly RunEvent[]
  readonly #run = shallowRef<RunState>()
  readonly #idle: RunState
  /** Which event comes next. */
  #next = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(events: readonly RunEvent[]) {
    this.#events = events
    this.#idle = idleRun(events[0]?.type === 'run-started' ? events[0].steps : 0)
  }

  /** As much of the run as has been played. */
  get run(): RunState {
    return this.#run.value ?? this.#idle
  }

  /** Plays on to the end of step `upTo`; the steps before `first` take no time, and one that has been played is not played again. */
  play({ first, upTo, restart }: ReplayRequest): void {
    clearTimeout(this.#timer)
    if (restart)
      this.rewind()
    if (upTo >= first)
      this.#skipTo(this.#events.findIndex(event => 'step' in event && event.step >= first))
    const startedAt = performance.now() - (this.#events[this.#next]?.at ?? 0)
    this.#playOn(startedAt, upTo)
  }

  /** Stops, and goes back to before the run. */
  rewind(): void {
    clearTimeout(this.#timer)
    this.#next = 0
    this.#run.value = this.#idle
  }

  #skipTo(index: number): void {
    while (this.#next < index)
      this.#playNext()
  }

  #playNext(): void {
    this.#run.value = reduce(this.run, this.#events[this.#next]!)
    this.#next += 1
  }

  #playOn(startedAt: number, upTo: number): void {
    for (let event = this.#events[this.#next]; event; event = this.#events[this.#next]) {
      if ('step' in event ? event.step > upTo : upTo < 0)
        return
      const waitMs = startedAt + event.at - performance.now()
      if (waitMs > SHORTEST_WAIT_MS) {
        this.#timer = setTimeout(() => this.#playOn(startedAt, upTo), waitMs)
        return
      }
      this.#playNext()
    }
  }
}
