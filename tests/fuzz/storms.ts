import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Door, Target } from './target.ts'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { closeOf, openSocket, wire } from './actions.ts'
import { openShell, toServer } from './corpus.ts'
import { DOORS, DOWNLOAD } from './target.ts'

/** What many clients do at once, or one that does the same very often. Each gives all its connections up at its end. */
export type Storm = (target: Target) => Promise<void>

const download = (target: Target, door: Door): string => wire(target, { door, role: 'nobody', method: 'GET', path: DOWNLOAD })

async function connections(target: Target, count: number, act: (socket: Socket, index: number) => void, keepMs: number): Promise<void> {
  const sockets = Array.from({ length: count }, (_, index) => {
    const socket = target.connect(DOORS[index % 2]!)
    act(socket, index)
    return socket
  })
  await setTimeout(keepMs)
  sockets.forEach(socket => socket.destroy())
}

async function sockets(target: Target, count: number, act: (socket: WebSocket) => Promise<void> | void): Promise<void> {
  const opened = await Promise.all(Array.from({ length: count }, (_, index) => openSocket(target, DOORS[index % 2]!, 'nobody')))
  await Promise.all(opened.map(async socket => socket && act(socket)))
  opened.forEach(socket => socket?.terminate())
}

/** Sends messages as the lecturer, and goes. */
async function asLecturer(target: Target, messages: string[], keepMs: number): Promise<void> {
  const socket = await openSocket(target, 'deck', 'lecturer')
  messages.forEach(each => socket?.send(each))
  await setTimeout(keepMs)
  socket?.terminate()
}

export const storms: Record<string, Storm> = {
  'downloads that are asked for many times and never read': target => connections(
    target, 20, (socket, index) => socket.pause().write(download(target, DOORS[index % 2]!).repeat(1000)), 2000,
  ),
  'downloads that are left off': async (target) => {
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, async (_, index) => {
        const socket = target.connect(DOORS[index % 2]!)
        socket.write(download(target, DOORS[index % 2]!))
        await Promise.race([once(socket, 'data').catch(() => {}), closeOf(socket), setTimeout(3000, null, { ref: false })])
        socket.destroy()
      }))
    }
  },
  'half-open requests': target => connections(target, 1000, (socket, index) => {
    socket.write(`GET / HTTP/1.1\r\nHost: ${target.host(DOORS[index % 2]!)}\r\n`)
  }, 2000),
  'requests that dribble': target => connections(target, 200, (socket) => {
    void (async () => {
      for (let count = 0; count < 20 && !socket.destroyed; count++) {
        socket.write('X')
        await setTimeout(100)
      }
    })()
  }, 2200),
  'connections that come and go': async (target) => {
    for (let round = 0; round < 20; round++)
      await connections(target, 100, () => {}, 10)
  },
  'upgrades that are reset': target => connections(target, 300, (socket, index) => {
    const headers = {
      'connection': 'upgrade',
      'upgrade': 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    socket.write(wire(target, { door: DOORS[index % 2]!, role: 'nobody', method: 'GET', path: '/audience', headers }))
    setTimeout(5).then(() => socket.resetAndDestroy(), () => {})
  }, 500),
  'followers beyond their places': target => sockets(target, 1100, () => {}),
  'followers that ask for the state without end': target => sockets(target, 100, async (socket) => {
    for (let count = 0; count < 1000; count++)
      socket.send(toServer({ type: 'hello' }))
    await setTimeout(1000)
  }),
  'followers that do not read': target => sockets(target, 100, async (socket) => {
    socket.pause()
    for (let count = 0; count < 200; count++)
      socket.send(toServer({ type: 'hello' }))
    await setTimeout(1500)
  }),
  'a message that does not end': target => sockets(target, 10, async (socket) => {
    socket.send('x'.repeat(8 * 1024 ** 2))
    await setTimeout(500)
  }),
  'shells at once': async target => void await Promise.all([0, 0, 1].map(keepMs => asLecturer(
    target, Array.from<string>({ length: 10 }).fill(openShell), keepMs * 2000,
  ))),
  'edits of two files from everywhere': async target => void await Promise.all(Array.from({ length: 5 }, (_, client) => asLecturer(
    target,
    Array.from({ length: 40 }, (_, count) => toServer({
      type: 'edit',
      demo: 'helloworld',
      file: count % 2 ? 'Dockerfile' : 'helloworld',
      text: `# ${client} ${count}\n`,
    })),
    1000,
  ))),
  'starts and stops': target => asLecturer(
    target,
    Array.from({ length: 60 }, (_, count) => toServer(
      count % 2 ? { type: 'stop', demo: 'throwaway', run: 'x' } : { type: 'run', demo: 'throwaway', after: null },
    )),
    1500,
  ),
  'a lecturer that floods': target => asLecturer(target, Array.from({ length: 2000 }, () => toServer({ type: 'ledger' })), 1000),
}
