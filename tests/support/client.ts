import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A client without a page: a WebSocket that keeps what it hears, with the time by this machine's clock. */
export class TestClient {
  readonly heard: ServerMessage[] = []
  /** When each event came, in milliseconds, by its number. */
  readonly times = new Map<number, number>()
  readonly socket: WebSocket
  #seq: number | null = null
  readonly #demo: string

  private constructor(socket: WebSocket, demo: string) {
    this.socket = socket
    this.#demo = demo
    socket.on('message', (data: unknown) => this.#hear(JSON.parse(String(data)) as { type: string, event?: string, data: ServerMessage }))
  }

  /**
   * Connects to a deck on this machine and waits for the state; without the lecturer's key it may only look.
   * `demo` is the one whose events count.
   */
  static async open(port: number, demo: string, key: string | null): Promise<TestClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'vite-hmr')
    const client = new TestClient(socket, demo)
    await once(socket, 'open')
    client.send({ type: 'hello', ...key !== null && { key } })
    await client.until(() => client.heard.find(({ type }) => type === 'snapshot'))
    return client
  }

  /** The number of the last event that it knows, its gaps counted from there on. */
  get seq(): number | null {
    return this.#seq
  }

  get events(): RunEvent[] {
    return this.heard.flatMap(message => message.type === 'events' && message.demo === this.#demo ? message.events : [])
  }

  send(message: object): void {
    this.socket.send(JSON.stringify({ type: 'custom', event: 'demo:to-server', data: message }))
  }

  async until<T>(get: () => T | undefined, ms = 50_000): Promise<T> {
    const end = performance.now() + ms
    for (;;) {
      const value = get()
      if (value !== undefined)
        return value
      if (performance.now() > end)
        throw new Error(`waited ${ms} ms in vain`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  close(): void {
    this.socket.terminate()
  }

  #hear({ event, data: message }: { event?: string, data: ServerMessage }): void {
    if (event !== 'demo:to-client' || message.type === 'heartbeat')
      return
    this.heard.push(message)
    if (message.type === 'snapshot')
      this.#seq = message.demos[this.#demo]!.seq
    if (message.type !== 'events' || message.demo !== this.#demo)
      return
    if (message.seq !== (this.#seq ?? 0) + 1)
      throw new Error(`event ${message.seq} after ${this.#seq}`)
    this.#seq = message.seq + message.events.length - 1
    this.times.set(this.#seq, performance.now())
  }
}
