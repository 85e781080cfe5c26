import type { ServerMessage } from '../model/messages.ts'
import { Buffer } from 'node:buffer'

/** How much may wait to be sent to one view, in bytes. */
export const MOST_WAITING = 512 * 1024
/** How often those that are behind are looked at, in milliseconds. */
const LOOK_MS = 100
const OPEN = 1

/** What we need of a WebSocket, Vite's own and ours. */
export interface Socket {
  readonly readyState: number
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  send: (data: Buffer, options: { binary: boolean }) => void
}

/**
 * The views on one kind of socket. Each message is written once for all.
 * One that takes less than it is told is left out, so that the server's memory stays bounded,
 * and gets the whole state when all that waited has been sent: it misses steps in between, never the end.
 */
export class Views<S extends Socket> {
  readonly #sockets: () => Iterable<S>
  readonly #pack: (message: ServerMessage) => unknown
  readonly #catchUp: (socket: S) => void
  readonly #behind = new Set<S>()
  #timer: ReturnType<typeof setInterval> | undefined

  /** `pack` says what a message looks like on the wire; `catchUp` sends a view the whole state. */
  constructor(sockets: () => Iterable<S>, pack: (message: ServerMessage) => unknown, catchUp: (socket: S) => void) {
    this.#sockets = sockets
    this.#pack = pack
    this.#catchUp = catchUp
  }

  /** Tells all views. */
  tell(message: ServerMessage): void {
    const data = this.#write(message)
    for (const socket of this.#sockets())
      this.#send(socket, data)
  }

  /** Tells one view. */
  tellOne(socket: S, message: ServerMessage): void {
    this.#send(socket, this.#write(message))
  }

  close(): void {
    clearInterval(this.#timer)
    this.#behind.clear()
  }

  #write(message: ServerMessage): Buffer {
    return Buffer.from(JSON.stringify(this.#pack(message)))
  }

  #send(socket: S, data: Buffer): void {
    if (socket.readyState !== OPEN || this.#behind.has(socket))
      return
    if (socket.bufferedAmount <= MOST_WAITING)
      return socket.send(data, { binary: false })
    this.#behind.add(socket)
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
  }

  #look(): void {
    for (const socket of this.#behind) {
      if (socket.readyState === OPEN && socket.bufferedAmount > 0)
        continue
      this.#behind.delete(socket)
      if (socket.readyState === OPEN)
        this.#catchUp(socket)
    }
    if (this.#behind.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }
}
