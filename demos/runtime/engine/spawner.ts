import type { Socket } from 'node:net'
import type { Order, Program, Report, SpawnResult } from './spawn.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { temporaryPrefix } from '../run/process-name.ts'
import { KILL_DELAY_MS } from './spawn.ts'

/** The process of a Spawner, which starts what that asks for. It ends with the process that forked it, and its programs end with it. */

/** Reports, unless the process that would hear it has ended meanwhile. */
const send = (report: Report): void => void process.send!(report, () => {})

/** Says why this process is of no use, and ends it. */
function fail({ code, message }: NodeJS.ErrnoException): void {
  process.send!({ failure: { code: code ?? null, detail: message } } satisfies Report, () => process.exit(1))
}

/** Only this user may enter it, and so reach the socket in it. */
let folder = ''
const running = new Map<number, AbortController>()
const connections = new Map<number, PromiseWithResolvers<Socket>>()

function connectionOf(id: number): PromiseWithResolvers<Socket> {
  const connection = connections.get(id) ?? Promise.withResolvers<Socket>()
  connections.set(id, connection)
  return connection
}

const server = createServer((socket) => {
  socket.on('error', () => {}) // the reader has closed its end
  socket.once('data', (id) => {
    socket.pause()
    connectionOf(Number(id)).resolve(socket)
  })
})
server.on('error', fail)
try {
  folder = mkdtempSync(temporaryPrefix())
  const path = join(folder, 'output')
  server.listen(path, () => send({ path }))
}
catch (error) {
  fail(error as NodeJS.ErrnoException)
}

process.on('message', async (order: Order) => {
  if ('cancel' in order)
    return running.get(order.id)?.abort()
  const abort = new AbortController()
  running.set(order.id, abort)
  const connection = await connectionOf(order.id).promise
  const result = await run(order.program, connection, abort.signal)
  connection.destroy() // the program had its own copy; execa takes an earlier end of ours for a failure
  running.delete(order.id)
  connections.delete(order.id)
  send({ id: order.id, result })
})
process.on('disconnect', () => process.exit())
process.on('exit', () => folder !== '' && rmSync(folder, { recursive: true, force: true }))

async function run(
  { args: [program, ...args], cwd, env, timeoutMs }: Program,
  output: Socket,
  cancelSignal: AbortSignal,
): Promise<SpawnResult> {
  const { exitCode, signal, timedOut, isCanceled, code, shortMessage } = await execa(program!, args, {
    cwd,
    env,
    extendEnv: false,
    stdio: ['ignore', output, output],
    buffer: false,
    reject: false,
    timeout: timeoutMs,
    cancelSignal,
    forceKillAfterDelay: KILL_DELAY_MS,
  })
  if (!timedOut && !isCanceled && exitCode === undefined && !signal)
    return { code: code ?? null, detail: shortMessage ?? '' }
  return { exitCode: exitCode ?? null, ended: timedOut ? 'timed-out' : isCanceled ? 'cancelled' : 'exited' }
}
