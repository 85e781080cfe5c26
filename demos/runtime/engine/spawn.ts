import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Exit } from '../run/engine.ts'
import { Buffer } from 'node:buffer'
import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { logError } from '../model/log.ts'
import { ProblemError } from '../model/problem.ts'
import { temporaryProblem } from '../run/own-folder.ts'

/** From SIGTERM to SIGKILL, in milliseconds. */
export const KILL_DELAY_MS = 1000
/** Bytes that are read from a program at once: as many as the kernel keeps for a socket, by default. */
const READ_SIZE = 208 * 1024

/**
 * It holds next to nothing, but V8 would let what it has thrown away pile up: 160 MB after 3,000 programs, which with
 * these limits (MB) are 110 MB, most of it Node itself.
 */
const SMALL_HEAP = ['--max-old-space-size=48', '--max-semi-space-size=1']

/** A program to start; `env` is all that it gets. */
export interface Program {
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  timeoutMs: number
}

/** What the spawner's process is told: to start a program, or to end it. */
export type Order = { id: number, program: Program } | { id: number, cancel: true }

/** How a program ended, or why it could not be started, as the system says it. */
export type SpawnResult = Exit | { code: string | null, detail: string }

/** What the spawner's process reports: where it takes connections, or why it cannot, or how a program ended. */
export type Report = { path: string } | { failure: { code: string | null, detail: string } } | { id: number, result: SpawnResult }

/** How long after a program should have ended its process may be silent, in milliseconds, until it is taken for frozen. */
const SILENCE_MS = KILL_DELAY_MS + 1500

const spawnerEnded = { message: '명령을 시작하는 프로세스가 꺼졌습니다.', hint: '다시 실행하세요.' }

/** The process of a spawner, and the socket at which programs' output is fetched. */
interface SpawnerProcess {
  process: ChildProcess
  path: string
}

/**
 * Starts programs by a process of its own. A fork copies the page tables of the process that forks: for the deck's server,
 * with Slidev's 400 MB, that blocks everything for some 10 ms; for the spawner's process it takes 1 ms.
 */
export class Spawner {
  #started: Promise<SpawnerProcess> | null = null
  #lastId = 0
  readonly #waiting = new Map<number, PromiseWithResolvers<SpawnResult>>()

  /**
   * Starts the process where there is none; {@link run} does it too. It ends with this process.
   * @throws {ProblemError} when it does not start.
   */
  start(): Promise<SpawnerProcess> {
    this.#started ??= this.#fork()
    return this.#started
  }

  /** Ends the process and the programs that it has started. */
  async close(): Promise<void> {
    const started = await this.#started?.catch(() => null)
    if (started?.process.connected)
      started.process.disconnect()
  }

  /**
   * Runs a program. Its stdout and stderr are one socket, as in a terminal, so their order is the order of writing.
   * `onOutput` gets what it writes, from one buffer that is used again.
   * @throws {ProblemError} when the spawner's process has ended.
   */
  async run(
    program: Program,
    { signal, onOutput }: { signal: AbortSignal, onOutput: (bytes: Uint8Array) => void },
  ): Promise<SpawnResult> {
    const { process: child, path } = await this.start()
    const id = this.#lastId += 1
    const reader = readFrom(path, onOutput)
    const closed = new Promise(resolve => reader.once('close', resolve))
    reader.write(String(id)) // tells the process which program's output this connection takes

    const result = Promise.withResolvers<SpawnResult>()
    let silence: ReturnType<typeof setTimeout> | undefined
    /** Ends the process with all that it has started, where it does not do so itself: it may be frozen. */
    const endSoon = (ended: 'cancelled' | 'timed-out', afterMs: number): ReturnType<typeof setTimeout> => setTimeout(() => {
      this.#waiting.delete(id) // the others hear that the process has ended
      child.once('disconnect', () => result.resolve({ exitCode: null, ended }))
      kill(child)
    }, afterMs)
    const cancel = (): void => {
      if (child.connected)
        child.send({ id, cancel: true } satisfies Order)
      silence ??= endSoon('cancelled', SILENCE_MS)
    }
    const timeout = endSoon('timed-out', program.timeoutMs + SILENCE_MS)
    this.#waiting.set(id, result)
    reader.on('error', () => {
      if (!this.#waiting.has(id))
        return
      this.#started = null // the socket's file has been removed, as when /tmp is emptied: the next program gets a new process
      result.reject(new ProblemError(spawnerEnded))
    })
    child.channel?.ref()
    child.send({ id, program } satisfies Order)
    signal.addEventListener('abort', cancel)
    if (signal.aborted)
      cancel()
    try {
      return await result.promise
    }
    finally {
      signal.removeEventListener('abort', cancel)
      clearTimeout(silence)
      clearTimeout(timeout)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0)
        child.channel?.unref()
      // A grandchild may hold the socket open after a kill: what it writes is not waited for. What the program wrote is in
      // the socket already, and is read before setImmediate even where this process was held up for all of that time.
      const deadline = setTimeout(() => setImmediate(() => reader.destroy()), KILL_DELAY_MS)
      await closed
      clearTimeout(deadline)
    }
  }

  async #fork(): Promise<SpawnerProcess> {
    // Detached, because a terminal's Ctrl+C is for this process to answer.
    const child = fork(join(import.meta.dirname, 'spawner.ts'), {
      execArgv: SMALL_HEAP,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    })
    const ready = Promise.withResolvers<SpawnerProcess>()
    let folder: string | undefined
    const end = (problem: ProblemError = new ProblemError(spawnerEnded)): void => {
      this.#started = null
      if (folder !== undefined)
        remove(folder) // it could not, if it was killed
      ready.reject(problem)
      this.#waiting.forEach(({ reject }) => reject(problem))
    }
    child.on('error', () => end()).once('disconnect', () => end())
    child.on('message', (report: Report) => {
      if ('path' in report) {
        folder = dirname(report.path)
        ready.resolve({ process: child, path: report.path })
      }
      else if ('failure' in report) {
        end(new ProblemError(temporaryProblem(report.failure)))
      }
      else {
        this.#waiting.get(report.id)?.resolve(report.result)
      }
    })
    child.unref()
    return ready.promise.finally(() => {
      if (this.#waiting.size === 0)
        child.channel?.unref()
    })
  }
}

/** Removes a folder; one that cannot be removed is only logged, for what waits has to hear that the process has ended. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  }
  catch (error) {
    logError(error)
  }
}

/** Ends a process that has a group of its own, and all in it, also where they are stopped. */
function kill({ pid }: ChildProcess): void {
  try {
    process.kill(process.platform === 'win32' ? pid! : -pid!, 'SIGKILL')
  }
  catch {} // it has just ended
}

function readFrom(path: string, onBytes: (bytes: Uint8Array) => void): Socket {
  return connect({
    path,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_SIZE),
      callback: (length, buffer) => {
        onBytes(buffer.subarray(0, length))
        return true
      },
    },
  })
}
