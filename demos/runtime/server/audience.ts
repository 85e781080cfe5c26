import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ViteDevServer } from 'vite'
import type { WebSocket } from 'ws'
import type { Position } from '../model/messages.ts'
import type { Client, Clients, WireFormat } from './clients.ts'
import { Buffer } from 'node:buffer'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { AUDIENCE_SOCKET } from '../model/messages.ts'
import { ProblemError } from '../model/problem.ts'
import { limitConnections, LIMITS, oneByOne, Places } from './limits.ts'
import { siteFolder } from './site.ts'
import { staticFiles } from './static-files.ts'

const COOKIE = 'docker-basics-key'
/** A client may ask for the whole state this often, in milliseconds. */
const HELLO_PAUSE_MS = 500
/** How often clients that have gone silently are looked for, in milliseconds. */
const HEARTBEAT_MS = 30_000

const plainFormat: WireFormat = message => message

/**
 * What the audience reaches: a server of its own on the machine's address in the network, while the dev server stays
 * on the loopback address. Without the presenter key one gets the static site and hears what happens; nothing that
 * such a client sends is ever read. With the key one is let through to the dev server.
 */
export class AudienceServer {
  /** Where the audience goes, e.g. `http://192.168.0.7:3030/`. */
  readonly address: string
  readonly #key = randomBytes(16).toString('base64url')
  readonly #host: string
  readonly #port: number
  readonly #name: string
  readonly #admitted = new WeakSet<IncomingMessage>()
  readonly #server = createServer()
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #files = staticFiles(siteFolder)
  readonly #places = new Places(LIMITS.followersPerAddress)
  #vite: ViteDevServer | null = null
  #clients: Clients | null = null
  #position: Position = { page: 1, clicks: 0 }
  #heartbeat: ReturnType<typeof setInterval> | undefined

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
    this.#name = `${host}:${port}`
    this.address = `http://${this.#name}/`
    limitConnections(this.#server)
    const take = oneByOne()
    this.#server.on('request', (request, response) => take(request, response, () => this.#answer(request, response)))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Where the lecturer goes on another machine; whoever has it may act. */
  get presenterAddress(): string {
    return `${this.address}?key=${this.#key}`
  }

  /** Lets bearers of the key through to that dev server, and counts the others among those clients. */
  serve(vite: ViteDevServer, clients: Clients): void {
    this.#vite = vite
    this.#clients = clients
  }

  /**
   * Begins to listen.
   * @throws {ProblemError} when the address is not this machine's or its port is taken.
   */
  async open(): Promise<void> {
    try {
      await once(this.#server.listen(this.#port, this.#host), 'listening')
    }
    catch (error) {
      throw new ProblemError({ message: `${this.#name}에서 함께 보기를 열지 못했습니다.`, hint: '이 컴퓨터의 주소인지 확인하고, npm start -- --remote --host 주소 --port 번호로 다시 시도하세요.', detail: String(error) }, { cause: error })
    }
    this.#heartbeat = setInterval(() => this.#dropGone(), HEARTBEAT_MS)
  }

  /** Whether a request came in here with the presenter key. */
  admits(request: IncomingMessage): boolean {
    return this.#admitted.has(request)
  }

  /** Takes the audience to where the lecturer is. */
  moveTo({ page, clicks }: Position): void {
    if (page === this.#position.page && clicks === this.#position.clicks)
      return
    this.#position = { page, clicks }
    this.#clients?.broadcast({ type: 'position', page, clicks }, 'audience')
  }

  /** Sends one client where the lecturer is, if it is of the audience. */
  sendPosition(client: Client): void {
    if (client.role === 'audience')
      client.send({ type: 'position', ...this.#position })
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const socket of this.#sockets.clients)
      socket.terminate()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.host !== this.#name)
      return end(response, 421, '이 주소로는 열 수 없습니다.')
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    if (this.#isKey(new URLSearchParams(query).get('key') ?? '')) {
      response.setHeader('Set-Cookie', `${COOKIE}=${this.#key}; Path=/; HttpOnly; SameSite=Strict`)
      return void response.writeHead(303, { Location: '/#/presenter/1' }).end()
    }
    if (this.#vite && this.#bringsKey(request)) {
      this.#admitted.add(request)
      return this.#vite.middlewares(request, response)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, '보기 전용입니다.')
    if (/^\/*(?:index\.html)?$/.test(path))
      return void this.#page(response)
    this.#files(request, response, () => end(response, 404, '없는 주소입니다.'))
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (this.#bringsKey(request)) {
      this.#admitted.add(request)
      this.#vite?.httpServer?.emit('upgrade', request, socket, head)
    }
    else if (this.#isOwnPage(request) && request.url === `/${AUDIENCE_SOCKET}` && this.#hasRoom(request, socket)) {
      this.#sockets.handleUpgrade(request, socket, head, opened => this.#join(opened))
    }
    else {
      socket.destroy()
    }
  }

  #hasRoom({ socket: { remoteAddress = '' } }: IncomingMessage, socket: Duplex): boolean {
    return this.#sockets.clients.size < LIMITS.followers && this.#places.take(remoteAddress, socket)
  }

  #join(socket: WebSocket): void {
    const clients = this.#clients
    if (!clients)
      return socket.terminate()
    const client = clients.add(socket, 'audience', plainFormat)
    let saidHello = -Infinity
    const hello = (): void => {
      if (performance.now() - saidHello < HELLO_PAUSE_MS)
        return socket.terminate()
      saidHello = performance.now()
      clients.sendState(client)
    }
    this.#alive.add(socket)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => clients.remove(socket))
    socket.on('pong', () => this.#alive.add(socket))
    socket.on('message', hello) // whatever it says: it can only ask for the state
    hello()
  }

  #dropGone(): void {
    for (const socket of this.#sockets.clients) {
      if (!this.#alive.delete(socket))
        socket.terminate()
      socket.ping()
    }
  }

  /** The site's page, marked as the audience's; while the site is being built, one that says so. */
  async #page(response: ServerResponse): Promise<void> {
    const page = await readFile(join(siteFolder, 'index.html'), 'utf8').catch(() => null)
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    if (page === null)
      response.writeHead(503).end(await readFile(join(import.meta.dirname, 'preparing.html')))
    else
      response.end(page.replace('<html', '<html data-audience'))
  }

  /** Whether a request comes from a page of this server, and not from a page elsewhere. */
  #isOwnPage({ headers }: IncomingMessage): boolean {
    return headers.host === this.#name && (headers.origin === undefined || headers.origin === `http://${this.#name}`)
  }

  #bringsKey(request: IncomingMessage): boolean {
    const cookie = (request.headers.cookie ?? '').split(/;\s*/).find(each => each.startsWith(`${COOKIE}=`))
    return cookie !== undefined && this.#isOwnPage(request) && this.#isKey(cookie.slice(COOKIE.length + 1))
  }

  #isKey(text: string): boolean {
    const [given, key] = [Buffer.from(text), Buffer.from(this.#key)]
    return given.length === key.length && timingSafeEqual(given, key)
  }
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message)
}
