import type { Demo } from '../../define.ts'
import type { Removed } from '../model/labels.ts'
import type { EngineStatus, Finding, Tell } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { RunEvent, RunState } from '../model/run-events.ts'
import type { Catalogue } from '../run/catalogue.ts'
import type { Run } from '../run/run.ts'
import type { WorkingCopy } from '../run/working-copy.ts'
import type { Ask } from './schema.ts'
import { engineStatus, pingEngine } from '../engine/docker.ts'
import { runDoctor } from '../engine/doctor.ts'
import { readLedgerEntries } from '../engine/ledger-entries.ts'
import { clean, sweepOrphans } from '../engine/ledger.ts'
import { startSpawner } from '../engine/spawn.ts'
import { startRun } from '../engine/start-run.ts'
import { removedText } from '../model/labels.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { idleRun, reduce } from '../model/run-events.ts'
import { demoOf } from '../run/catalogue.ts'
import { redactAll } from '../run/redact.ts'
import { removeOrphanedCopies, workingCopy } from '../run/working-copy.ts'
import { clientMessageSchema } from './schema.ts'

/** How often the engine is asked whether it is there, in milliseconds. */
const ENGINE_POLL_MS = 3000

/** One browser tab that is connected. */
export interface View {
  /** Whether it may start, stop, edit and clean. */
  readonly lecturer: boolean
  tell: (message: Tell) => void
}

/** A demo on this deck: its files, its last run. */
interface Stage {
  demo: Demo
  copy: WorkingCopy
  run: Run | null
  state: RunState
  /** Whether views show the recording in its place. */
  recorded: boolean
  seq: number
  /** Its last events, which go out in one message at the end of the tick. */
  pending: RunEvent[]
  /** Starting and cleaning wait for one another; settles when the last of them is done. */
  turn: Promise<void>
}

/** What the server holds: the demos, their runs, and the engine's status. Runs belong to it, not to a view. */
export class Deck {
  #engine: EngineStatus | null = null
  /** What the lecture needs, as last looked at; null until a view has asked. */
  #findings: Finding[] | null = null
  #examining: Promise<void> | null = null
  /** Whether what nobody runs any more has been removed since the engine was last away. */
  #swept = false
  /** The runs that have ended. */
  readonly #ended = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false
  readonly #catalogue: Catalogue
  readonly #broken: Record<string, Problem>
  readonly #stages: ReadonlyMap<string, Stage>
  readonly #broadcast: (message: Tell) => void
  readonly #hall: string | null

  private constructor(catalogue: Catalogue, stages: ReadonlyMap<string, Stage>, broadcast: (message: Tell) => void, hall: string | null) {
    this.#catalogue = catalogue
    this.#broken = Object.fromEntries([...catalogue].flatMap(([id, entry]) => 'problem' in entry ? [[id, entry.problem]] : []))
    this.#stages = stages
    this.#broadcast = broadcast
    this.#hall = hall
    void this.#watchEngine()
  }

  /** Makes the working copies and begins to watch the engine. `hall` is where followers go, if anywhere. */
  static async open(catalogue: Catalogue, broadcast: (message: Tell) => void, hall: string | null = null): Promise<Deck> {
    void startSpawner().catch(() => {}) // now, so that the first run need not wait; who runs is told
    await removeOrphanedCopies()
    const stages = new Map<string, Stage>()
    for (const [id, entry] of catalogue) {
      if ('demo' in entry)
        stages.set(id, { demo: entry.demo, copy: await workingCopy(id, entry.demo), run: null, state: idleRun(entry.demo.steps.length), recorded: false, seq: 0, pending: [], turn: Promise.resolve() })
    }
    return new Deck(catalogue, stages, broadcast, hall)
  }

