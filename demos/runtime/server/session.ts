import type { Demo } from '../../define.ts'
import type { Removed } from '../model/labels.ts'
import type { DemoSnapshot, Finding, RunSnapshot, ServerMessage } from '../model/messages.ts'
import type { Poll } from '../model/poll.ts'
import type { Problem } from '../model/problem.ts'
import type { ClientMessage } from '../model/schema.ts'
import type { Catalogue, CatalogueEntry } from '../run/catalogue.ts'
import type { Run } from '../run/run.ts'
import type { StartRequest } from '../run/runs.ts'
import type { WorkingCopy } from '../run/working-copy.ts'
import type { Client, Role } from './clients.ts'
import process from 'node:process'
import { runDoctor } from '../engine/doctor.ts'
import { clean, readLedgerEntries } from '../engine/ledger.ts'
import { Spawner } from '../engine/spawn.ts'
import { startRun } from '../engine/start-run.ts'
import { logError } from '../model/log.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { clientMessageSchema } from '../model/schema.ts'
import { demoOf, readDemo, tagsIn } from '../run/catalogue.ts'
import { isOtherLiving } from '../run/process-name.ts'
import { Redactor } from '../run/redact.ts'
import { onResetSignal } from '../run/reset-signal.ts'
import { Runs } from '../run/runs.ts'
import { removeOrphanedCopies, workingCopy } from '../run/working-copy.ts'
import { EngineWatch } from './engine-watch.ts'
import { Polls } from './polls.ts'
import { Snapshots } from './snapshots.ts'

export interface SessionOptions {
  /** Sends to all clients, or to those of one role. */
  broadcast: (message: ServerMessage, role?: Role) => void
  /** Where the audience goes; null when the deck is not shared. */
  audience?: string | null
  /** Keeps the counts of a poll that was closed or settled. */
  keepPoll?: (poll: Poll) => void
}

/** What the deck's server holds: the demos with their working copies and runs, and the engine's status. */
export class Session {
  readonly engine: EngineWatch
  readonly polls: Polls
  /** What the lecture needs, as last looked at; null until a client has asked. */
  #findings: Finding[] | null = null
  #doctor: Promise<void> | null = null
  #resetting: Promise<void> | null = null
  /** Aborts when the session closes. */
  readonly #closing = new AbortController()
  readonly #spawner = new Spawner()
  readonly #redactor = new Redactor(process.env)
  readonly #catalogue: Catalogue
  readonly #copies = new Map<string, WorkingCopy>()
  readonly #runs: Runs
  readonly #broadcast: (message: ServerMessage, role?: Role) => void
  readonly #audience: string | null
  readonly #snapshots = new Snapshots({ flush: () => this.#runs.flush(), read: role => this.#snapshot(role) })

  private constructor(catalogue: Catalogue, { broadcast, audience = null, keepPoll = () => {} }: SessionOptions) {
    this.#catalogue = catalogue
    this.#broadcast = (message, role) => {
      this.#snapshots.clear()
      broadcast(message, role)
    }
    this.#audience = audience
    this.polls = new Polls({ broadcast: this.#broadcast, keep: keepPoll })
    this.engine = new EngineWatch({
      spawner: this.#spawner,
      redactor: this.#redactor,
      onChange: (engine) => {
        this.#broadcast({ type: 'engine', engine })
        if (this.#findings)
          void this.#runDoctor().catch(logError) // the slides keep the last findings; a client that asks gets the error
      },
    })
    this.#runs = new Runs({
      start: request => this.#start(request),
      clean: id => this.#clean(id),
      broadcast: message => this.#broadcast(message),
    })
  }

  /** Makes the working copies and begins to watch the engine. */
  static async open(catalogue: Catalogue, options: SessionOptions): Promise<Session> {
    const session = new Session(catalogue, options)
    void session.#spawner.start().catch(logError) // now, so that the first run need not wait; a run that needs it reports its failure
    await removeOrphanedCopies()
    for (const [id, entry] of catalogue) {
      if ('demo' in entry)
        await session.#define(id, entry.demo)
    }
    session.engine.start()
    session.#closing.signal.addEventListener('abort', onResetSignal(() => void session.reset().catch(logError)))
    return session
  }

