import type { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Point, Position } from '../model/messages.ts'
import type { Client, Clients, WireFormat } from './clients.ts'
import type { Polls } from './polls.ts'
import { WebSocketServer } from 'ws'
import { AUDIENCE_SOCKET } from '../model/messages.ts'
import { LIMITS, Places } from './limits.ts'
import { FOLLOWER_RATES, rateLimiter } from './rate-limiter.ts'

/** Between two messages of where the laser points, in milliseconds. */
const POINTER_MS = 50
/** How often clients that have gone silently are looked for, in milliseconds. */
const HEARTBEAT_MS = 30_000

/** The socket of a browser that may vote has a random number of that browser's own in its address, 16 bytes as base64url. */
const followerAddress = new RegExp(`^/${AUDIENCE_SOCKET}(?:\\?browser=([\\w-]{22}))?$`)
const ZERO = '0'.charCodeAt(0)

const plainFormat: WireFormat = message => message

/** Those who follow the lecture without the key: they hear what happens, and of what they send only a vote, one digit, is read. */
export class Followers {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #places = new Places(LIMITS.followersPerAddress)
  #clients: Clients | null = null
  #polls: Polls | null = null
  #position: Position = { page: 1, clicks: 0 }
  #pointer: Point | null = null
  #pointing: ReturnType<typeof setTimeout> | undefined
  #heartbeat: ReturnType<typeof setInterval> | undefined

  /** Counts them among those clients, and their votes in those polls, from now on. */
  serve({ clients, polls }: { clients: Clients, polls: Polls }): void {
    this.#clients = clients
    this.#polls = polls
    this.#heartbeat = setInterval(() => this.#dropGone(), HEARTBEAT_MS)
  }

  /** Takes them to where the lecturer is. */
  moveTo({ page, clicks }: Position): void {
    if (page === this.#position.page && clicks === this.#position.clicks)
      return
    this.#position = { page, clicks }
    this.#clients?.broadcast({ type: 'position', page, clicks }, 'audience')
  }

  /** Shows them where the laser points; null when it is off. */
  pointTo(at: Point | null): void {
    if (at === this.#pointer)
      return // off, as it was
    this.#pointer = at
    this.#pointing ??= setTimeout(() => {
      this.#pointing = undefined
      this.#clients?.broadcast({ type: 'pointer', at: this.#pointer }, 'audience')
    }, POINTER_MS)
  }

  /** Sends a client where the lecturer is, if it is one of them. */
  sendPosition(client: Client): void {
    if (client.role === 'audience')
      client.send({ type: 'position', ...this.#position })
  }

  /** Takes one more in; false when the request does not ask for that, or there is no room. */
  admit(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!followerAddress.test(request.url ?? '') || !this.#hasRoom(request, socket))
      return false
    this.#sockets.handleUpgrade(request, socket, head, opened => this.#join(opened, request))
    return true
  }

  close(): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#pointing)
    for (const socket of this.#sockets.clients)
      socket.terminate()
  }

  #hasRoom({ socket: { remoteAddress = '' } }: IncomingMessage, socket: Duplex): boolean {
    return this.#sockets.clients.size < LIMITS.followers && this.#places.take(remoteAddress, socket)
  }

  #join(socket: WebSocket, { url = '', socket: { remoteAddress: address = '' } }: IncomingMessage): void {
    const clients = this.#clients
    if (!clients)
      return socket.terminate()
    const browser = followerAddress.exec(url)?.[1]
    const client = clients.add(socket, 'audience', plainFormat)
    const { take } = rateLimiter(FOLLOWER_RATES)
    const hear = (said: Buffer): void => {
      if (!take(1, said.length))
        socket.terminate()
      else if (!isVote(said))
        clients.sendState(client) // whatever else it says: it can only ask for the state
      else if (browser !== undefined)
        this.#polls?.vote(said[0]! - ZERO, { browser, address })
    }
    this.#alive.add(socket)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      clients.remove(socket)
      this.#polls?.countFollowers(this.#sockets.clients.size)
    })
    socket.on('pong', () => this.#alive.add(socket))
    socket.on('message', (said: RawData) => hear(said as Buffer))
    this.#polls?.countFollowers(this.#sockets.clients.size)
    clients.sendState(client)
  }

  #dropGone(): void {
    for (const socket of this.#sockets.clients) {
      if (!this.#alive.delete(socket))
        socket.terminate()
      socket.ping()
    }
  }
}

/** Whether a message is a vote: the number of an answer, from 0, as one digit. */
function isVote(said: Buffer): boolean {
  return said.length === 1 && said[0]! >= ZERO && said[0]! <= ZERO + 3
}
