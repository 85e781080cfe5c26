import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import type { Duplex, Readable } from 'node:stream'

/**
 * What the deck's servers hold at most. A school may come from one address: 300 browsers open 6 connections each for
 * files and one that stays, 2,100 in all.
 */
export const LIMITS = {
  /** Connections of all, and of one address. Each takes a descriptor, and one more while it takes a file. */
  connections: 4000,
  connectionsPerAddress: 2400,
  /** Followers of all, and of one address. */
  followers: 1000,
  followersPerAddress: 400,
  /** Requests that wait on one connection for the answer to the one before: browsers send none. */
  waitingPerConnection: 16,
  /** Time in which a taker must take something of its answer, in milliseconds: a cold module of the dev server may take a minute. */
  idleMs: 120_000,
} as const

/** Counts by address; `take` says whether there was room, and gives it back when the connection closes. */
export class Places {
  readonly #most: number
  readonly #taken = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Takes a place for as long as a connection is open; false when the address has all of its own. */
  take(address: string, connection: { once: (event: 'close', listener: () => void) => unknown }): boolean {
    const taken = this.#taken.get(address) ?? 0
    if (taken >= this.#most)
      return false
    this.#taken.set(address, taken + 1)
    connection.once('close', () => {
      const left = this.#taken.get(address)! - 1
      if (left === 0)
        this.#taken.delete(address)
      else
        this.#taken.set(address, left)
    })
    return true
  }
}

/** Keeps a server's connections within {@link LIMITS}. */
export function limitConnections(server: Server | Http2SecureServer): void {
  const places = new Places(LIMITS.connectionsPerAddress)
  server.maxConnections = LIMITS.connections
  server.setTimeout(LIMITS.idleMs)
  server.on('connection', (socket) => {
    if (!places.take(socket.remoteAddress ?? '', socket))
      socket.destroy()
  })
}

/**
 * Answers the requests of a connection one after the other, however many come at once, and closes what an answer reads
 * from when its taker has gone: `pipe` leaves a file open then. The result calls `act` when it is a request's turn.
 */
export function oneByOne(): (request: IncomingMessage, response: ServerResponse, act: () => void) => void {
  const waiting = new WeakMap<Duplex, (() => void)[]>()
  return ({ socket }, response, act) => {
    const begin = (): void => {
      if (socket.destroyed)
        return
      response.on('pipe', (source: Readable) => {
        source.once('error', () => response.destroy())
        response.once('close', () => source.destroy())
      })
      response.once('close', () => {
        const next = waiting.get(socket)?.shift()
        if (next)
          next()
        else
          waiting.delete(socket)
      })
      act()
    }
    const before = waiting.get(socket)
    if (!before) {
      waiting.set(socket, [])
      return begin()
    }
    if (before.length >= LIMITS.waitingPerConnection)
      return void socket.destroy()
    before.push(begin)
  }
}
