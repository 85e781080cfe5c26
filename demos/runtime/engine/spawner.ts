import type { Socket } from 'node:net'
import type { Order, Program, Report, SpawnResult } from './spawn.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { temporary } from '../run/process-name.ts'
import { KILL_DELAY_MS } from './spawn.ts'

/** The spawner's process: starts what {@link launch} asks for. It ends with the process that forked it, and its programs end with it. */

const folder = mkdtempSync(temporary) // its owner's alone, and so is the socket in it
const path = join(folder, 'output')
const going = new Map<number, AbortController>()
const sockets = new Map<number, PromiseWithResolvers<Socket>>()

function socketOf(id: number): PromiseWithResolvers<Socket> {
  const socket = sockets.get(id) ?? Promise.withResolvers<Socket>()
  sockets.set(id, socket)
  return socket
}

const tell = (report: Report): void => void process.send!(report)

createServer((socket) => {
  socket.on('error', () => {}) // the other end has gone
  socket.once('data', (id) => {
    socket.pause()
    socketOf(Number(id)).resolve(socket)
  })
}).listen(path, () => tell({ path }))

process.on('message', async (order: Order) => {
  if ('cancel' in order)
    return going.get(order.id)?.abort()
  const abort = new AbortController()
  going.set(order.id, abort)
  const socket = await socketOf(order.id).promise
  const result = await run(order.program, socket, abort.signal)
  socket.destroy() // the program had its own copy; execa takes an earlier end of ours for a failure
  going.delete(order.id)
  sockets.delete(order.id)
  tell({ id: order.id, result })
})
process.on('disconnect', () => process.exit())
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

async function run({ args: [program, ...args], cwd, env, timeoutMs }: Program, output: Socket, cancelSignal: AbortSignal): Promise<SpawnResult> {
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
