import type { ServerMessage } from '../model/messages.ts'
import type { ClientMessage } from '../model/schema.ts'
import type { PageKind } from './page-kind.ts'
import { AUDIENCE_SOCKET, TO_CLIENT, TO_SERVER } from '../model/messages.ts'
import { storedKey } from './key.ts'

const RECONNECT_MS = 1000

/**
 * Connects to the server: over Vite's own socket on the deck, over the audience's in a page of the audience.
 * A static site has none, and an export keeps to itself. After each connect a snapshot comes.
 * @returns what sends to the server.
 */
export function connect(page: PageKind, receive: (message: ServerMessage) => void): (message: ClientMessage) => void {
  if (page === 'audience')
    return connectAudience(receive)
  const hot = import.meta.hot // in these words: Vite looks for them
  if (!hot)
    return () => {}
  const send = (message: ClientMessage): void => hot.send(TO_SERVER, message)
  hot.on(TO_CLIENT, receive)
  const hello = (): void => {
    const key = storedKey()
    send({ type: 'hello', ...key !== null && { key } })
  }
  hot.on('vite:ws:connect', hello)
  hello()
  return send
}

function connectAudience(receive: (message: ServerMessage) => void): () => void {
  let socket: WebSocket
  const open = (): void => {
    socket = new WebSocket(new URL(AUDIENCE_SOCKET, location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '')))
    socket.onmessage = ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as ServerMessage)
    socket.onclose = () => setTimeout(open, RECONNECT_MS)
  }
  open()
  return () => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send('') // the audience has nothing to say but hello
  }
}
