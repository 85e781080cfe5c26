import type { ServerMessage } from '../model/messages.ts'
import type { Client, Role } from './clients.ts'
import { setTimeout as sleep } from 'node:timers/promises'

/** A client gets the whole state this often at most, in milliseconds. */
const PAUSE_MS = 500

export interface SnapshotsOptions {
  /** Broadcasts what still waits to be, which makes an older state stale. */
  flush: () => void
  /** Reads the whole state as a role may see it. */
  read: (role: Role) => ServerMessage
}

/** The whole state for clients that ask for it, however many and however often. */
export class Snapshots {
  readonly #options: SnapshotsOptions
  /** When each client gets, or has got, the whole state. */
  readonly #told = new WeakMap<Client, { at: number, sent: Promise<void> }>()
  /** The same object for all who ask until the state changes, so that it is packed once. */
  readonly #known = new Map<Role, ServerMessage>()

  constructor(options: SnapshotsOptions) {
    this.#options = options
  }

  /** Forgets the state as it was: it has changed. */
  clear(): void {
    this.#known.clear()
  }

  /** Sends a client the whole state: at once, or when it has had it for a while, however often it asks meanwhile. */
  send(client: Client): Promise<void> {
    const known = this.#told.get(client)
    const now = performance.now()
    if (known?.at !== undefined && known.at > now)
      return known.sent // it waits for its turn already
    const at = known ? Math.max(now, known.at + PAUSE_MS) : now
    const send = (): void => client.send(this.#of(client.role))
    const sent = at > now ? sleep(at - now, undefined, { ref: false }).then(send) : Promise.resolve(send())
    this.#told.set(client, { at, sent })
    return sent
  }

  #of(role: Role): ServerMessage {
    this.#options.flush()
    const known = this.#known.get(role) ?? this.#options.read(role)
    this.#known.set(role, known)
    return known
  }
}