  /** Does what a client asks, or sends it why not; never throws. */
  async receive(client: Client, data: unknown): Promise<void> {
    const parsed = clientMessageSchema.safeParse(data)
    if (!parsed.success) {
      const detail = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
      client.send({ type: 'refused', demo: null, problem: { message: '알 수 없는 요청이라 무시했습니다.', hint: '페이지를 새로 고친 뒤 다시 시도하세요.', detail } })
      return
    }
    const message = parsed.data
    if (message.type === 'hello')
      return this.#snapshots.send(client)
    try {
      if (client.role !== 'lecturer')
        throw new ProblemError({ message: '보기 전용 화면입니다.', hint: '실행과 편집은 강의자만 할 수 있습니다.' })
      await this.#follow(message)
    }
    catch (error) {
      logError(error)
      client.send({ type: 'refused', demo: 'demo' in message ? message.demo : null, problem: this.#redactor.message(problemOf(error)) })
    }
  }

  /** Ends every run and removes its containers and the working copies. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.engine.stop()
    this.polls.end()
    await this.#doctor?.catch(() => {}) // its trial removes what it has made
    await this.#runs.close()
    await Promise.all([...this.#copies.values()].map(copy => copy.remove()))
    await this.#spawner.close()
  }

  /** The part of {@link close} that a process can still do while it exits. */
  closeSync(): void {
    for (const copy of this.#copies.values())
      copy.removeSync()
  }

  #snapshot(role: Role): ServerMessage {
    const demos = Object.entries(this.#runs.snapshot()).map(([id, run]) => [id, this.#demoSnapshot(id, run)] as const)
    const broken = [...this.#catalogue]
      .flatMap(([id, entry]) => 'problem' in entry ? [[id, this.#redactor.message(entry.problem)] as const] : [])
    return {
      type: 'snapshot',
      demos: Object.fromEntries(demos),
      broken: Object.fromEntries(broken),
      lecturer: role === 'lecturer',
      audience: this.#audience,
      engine: this.engine.status,
      findings: this.#findings,
      ...this.polls.view(role),
    }
  }

  #demoSnapshot(id: string, run: RunSnapshot): DemoSnapshot {
    return { ...run, files: this.#copies.get(id)!.files }
  }

  async #define(id: string, demo: Demo): Promise<void> {
    await this.#runs.redefine(id, demo, async () => {
      const before = this.#copies.get(id)
      this.#copies.set(id, await workingCopy(id, demo))
      await before?.remove()
    })
  }

  /**
   * Takes a demo's folder as it is now, be it new, changed or gone, and tells all clients; a step that runs ends first.
   * @returns what is wrong with it, or null.
   */
  async redefine(id: string): Promise<Problem | null> {
    const entry = await readDemo(id)
    if (!entry) {
      this.#catalogue.delete(id)
      await this.#runs.remove(id)
      await this.#copies.get(id)?.remove()
      this.#copies.delete(id)
    }
    else {
      if ('demo' in entry)
        await this.#define(id, entry.demo)
      this.#catalogue.set(id, entry)
    }
    this.#tellDefined(id, entry)
    return entry && 'problem' in entry ? entry.problem : null
  }

  #tellDefined(id: string, entry: CatalogueEntry | null): void {
    const run = this.#runs.snapshot()[id]
    this.#broadcast({
      type: 'defined',
      demo: id,
      snapshot: run ? this.#demoSnapshot(id, run) : null,
      broken: entry && 'problem' in entry ? this.#redactor.message(entry.problem) : null,
    })
  }

  /** Puts all demos back to their start, as before the first run and the first edit, and cleans where an engine answers. */
  reset(): Promise<void> {
    return this.#resetting ??= this.#reset().finally(() => this.#resetting = null)
  }

  async #reset(): Promise<void> {
    this.polls.reset()
    this.#runs.stopAll()
    await Promise.all([...this.#catalogue].map(async ([id, entry]) => {
      if ('demo' in entry)
        await this.#define(id, entry.demo)
      this.#tellDefined(id, entry)
    }))
    if (this.engine.status?.reachable === true) {
      await this.#clean()
      await this.#readLedger()
    }
  }

  async #follow(message: Exclude<ClientMessage, { type: 'hello' }>): Promise<void> {
    switch (message.type) {
      case 'runDoctor':
        return this.#runDoctor()
      case 'ledger':
        return this.#readLedger()
      case 'clean-all':
        await this.#runs.cleanAll()
        return this.#readLedger()
      case 'close-poll':
        return this.polls.close(message.poll)
      case 'settle-poll':
        return this.polls.settle(message.poll, message.outcome)
      case 'reset-all':
        return this.reset()
    }
    demoOf(this.#catalogue, message.demo)
    const copy = this.#copies.get(message.demo)!
    switch (message.type) {
      case 'open-poll': {
        const { type: _, ...question } = message
        return this.polls.open(question)
      }
      case 'edit':
        await copy.edit(message.file, message.text)
        return this.#broadcast({ type: 'file', demo: message.demo, file: message.file, text: message.text })
      case 'reset':
        return this.#broadcast({ type: 'file', demo: message.demo, file: message.file, text: await copy.reset(message.file) })
      default:
        return this.#runs.receive(message)
    }
  }

  async #start({ id, demo, upTo, onEvent }: StartRequest): Promise<Run> {
    return startRun({
      engine: await this.engine.get(),
      demoId: id,
      demo,
      copy: this.#copies.get(id)!,
      upTo,
      onEvent: (event, run) => {
        onEvent(event, run)
        if (event.type === 'run-ended')
          this.engine.runEnded(run.id, event.outcome)
      },
    })
  }

  /** Removes what one demo has made on the engine, or what all have. */
  async #clean(demo?: string): Promise<Removed> {
    return clean((await this.engine.get()).api, { demo, tags: tagsIn(this.#catalogue), isOfOthers: isOtherLiving })
  }

  async #readLedger(): Promise<void> {
    const { api } = await this.engine.get()
    this.#broadcast({ type: 'ledger', ledgerEntries: await readLedgerEntries(api, { tags: tagsIn(this.#catalogue) }) })
  }

  /** Looks at what the lecture needs and broadcasts it; a client that asks meanwhile gets the same answer. */
  async #runDoctor(): Promise<void> {
    this.#doctor ??= runDoctor(this.#catalogue, { spawner: this.#spawner, signal: this.#closing.signal }).then((findings) => {
      this.#findings = this.#redactor.message(findings)
      this.#broadcast({ type: 'findings', findings: this.#findings })
    }).finally(() => this.#doctor = null)
    return this.#doctor
  }
}
