import type { IncomingMessage } from 'node:http'
import type { Plugin, ViteDevServer, WebSocketClient } from 'vite'
import type { Tell } from './messages.ts'
import process from 'node:process'
import { readCatalogue } from './catalogue.ts'
import { Deck } from './deck.ts'
import { ASK, TELL } from './messages.ts'

/** The demos' side of the Slidev dev server: asks come in and tells go out on Vite's own socket. */
export function demoServer(): Plugin {
  let close = async (): Promise<void> => {}
  return {
    name: 'docker-basics:demos',
    apply: 'serve',
    configureServer: async (server) => {
      close = await serveDemos(server)
    },
    closeBundle: () => close(), // Vite waits for it before it ends the process on SIGTERM
  }
}

/** Answers the asks of the server's pages; returns what ends all runs and cleans up. */
async function serveDemos(server: ViteDevServer): Promise<() => Promise<void>> {
  const deck = await Deck.open(await readCatalogue(), message => server.ws.send(TELL, message))
  const local = new WeakMap<object, boolean>()

  server.ws.on('connection', (socket, request) => local.set(socket, isLocal(request)))
  server.ws.on(ASK, (data: unknown, client: WebSocketClient) => {
    void deck.ask({
      lecturer: local.get(client.socket) === true,
      tell: (message: Tell) => client.send(TELL, message),
    }, data)
  })

  let closing: Promise<void> | undefined
  const close = (): Promise<void> => closing ??= deck.close()
  process.once('exit', () => deck.closeSync())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // `on`, not `once`: execa's signal-exit raises a signal again that nobody listens to any more.
    process.on(signal, () => void close().finally(() => process.exit(0)))
  }
  return close
}

/**
 * Whether a connection comes from a page of this deck on this very machine.
 * A foreign Host means DNS rebinding, a foreign Origin another site, a forwarding header a proxy or tunnel.
 */
export function isLocal({ socket, headers }: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }): boolean {
  const host = headers.host ?? ''
  const origin = headers.origin
  return /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
    && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host)
    && (origin === undefined || origin === `http://${host}`)
    && headers['x-forwarded-for'] === undefined
    && headers.forwarded === undefined
}
