import type { DockerEngine } from '../engine/docker.ts'
import type { Maker } from '../engine/ledger.ts'
import type { Spawner } from '../engine/spawn.ts'
import type { EngineStatus } from '../model/messages.ts'
import type { Outcome } from '../model/run-events.ts'
import type { Redactor } from '../run/redact.ts'
import { connectEngine } from '../engine/docker.ts'
import { sweepOrphans } from '../engine/ledger.ts'
import { engineSilent } from '../model/docker-problems.ts'
import { logError } from '../model/log.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { isDead, processName } from '../run/process-name.ts'

/** How often the engine is asked whether it is there, in milliseconds. */
const POLL_MS = 3000

interface Options {
  spawner: Spawner
  redactor: Redactor
  /** Called when an engine has come, changed or gone. */
  onChange: (status: EngineStatus) => void
}

/** Finds the engine, notices when it goes or comes back, and has removed from it what runs have left there. */
export class EngineWatch {
  /** What clients are told of the engine; null until it has been looked for. */
  status: EngineStatus | null = null
  /** The engine that answers; null while none does. */
  #engine: DockerEngine | null = null
  /** Orphans were swept since the engine last became reachable. */
  #swept = false
  /** The runs that have ended; what is left of them is an orphan too. */
  readonly #ended = new Set<string>()
  readonly #options: Options
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Begins to look at the engine, and goes on until {@link stop}. */
  start(): void {
    void this.#look()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /**
   * The engine that runs the demos; it is looked for where none has answered yet.
   * @throws {ProblemError} when none answers.
   */
  async get(): Promise<DockerEngine> {
    if (!this.#engine)
      await this.#refresh()
    if (!this.#engine)
      throw new ProblemError(this.status?.reachable === false ? this.status.problem : engineSilent)
    return this.#engine
  }

  /** Takes note of a run, or a shell, whose containers nobody carries on; what may be left of it is swept as soon as the engine answers. */
  runEnded(run: string, outcome: Outcome): void {
    this.#ended.add(run)
    if (outcome === 'passed')
      return
    this.#swept = false // the engine may have been away when the run's containers were to be removed
    void this.#refresh()
  }

  async #look(): Promise<void> {
    if (!await this.#engine?.ping())
      await this.#refresh()
    else
      await this.#sweepOnce()
    if (!this.#stopped)
      this.#timer = setTimeout(() => void this.#look(), POLL_MS)
  }

  async #refresh(): Promise<void> {
    const { spawner, redactor } = this.#options
    try {
      this.#engine = await connectEngine({ spawner })
      this.#tell({ reachable: true, version: this.#engine.version })
    }
    catch (error) {
      this.#engine = null
      if (this.#tell({ reachable: false, problem: redactor.message(problemOf(error)) })) // once, not at each poll
        logError(error)
    }
    if (!this.#engine)
      this.#swept = false
    await this.#sweepOnce()
  }

  /** Whether the status is another one than was last told: of two looks at once, the one that began first may end last. */
  #tell(status: EngineStatus): boolean {
    const changed = JSON.stringify(status) !== JSON.stringify(this.status)
    this.status = status
    if (changed)
      this.#options.onChange(status)
    return changed
  }

  /** Sweeps orphans unless that has been done; what fails is tried again when the engine is next looked at. */
  async #sweepOnce(): Promise<void> {
    if (!this.#engine || this.#swept)
      return
    this.#swept = true
    const isOrphan = ({ owner, run }: Maker): boolean => owner === processName() ? this.#ended.has(run) : isDead(owner)
    await sweepOrphans(this.#engine.api, isOrphan).catch((error: unknown) => {
      logError(error)
      this.#swept = false
    })
  }
}
