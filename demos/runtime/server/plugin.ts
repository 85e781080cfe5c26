import type { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Plugin, ViteDevServer, WebSocket, WebSocketClient } from 'vite'
import type { ShellServerMessage } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { Access } from './access.ts'
import type { AudienceServer } from './audience.ts'
import type { Client, WireFormat } from './clients.ts'
import process from 'node:process'
import { HEARTBEAT_MS, SHELL_TO_CLIENT, SHELL_TO_SERVER, TO_CLIENT, TO_SERVER } from '../model/messages.ts'
import { readCatalogue } from '../run/catalogue.ts'
import { filterMessages, isLocal } from './access.ts'
import { Clients } from './clients.ts'
import { guardedServer, guardRequests } from './doors.ts'
import { answerRejections } from './guards.ts'
import { PAGE_RATES, rateLimiter } from './rate-limiter.ts'
import { Session } from './session.ts'
import { Shells } from './shell.ts'
import { VoteLog } from './vote-log.ts'
import { watchDemos } from './watch-demos.ts'

/** Vite's own socket carries messages as custom events. */
const viteFormat: WireFormat = data => ({ type: 'custom', event: TO_CLIENT, data })

/** The session and its clients, which outlive a restart of Vite. */
interface DemoServer {
  /** Answers the pages of a Vite server; `joinSockets` is called when all its plugins listen to its sockets. */
  attach: (vite: ViteDevServer) => { joinSockets: () => void }
  /** Ends all runs and cleans up. */
  close: () => Promise<void>
}

/**
 * The demos' side of the Slidev dev server, on Vite's own socket; with an audience server also on that one's.
 * Vite configures a new server before it closes the old one when it restarts: the session stays as it is.
 * `onBroken` hears what is wrong with a demo that has been saved.
 */
export function demoServer(
  access: Access,
  audience: AudienceServer | null = null,
  onBroken: (problem: Problem) => void = () => {},
): Plugin {
  let opened: Promise<DemoServer> | undefined
  return {
    name: 'docker-basics:demos',
    apply: 'serve',
    config: () => ({ server: guardedServer }),
    configureServer: {
      order: 'pre', // ahead of Slidev, whose state and notes anybody may write otherwise
      handler: async (vite) => {
        opened ??= openDemoServer(access, audience, onBroken)
        const { attach } = await opened
        const { joinSockets } = attach(vite)
        return () => {
          joinSockets()
          answerRejections(vite.middlewares)
        }
      },
    },
    // Vite waits for it before it ends the process on SIGTERM.
    closeServer: async ({ reason }) => {
      if (reason === 'close')
        await (await opened)?.close()
    },
  }
}

async function openDemoServer(
  access: Access,
  audience: AudienceServer | null,
  onBroken: (problem: Problem) => void,
): Promise<DemoServer> {
  const catalogue = await readCatalogue()
  const clients = new Clients(sendState)
  const votes = new VoteLog()
  const session = await Session.open(catalogue, {
    broadcast: (message, role) => clients.broadcast(message, role),
    audience: audience?.address ?? null,
    keepPoll: poll => votes.keep(poll),
  })
  const shells = new Shells(catalogue, { engine: () => session.engine.get(), onFailure: run => session.engine.runEnded(run, 'failed') })
  function sendState(client: Client): void {
    void session.receive(client, { type: 'hello' }).then(() => audience?.followers.sendPosition(client))
  }

  audience?.followers.serve({ clients, polls: session.polls })

  const mayBringKey = (request: IncomingMessage): boolean => isLocal(request) || audience?.admits(request) === true
  /** Clients that may act once they have brought the key. */
  const candidates = new WeakSet<Client>()

  const heartbeat = setInterval(() => clients.broadcast({ type: 'heartbeat' }), HEARTBEAT_MS)
  let closing: Promise<void> | undefined
  // The session comes last: with it ends the process through which a shell that is about to open is asked for.
  const close = (): Promise<void> => closing ??= shells.closeAll().then(() => session.close()).finally(() => {
    clearInterval(heartbeat)
    clients.close()
    audience?.close()
  })
  process.once('exit', () => session.closeSync())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // `on`, not `once`: execa's signal-exit raises a signal again that nobody listens to any more.
    process.on(signal, () => void close().finally(() => process.exit(0)))
  }

  const attach = (vite: ViteDevServer): { joinSockets: () => void } => {
    guardRequests(vite, access, mayBringKey)
    const joinSockets = (): void => void vite.ws.on('connection', (socket, request) => {
      const client = clients.add(socket, 'audience', viteFormat)
      if (mayBringKey(request))
        candidates.add(client)
      socket.once('close', () => {
        clients.remove(socket)
        void shells.close(client)
      })
      const { take } = rateLimiter(PAGE_RATES)
      const count = (messages: number, bytes: number): boolean => {
        const within = take(messages, bytes)
        if (!within)
          socket.terminate()
        return within
      }
      request.socket.on('data', ({ length }: Buffer) => count(0, length)) // also of a message that is not whole yet
      filterMessages(socket, raw => count(1, 0) && access.hears(raw, client.role === 'lecturer'))
    })
    const listen = (event: string, receive: (client: Client, data: unknown, socket: WebSocket) => Promise<void>): void => {
      vite.ws.on(event, (data: unknown, { socket }: WebSocketClient) => {
        const client = clients.get(socket)
        if (client)
          void receive(client, data, socket)
      })
    }
    listen(TO_SERVER, (client, data, socket) => {
      if (candidates.has(client) && access.isKey((data as { key?: unknown } | null)?.key))
        clients.promote(socket)
      return session.receive(client, data)
    })
    listen(SHELL_TO_SERVER, (client, data, socket) => {
      const send = (message: ShellServerMessage): void => socket.send(JSON.stringify({
        type: 'custom',
        event: SHELL_TO_CLIENT,
        data: message,
      }))
      return shells.receive(client, data, send)
    })
    watchDemos(vite.watcher, async (id) => {
      const problem = await session.redefine(id)
      if (problem)
        onBroken(problem)
    })
    audience?.serve(vite)
    return { joinSockets }
  }
  return { attach, close }
}
