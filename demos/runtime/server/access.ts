import type { IncomingMessage } from 'node:http'
import type { AudienceServer } from './audience.ts'
import type { Role } from './clients.ts'
import { TO_SERVER } from '../model/messages.ts'

/** Who sends a request: the lecturer on this machine or with the presenter key, or somebody who may only follow. */
export function roleOf(request: IncomingMessage, audience: AudienceServer | null): Role {
  return isLocal(request) || audience?.admits(request) ? 'lecturer' : 'audience'
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

/** Whether a request can change nothing: Slidev and Vite write by POST, and act by addresses that begin with `/__`. */
export function isRead({ method, url = '' }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && !/^\/*__/.test(url)
}

/** What we need of a WebSocket to filter what it receives. */
interface MessageSource {
  listeners: (event: string) => unknown[]
  removeAllListeners: (event: string) => unknown
  on: (event: 'message', listener: (raw: unknown) => void) => unknown
}

/** Lets nothing but our own messages through to Vite's listeners: its own can load modules and write to the terminal. */
export function keepFromVite(socket: MessageSource): void {
  const listeners = socket.listeners('message') as ((raw: unknown) => void)[]
  socket.removeAllListeners('message')
  socket.on('message', (raw) => {
    if (customEventOf(raw) === TO_SERVER)
      listeners.forEach(listener => listener.call(socket, raw))
  })
}

function customEventOf(raw: unknown): unknown {
  try {
    const { type, event } = JSON.parse(String(raw)) as { type?: unknown, event?: unknown }
    return type === 'custom' ? event : null
  }
  catch {
    return null // Vite could not read it either
  }
}
