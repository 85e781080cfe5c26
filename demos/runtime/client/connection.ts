import type { ServerMessage } from '../model/messages.ts'
import type { ClientMessage } from '../model/schema.ts'
import { AUDIENCE_SOCKET, TO_CLIENT, TO_SERVER } from '../model/messages.ts'

/**
 * The way to the server: Vite's own socket on the deck, the audience's in a follower's page.
 * A static site has none, and an export keeps to itself.
 */

/** Whether this page was opened at the audience's address: it follows the lecture, and may only look. */
export const isFollower = import.meta.env.PROD && document.documentElement.hasAttribute('data-audience')

const RECONNECT_MS = 1000
let socket: WebSocket | null = null

/** Sends to the server, where there is one. */
export function send(message: ClientMessage): void {
  if (import.meta.hot)
    import.meta.hot.send(TO_SERVER, message)
  else if (socket?.readyState === WebSocket.OPEN)
    socket.send('') // a follower has nothing to say but hello
}

/** Hears what the server tells; after each connect it says hello. */
export function listen(hear: (message: ServerMessage) => void): void {
  if (import.meta.hot) {
    const hello = (): void => send({ type: 'hello' })
    import.meta.hot.on(TO_CLIENT, hear)
    import.meta.hot.on('vite:ws:connect', hello)
    hello()
  }
  else if (isFollower) {
    follow(hear)
  }
}

/** The audience's server tells the state to whoever connects. */
function follow(hear: (message: ServerMessage) => void): void {
  socket = new WebSocket(new URL(AUDIENCE_SOCKET, location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '')))
  socket.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as ServerMessage)
  socket.onclose = () => setTimeout(follow, RECONNECT_MS, hear)
}
