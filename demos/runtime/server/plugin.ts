import type { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Plugin, ViteDevServer, WebSocket, WebSocketClient } from 'vite'
import type { AudienceServer } from './audience.ts'
import process from 'node:process'
import { SHELL_TO_CLIENT, SHELL_TO_SERVER, TO_CLIENT, TO_SERVER } from '../model/messages.ts'
import { readCatalogue } from '../run/catalogue.ts'
import { Views } from './clients.ts'
import { answerRejections } from './guards.ts'
import { limitConnections, oneByOne } from './limits.ts'
import { rateLimiter } from './rate-limiter.ts'
import { Session } from './session.ts'
import { Shells } from './shell.ts'

/**
 * The demos' side of the Slidev dev server: asks come in and tells go out on Vite's own socket.
 * With a audience its followers hear the same.
 */
export function demoServer(audience: AudienceServer | null): Plugin {
  let close = async (): Promise<void> => {}
  return {
    name: 'docker-basics:demos',
    apply: 'serve',
    // No page of another origin reads this one, and an error in one file is not drawn over the whole slide.
    config: () => ({ server: { cors: false, hmr: { overlay: false } } }),
    configureServer: {
      order: 'pre', // ahead of Slidev, whose state and notes anybody may write otherwise
      handler: async (server) => {
        close = await serveDemos(server, audience)
        return () => answerRejections(server.middlewares)
      },
    },
    closeBundle: () => close(), // Vite waits for it before it ends the process on SIGTERM
  }
}

/** Answers the asks of the server's pages; returns what ends all runs and cleans up. */
async function serveDemos(server: ViteDevServer, audience: AudienceServer | null): Promise<() => Promise<void>> {
  const sockets = new Set<WebSocket>()
  const views = new Views(() => sockets, data => ({ type: 'custom', event: TO_CLIENT, data }), socket => hear(socket, { type: 'hello' }))
  const catalogue = await readCatalogue()
  const session = await Session.open(catalogue, {
    broadcast: (message) => {
      views.tell(message)
      audience?.tell(message)
    },
    audience: audience?.address ?? null,
  })
  const shells = new Shells(catalogue, () => session.engine())
  const isLecturer = (request: IncomingMessage): boolean => isLocal(request) || audience?.admits(request) === true
  const lecturers = new WeakSet<object>()

  if (server.httpServer)
    limitConnections(server.httpServer)
  const take = oneByOne()
  server.middlewares.use((request, response, next) => take(request, response, next))
  server.middlewares.use((request, response, next) => {
    response.setHeader('X-Frame-Options', 'SAMEORIGIN') // no page elsewhere gets the lecturer's clicks through a frame
    if (isLecturer(request) || isLook(request))
      return next()
    response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end('강의자만 할 수 있습니다.')
  })
  server.ws.on('connection', (socket, request) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      void shells.close(socket)
    })
    if (isLecturer(request))
      lecturers.add(socket)
    else
      keepFromVite(socket)
    const { spend } = rateLimiter()
    const take = (messages: number, bytes: number): void => {
      if (!spend(messages, bytes))
        socket.terminate()
    }
    request.socket.on('data', ({ length }: Buffer) => take(0, length)) // also of a message that is not whole yet
    socket.on('message', () => take(1, 0))
  })
  server.ws.on(TO_SERVER, (data: unknown, client: WebSocketClient) => hear(client.socket, data))
  server.ws.on(SHELL_TO_SERVER, (data: unknown, { socket }: WebSocketClient) => {
    void shells.ask(socket, lecturers.has(socket), data, message => socket.send(JSON.stringify({ type: 'custom', event: SHELL_TO_CLIENT, data: message })))
  })
  audience?.serve(server, session)
  function hear(socket: WebSocket, data: unknown): void {
    void session.receive({ role: lecturers.has(socket) ? 'lecturer' : 'audience', send: message => views.tellOne(socket, message) }, data)
  }

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => closing ??= Promise.all([session.close(), shells.closeAll()]).then(() => {}).finally(() => {
    views.close()
    audience?.close()
  })
  process.once('exit', () => session.closeSync())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // `on`, not `once`: execa's signal-exit raises a signal again that nobody listens to any more.
    process.on(signal, () => void close().finally(() => process.exit(0)))
  }
  return close
}

/** Whether a request can change nothing: Slidev and Vite write by POST, and act by addresses that begin with `/__`. */
function isLook({ method, url = '' }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && !/^\/*__/.test(url)
}

/** Lets nothing but our own messages through to Vite's listeners: its own can load modules and write to the terminal. */
function keepFromVite(socket: { listeners: (event: string) => unknown[], removeAllListeners: (event: string) => unknown, on: (event: 'message', listener: (raw: unknown) => void) => unknown }): void {
  const listeners = socket.listeners('message') as ((raw: unknown) => void)[]
  socket.removeAllListeners('message')
  socket.on('message', (raw) => {
    if (String(raw).startsWith(`{"type":"custom","event":"${TO_SERVER}"`))
      listeners.forEach(listener => listener.call(socket, raw))
  })
}

/**
 * Whether a connection comes from a page of this deck on this very machine.
 * A foreign Host means DNS rebinding, a foreign Origin or fetch site another page, a forwarding header a proxy or tunnel.
 */
export function isLocal({ socket, headers }: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }): boolean {
  const host = headers.host ?? ''
  const origin = headers.origin
  return /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
    && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host)
    && (origin === undefined || origin === `http://${host}`)
    && /^(?:same-origin|none|undefined)$/.test(String(headers['sec-fetch-site']))
    && headers['x-forwarded-for'] === undefined
    && headers.forwarded === undefined
}
