import type { ServerMessage } from '../model/messages.ts'
import type { ClientMessage } from '../model/schema.ts'
import type { Vote } from './hall.ts'
import type { PageKind } from './page-kind.ts'
import { KEY_STORE } from '../model/key.ts'
import { AUDIENCE_SOCKET, HEARTBEAT_MS, TO_CLIENT, TO_SERVER } from '../model/messages.ts'
import { storedKey } from './key.ts'

const RECONNECT_MS = 1000
/** A server that has said nothing for so many ticks of half a heartbeat is gone, or stands still. */
const SILENT_TICKS = 5

/** What a page does with what comes from its server. */
export interface ServerListener {
  onMessage: (message: ServerMessage) => void
  /** The server, which was there, is gone or stands still; with the next message it is back. */
  onGone: () => void
}

/**
 * Connects to the server: over Vite's own socket on the deck, over the audience's in a page of the audience.
 * A static site has none, and an export keeps to itself. After each connect a snapshot comes.
 * @returns what sends to the server.
 */
export function connect(page: PageKind, listener: ServerListener): (message: ClientMessage | Vote) => void {
  const { receive, lose } = watchSilence(listener)
  if (page === 'audience')
    return connectAudience(receive, lose)
  const hot = import.meta.hot // in these words: Vite looks for them
  if (!hot)
    return () => {}
  const send = (message: ClientMessage | Vote): void => hot.send(TO_SERVER, message)
  hot.on(TO_CLIENT, receive)
  const hello = (): void => {
    const key = storedKey()
    send({ type: 'hello', ...key !== null && { key } })
  }
  hot.on('vite:ws:connect', hello)
  hot.on('vite:ws:disconnect', lose) // Vite loads the page again when the server is back
  addEventListener('storage', ({ key }) => key === KEY_STORE && hello()) // another window was opened with a new key
  hello()
  return send
}

/** Where a browser keeps the random number by which it has one vote, whatever it reloads and however many pages it has open. */
const BROWSER_STORE = 'docker-basics:browser'

function browserNumber(): string {
  const known = localStorage.getItem(BROWSER_STORE)
  if (known !== null)
    return known
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const number = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  localStorage.setItem(BROWSER_STORE, number)
  return number
}

function connectAudience(receive: (message: ServerMessage) => void, lose: () => void): (message: ClientMessage | Vote) => void {
  let socket: WebSocket
  const address = new URL(`${AUDIENCE_SOCKET}?browser=${browserNumber()}`, location.href.replace(/^http/, 'ws').replace(/[?#].*$/, ''))
  const open = (): void => {
    socket = new WebSocket(address)
    socket.onmessage = ({ data }: MessageEvent<string>) => receive(JSON.parse(data) as ServerMessage)
    socket.onclose = () => {
      lose()
      setTimeout(open, RECONNECT_MS)
    }
  }
  open()
  return (message) => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send(message.type === 'vote' ? String(message.answer) : '') // the audience has nothing else to say but hello
  }
}

/** Tells of a server that has fallen silent. Ticks are counted, not time: a page that stands still itself counts none. */
function watchSilence({ onMessage, onGone }: ServerListener): { receive: (message: ServerMessage) => void, lose: () => void } {
  let timer: ReturnType<typeof setInterval> | undefined
  let ticks = 0
  const lose = (): void => {
    if (timer === undefined)
      return // it was never there, or has been told of
    clearInterval(timer)
    timer = undefined
    onGone()
  }
  const receive = (message: ServerMessage): void => {
    ticks = 0
    timer ??= setInterval(() => ++ticks >= SILENT_TICKS && lose(), HEARTBEAT_MS / 2)
    onMessage(message)
  }
  return { receive, lose }
}
