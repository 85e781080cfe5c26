import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { Door, Role, Target } from './target.ts'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'

type Snapshot = Extract<ServerMessage, { type: 'snapshot' }>

/** A page without a browser that stays, behaves, and keeps what it has been told, as a panel does. */
export class Observer {
  readonly name: string
  #state: Snapshot | null = null
  #open = false
  readonly #socket: WebSocket
  readonly #key: string | undefined

  private constructor(target: Target, door: Door, role: Role) {
    this.name = `${role} at ${door}`
    const { host, 'x-docker-basics-key': key, ...headers } = target.headers(door, role) as Record<string, string>
    this.#key = key
    const follower = door === 'audience' && role === 'nobody'
    const url = `ws://${host!.replace('localhost', '127.0.0.1')}/${follower ? 'audience' : ''}`
    this.#socket = new WebSocket(url, follower ? [] : ['vite-hmr'], { headers })
    this.#socket.on('close', () => this.#open = false)
    this.#socket.on('error', () => {})
    this.#socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string, data?: ServerMessage }
      this.#hear(message.type === 'custom' ? message.data! : message as ServerMessage)
    })
  }

  /** @throws {Error} when it is not let in, or hears no state within 20 s. */
  static async join(target: Target, door: Door, role: Role): Promise<Observer> {
    const observer = new Observer(target, door, role)
    await once(observer.#socket, 'open')
    observer.#open = true
    if (!(door === 'audience' && role === 'nobody'))
      observer.send({ type: 'hello', ...observer.#key !== undefined && { key: observer.#key } })
    for (let tries = 0; observer.#state === null; tries++) {
      if (tries === 400)
        throw new Error(`${observer.name} hears no state`)
      await setTimeout(50)
    }
    return observer
  }

  /** Whether it has not been cut off. */
  get isOpen(): boolean {
    return this.#open
  }

  /** What it would show now, the same for all clients. */
  get state(): string {
    const { demos, broken, engine, audience, findings } = this.#state!
    return JSON.stringify({ demos: Object.entries(demos).sort(), broken, engine, audience, findings })
  }

  run(demo: string): Snapshot['demos'][string]['state'] {
    return this.#state!.demos[demo]!.state
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify({ type: 'custom', event: 'demo:to-server', data: message }))
  }

  close(): void {
    this.#socket.terminate()
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'snapshot')
      this.#state = message
    const state = this.#state
    if (!state)
      return
    switch (message.type) {
      case 'engine':
        state.engine = message.engine
        break
      case 'findings':
        state.findings = message.findings
        break
      case 'poll':
        Object.assign(state, { poll: message.poll, followers: message.followers })
        break
      case 'file':
        state.demos[message.demo]!.files[message.file] = message.text
        break
      case 'show':
        state.demos[message.demo]!.showRecording = message.recorded
        break
      case 'cleaned':
        Object.assign(state.demos[message.demo]!, { seq: message.seq, state: idleRun(state.demos[message.demo]!.state.steps.length) })
        break
      case 'events': {
        const demo = state.demos[message.demo]!
        if (message.seq <= demo.seq)
          return
        if (message.seq > demo.seq + 1)
          return this.send({ type: 'hello' })
        Object.assign(demo, { seq: message.seq + message.events.length - 1, state: message.events.reduce(reduce, demo.state) })
      }
    }
  }
}
