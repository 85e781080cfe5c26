import type { ChildProcess } from 'node:child_process'
import type { Exit } from '../run/run.ts'
import { Buffer } from 'node:buffer'
import { fork } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { ProblemError } from '../model/problem.ts'

/**
 * Programs are started by a process of their own, the spawner. A fork copies the page tables of who forks: of the deck's
 * server, with Slidev's 400 MB, that takes some 10 ms in which nothing else is done, of the spawner 1 ms.
 */

/** From the polite signal to the certain one, in milliseconds. */
export const KILL_DELAY_MS = 1000
/** Bytes that are read from a program at once: as many as the kernel keeps for a socket, by default. */
const READ_SIZE = 208 * 1024

/** A program to start; `env` is all that it gets. */
export interface Program {
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  timeoutMs: number
}

/** What the spawner is told: to start a program, or to end it. */
export type Order = { id: number, program: Program } | { id: number, cancel: true }

/** How a program ended, or why it could not be started, as the system says it. */
export type SpawnResult = Exit | { code: string | null, detail: string }

/** What the spawner tells: where it takes connections, or how a program ended. */
export type Report = { path: string } | { id: number, result: SpawnResult }

const gone = { message: '명령을 시작하는 프로세스가 꺼졌습니다.', hint: '다시 실행하세요.' }

interface Spawner {
  process: ChildProcess
  path: string
}

let spawner: Promise<Spawner> | null = null
let lastId = 0
const waiting = new Map<number, PromiseWithResolvers<SpawnResult>>()

/**
 * Starts the spawner where there is none; it ends with this process.
 * @throws {ProblemError} when it does not start.
 */
export function startSpawner(): Promise<Spawner> {
  spawner ??= forkSpawner()
  return spawner
}

/**
 * Runs a program. Its stdout and stderr are one socket, as in a terminal, so their order is the order of writing.
 * `onBytes` gets what it writes, from one buffer.
 * @throws {ProblemError} when the spawner is gone.
 */
export async function launch(program: Program, signal: AbortSignal, onBytes: (bytes: Uint8Array) => void): Promise<SpawnResult> {
  const { process, path } = await startSpawner()
  const id = lastId += 1
  const reader = connect({
    path,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_SIZE),
      callback: (length, buffer) => {
        onBytes(buffer.subarray(0, length))
        return true
      },
    },
  })
  const closed = new Promise(resolve => reader.once('close', resolve))
  reader.write(String(id)) // whose socket it is

  const result = Promise.withResolvers<SpawnResult>()
  const cancel = (): void => void process.send({ id, cancel: true } satisfies Order)
  waiting.set(id, result)
  reader.on('error', () => {
    if (!waiting.has(id))
      return
    spawner = null // its socket is gone, as when /tmp has been emptied: the next program gets a new one
    result.reject(new ProblemError(gone))
  })
  process.channel?.ref()
  process.send({ id, program } satisfies Order)
  signal.addEventListener('abort', cancel)
  if (signal.aborted)
    cancel()
  try {
    return await result.promise
  }
  finally {
    signal.removeEventListener('abort', cancel)
    waiting.delete(id)
    if (waiting.size === 0)
      process.channel?.unref()
    // A grandchild may hold the socket open after a kill: what it writes is not waited for.
    const deadline = setTimeout(() => reader.destroy(), KILL_DELAY_MS)
    await closed
    clearTimeout(deadline)
  }
}

async function forkSpawner(): Promise<Spawner> {
  // detached: a terminal's Ctrl+C is for this process to answer
  const process = fork(join(import.meta.dirname, 'spawner.ts'), { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true })
  const ready = Promise.withResolvers<Spawner>()
  const end = (): void => {
    spawner = null
    const problem = new ProblemError(gone)
    ready.reject(problem)
    waiting.forEach(({ reject }) => reject(problem))
  }
  process.on('error', end).once('disconnect', end)
  process.on('message', (report: Report) => {
    if ('path' in report)
      ready.resolve({ process, path: report.path })
    else
      waiting.get(report.id)?.resolve(report.result)
  })
  process.unref()
  return ready.promise.finally(() => {
    if (waiting.size === 0)
      process.channel?.unref()
  })
}
