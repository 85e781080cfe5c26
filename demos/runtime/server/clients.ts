import type { ServerMessage } from '../model/messages.ts'
import { Buffer } from 'node:buffer'

/** How much may wait to be sent to one client, in bytes. */
export const MOST_WAITING = 512 * 1024
/** How often clients that are behind are checked, in milliseconds. */
const CHECK_MS = 100
const OPEN = 1

/** What we need of a WebSocket, Vite's own and ours. */
export interface Socket {
  readonly readyState: number
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  send: (data: Buffer, options: { binary: boolean }) => void
}

/** Only a lecturer may start, stop, edit and clean. */
export type Role = 'lecturer' | 'audience'

/** One connected page. */
export interface Client {
  readonly role: Role
  send: (message: ServerMessage) => void
}

/** How a message stands in a socket's text: wrapped as Vite's own socket wants it, or plain. */
export type WireFormat = (message: ServerMessage) => unknown

interface Connection extends Client {
  role: Role
  readonly socket: Socket
  readonly format: WireFormat
}

/**
 * The clients on all sockets. A message is serialised once a wire format, however many clients it is sent to.
 * A client that takes less than it is sent is left out, so that the server's memory stays bounded. When all that waited
 * for it has been sent, it gets the whole state: it misses steps in between, never the end.
 */
export class Clients {
  /** Sends a client the whole state. */
  readonly sendState: (client: Client) => void
  readonly #connections = new Map<Socket, Connection>()
  readonly #behind = new Set<Connection>()
  readonly #serialized = new WeakMap<ServerMessage, Map<WireFormat, Buffer>>()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(sendState: (client: Client) => void) {
    this.sendState = sendState
  }

  add(socket: Socket, role: Role, format: WireFormat): Client {
    const connection: Connection = { socket, role, format, send: message => this.#send(connection, message) }
    this.#connections.set(socket, connection)
    return connection
  }

  /** Lets a client act from now on. */
  promote(socket: Socket): void {
    const connection = this.#connections.get(socket)
    if (connection)
      connection.role = 'lecturer'
  }

  remove(socket: Socket): void {
    this.#connections.delete(socket)
  }

  /** The client on a socket that has been added and is still there. */
  get(socket: Socket): Client | undefined {
    return this.#connections.get(socket)
  }

  /** Sends to all clients, or to those of one role. */
  broadcast(message: ServerMessage, role?: Role): void {
    for (const connection of this.#connections.values()) {
      if (role === undefined || connection.role === role)
        this.#send(connection, message)
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#behind.clear()
    this.#connections.clear()
  }

  #send(connection: Connection, message: ServerMessage): void {
    const { socket, format } = connection
    if (socket.readyState !== OPEN || this.#behind.has(connection))
      return
    if (socket.bufferedAmount <= MOST_WAITING)
      return socket.send(this.#serialize(message, format), { binary: false })
    this.#behind.add(connection)
    this.#timer ??= setInterval(() => this.#checkBehind(), CHECK_MS)
  }

  #checkBehind(): void {
    for (const connection of this.#behind) {
      const { readyState, bufferedAmount } = connection.socket
      if (readyState === OPEN && bufferedAmount > 0)
        continue
      this.#behind.delete(connection)
      if (readyState === OPEN)
        this.sendState(connection)
    }
    if (this.#behind.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  #serialize(message: ServerMessage, format: WireFormat): Buffer {
    const known = this.#serialized.get(message) ?? new Map<WireFormat, Buffer>()
    this.#serialized.set(message, known)
    const data = known.get(format) ?? Buffer.from(JSON.stringify(format(message)))
    known.set(format, data)
    return data
  }
}