  /** Follows a view's message, or tells that view why not; never throws. */
  async ask(view: View, data: unknown): Promise<void> {
    const parsed = clientMessageSchema.safeParse(data)
    if (!parsed.success) {
      view.tell({ type: 'refused', demo: null, problem: { message: '알 수 없는 요청이라 무시했습니다.', hint: '페이지를 새로 고친 뒤 다시 시도하세요.', detail: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ') } })
      return
    }
    const ask = parsed.data
    if (ask.type === 'hello') {
      for (const [id, stage] of this.#stages)
        this.#flush(id, stage)
      view.tell({ type: 'snapshot', lecturer: view.lecturer, hall: this.#hall, engine: this.#engine, findings: this.#findings, demos: Object.fromEntries([...this.#stages].map(([id, { seq, state, recorded, copy }]) => [id, { seq, state, recorded, files: copy.files }])), broken: this.#broken })
      return
    }
    try {
      if (!view.lecturer)
        throw new ProblemError({ message: '보기 전용 화면입니다.', hint: '실행과 편집은 강의자만 할 수 있습니다.' })
      if (ask.type === 'runDoctor')
        return await this.#runDoctor()
      if (ask.type === 'ledger')
        return await this.#readLedger()
      if (ask.type === 'clean-all')
        return await this.#cleanAll()
      demoOf(this.#catalogue, ask.demo)
      await this.#follow(ask, this.#stages.get(ask.demo)!)
    }
    catch (error) {
      view.tell({ type: 'refused', demo: 'demo' in ask ? ask.demo : null, problem: redactAll(problemOf(error)) })
    }
  }

  /** Ends every run and removes its containers and the working copies. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await Promise.all([...this.#stages.values()].map(async ({ run, copy }) => {
      run?.stop()
      await run?.ended
      await copy.remove()
    }))
  }

  /** The part of {@link close} that a process can still do while it exits. */
  closeSync(): void {
    for (const { copy } of this.#stages.values())
      copy.removeSync()
  }

  async #follow(ask: Extract<Ask, { demo: string }>, stage: Stage): Promise<void> {
    switch (ask.type) {
      case 'run':
      case 'advance':
        return inTurn(stage, () => this.#run(ask, stage))
      case 'stop':
        if (stage.state.id === ask.run)
          stage.run?.stop()
        return
      case 'edit':
        await stage.copy.edit(ask.file, ask.text)
        return this.#broadcast({ type: 'file', demo: ask.demo, file: ask.file, text: ask.text })
      case 'reset':
        return this.#broadcast({ type: 'file', demo: ask.demo, file: ask.file, text: await stage.copy.reset(ask.file) })
      case 'show':
        return this.#show(ask.demo, stage, ask.recorded)
      case 'clean':
        return inTurn(stage, () => this.#clean(ask.demo, stage))
    }
  }

  async #run({ type, demo: id, after, upTo }: Extract<Ask, { type: 'run' | 'advance' }>, stage: Stage): Promise<void> {
    const last = upTo ?? stage.demo.steps.length - 1
    if (last >= stage.demo.steps.length)
      throw new ProblemError({ message: `데모 ${id}에는 ${last + 1}번째 단계가 없습니다.`, hint: `1번부터 ${stage.demo.steps.length}번까지 있습니다.` })
    if (after !== stage.state.id || stage.state.steps.some(({ status: state }) => state === 'running'))
      return // another view was first
    if (type === 'advance' && stage.state.status !== 'idle')
      return stage.run?.advance(last)
    stage.run?.stop() // one that waits between two clicks gives way
    await stage.run?.ended
    if (!this.#engine?.reachable)
      await this.#refreshEngine()
    if (!this.#engine?.reachable)
      throw new ProblemError(this.#engine!.problem)
    stage.run = await startRun(id, stage.demo, this.#engine.version, stage.copy, last, event => this.#emit(id, stage, event))
  }

  #show(id: string, stage: Stage, recorded: boolean): void {
    if (stage.recorded === recorded)
      return
    stage.recorded = recorded
    this.#broadcast({ type: 'show', demo: id, recorded })
  }

  #emit(id: string, stage: Stage, event: RunEvent): void {
    if (event.type === 'run-started')
      this.#show(id, stage, false)
    stage.state = reduce(stage.state, event)
    stage.seq += 1
    stage.pending.push(event)
    if (stage.pending.length === 1)
      setImmediate(() => this.#flush(id, stage))
    if (event.type !== 'run-ended')
      return
    this.#flush(id, stage) // before the run is swept, which takes a while
    this.#ended.add(stage.state.id!)
    if (event.outcome !== 'passed') {
      this.#swept = false // the engine may have been away when the run was to be swept
      void this.#refreshEngine()
    }
  }

  #flush(id: string, stage: Stage): void {
    const events = stage.pending.splice(0)
    if (events.length > 0)
      this.#broadcast({ type: 'events', demo: id, seq: stage.seq - events.length + 1, events })
  }

  async #clean(id: string, stage: Stage): Promise<void> {
    await this.#forget(id, stage, () => clean(id))
  }

  /** Cleans when all runs have been stopped; meanwhile none begins. */
  async #cleanAll(): Promise<void> {
    const cleaned = Promise.withResolvers<Removed>()
    let going = this.#stages.size
    await Promise.all([...this.#stages].map(([id, stage]) => inTurn(stage, () => this.#forget(id, stage, () => {
      going -= 1
      if (going === 0)
        void clean().then(cleaned.resolve, cleaned.reject)
      return cleaned.promise
    }))))
    await this.#readLedger()
  }

  async #readLedger(): Promise<void> {
    this.#broadcast({ type: 'ledger', ledgerEntries: await readLedgerEntries() })
  }

  async #forget(id: string, stage: Stage, clean: () => Promise<Removed>): Promise<void> {
    stage.run?.stop()
    await stage.run?.ended
    const removed = await clean()
    stage.run = null
    this.#show(id, stage, false)
    stage.state = idleRun(stage.demo.steps.length)
    stage.seq += 1
    this.#broadcast({ type: 'cleaned', demo: id, seq: stage.seq, message: removedText(removed) })
  }

  /** Looks at what the lecture needs and tells all views; who asks meanwhile gets the same answer. */
  async #runDoctor(): Promise<void> {
    this.#examining ??= runDoctor(this.#catalogue).then((findings) => {
      this.#findings = redactAll(findings)
      this.#broadcast({ type: 'findings', findings: this.#findings })
    }).finally(() => this.#examining = null)
    return this.#examining
  }

  async #watchEngine(): Promise<void> {
    if (!this.#engine?.reachable || !await pingEngine())
      await this.#refreshEngine()
    if (!this.#closed)
      this.#timer = setTimeout(() => void this.#watchEngine(), ENGINE_POLL_MS)
  }

  async #refreshEngine(): Promise<void> {
    const before = JSON.stringify(this.#engine)
    this.#engine = redactAll(await engineStatus().catch((error: unknown) => ({ reachable: false, problem: problemOf(error) }) as const))
    if (JSON.stringify(this.#engine) !== before) {
      this.#broadcast({ type: 'engine', engine: this.#engine })
      if (this.#findings)
        void this.#runDoctor().catch(() => {}) // the slide keeps what it has; who asks is told
    }
    if (!this.#engine.reachable) {
      this.#swept = false
    }
    else if (!this.#swept) {
      this.#swept = true
      await sweepOrphans(this.#ended).catch(() => this.#swept = false)
    }
  }
}

/** Does one thing after the other on a stage; the first failure is its caller's alone. */
function inTurn(stage: Stage, act: () => Promise<void>): Promise<void> {
  const done = stage.turn.then(act)
  stage.turn = done.catch(() => {})
  return done
}
