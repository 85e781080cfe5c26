import type { LedgerEntry } from '../model/ledger-text.ts'
import type { EngineStatus, Finding, Point, Position, ServerMessage } from '../model/messages.ts'
import { shallowRef } from 'vue'

/** What the server has told this page besides the demos; all of it null, and nobody a lecturer, without a server. */
export class ServerState {
  /** Whether the server has told its state. */
  readonly known = shallowRef(false)
  /** Whether the server was there and is gone, or stands still. */
  readonly gone = shallowRef(false)
  /** Whether this page may start, stop, edit and clean. */
  readonly lecturer = shallowRef(false)
  readonly engine = shallowRef<EngineStatus | null>(null)
  /** What the doctor last found; null until somebody has asked. */
  readonly findings = shallowRef<Finding[] | null>(null)
  /** What the deck has made on the engine, as last read; null until somebody has asked. */
  readonly ledgerEntries = shallowRef<LedgerEntry[] | null>(null)
  /** The audience's address; null when the deck is not shared. */
  readonly audience = shallowRef<string | null>(null)
  /** Where the lecturer is, in a page of the audience. */
  readonly position = shallowRef<Position | null>(null)
  /** Where the lecturer's laser points, in a page of the audience. */
  readonly pointer = shallowRef<Point | null>(null)

  receive(message: ServerMessage): void {
    switch (message.type) {
      case 'snapshot':
        this.known.value = true
        this.lecturer.value = message.lecturer
        this.audience.value = message.audience
        this.engine.value = message.engine
        this.findings.value = message.findings
        break
      case 'engine':
        this.engine.value = message.engine
        break
      case 'findings':
        this.findings.value = message.findings
        break
      case 'ledger':
        this.ledgerEntries.value = message.ledgerEntries
        break
      case 'position':
        this.position.value = message
        break
      case 'pointer':
        this.pointer.value = message.at
    }
  }
}
