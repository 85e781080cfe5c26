import type { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ViteDevServer } from 'vite'
import type { RawData, WebSocket } from 'ws'
import type { Point, Position } from '../model/messages.ts'
import type { Access } from './access.ts'
import type { Client, Clients, WireFormat } from './clients.ts'
import type { Polls } from './polls.ts'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { KEY_HEADER, KEY_NAME, KEY_STORE } from '../model/key.ts'
import { AUDIENCE_SOCKET } from '../model/messages.ts'
import { ProblemError } from '../model/problem.ts'
import { compressedFiles } from './compressed-files.ts'
import { limitConnections, LIMITS, oneByOne, Places } from './limits.ts'
import { FOLLOWER_RATES, rateLimiter } from './rate-limiter.ts'
import { siteFolder } from './site.ts'
import { staticFiles } from './static-files.ts'

/** A cookie that lets its browser look at the lecturer's page. It is no key: whoever gets it may look, not act. */
const COOKIE = 'docker-basics-look'
/** Where the lecturer comes in on another machine. The key stays in the fragment until it is in the browser's store. */
const ENTRANCE = '/presenter'
const entrancePage = `<!doctype html><html lang="ko"><meta charset="utf-8"><title>도커의 기초</title><script>
const key = new URLSearchParams(location.hash.slice(1)).get('${KEY_NAME}') ?? ''
history.replaceState(null, '', '${ENTRANCE}')
localStorage.setItem('${KEY_STORE}', key)
fetch('${ENTRANCE}', { method: 'POST', headers: { '${KEY_HEADER}': key } }).then(({ ok }) => location.replace(ok ? '/#/presenter/1' : '/'))
</script>`
/** Between two messages of where the laser points, in milliseconds. */
const POINTER_MS = 50
/** How often clients that have gone silently are looked for, in milliseconds. */
const HEARTBEAT_MS = 30_000

/** The socket of a browser that may vote has a random number of that browser's own in its address, 16 bytes as base64url. */
const followerAddress = new RegExp(`^/${AUDIENCE_SOCKET}(?:\\?browser=([\\w-]{22}))?$`)
const ZERO = '0'.charCodeAt(0)

const plainFormat: WireFormat = message => message

/**
 * What the audience reaches: a server of its own on the machine's address in the network, while the dev server stays
 * on the loopback address. Without the key one gets the static site and hears what happens; of what
 * such a client sends nothing is ever read but a vote, one digit. A browser that brings the key is let through to the dev server.
 */
export class AudienceServer {
  /** Where the audience goes, e.g. `http://192.168.0.7:3030/`. */
  readonly address: string
  readonly #access: Access
  readonly #look = randomBytes(16).toString('base64url')
  readonly #host: string
  readonly #port: number
  readonly #name: string
  readonly #admitted = new WeakSet<IncomingMessage>()
  readonly #server = createServer()
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #compressed = compressedFiles(siteFolder)
  readonly #files = staticFiles(siteFolder)
  readonly #places = new Places(LIMITS.followersPerAddress)
  #vite: ViteDevServer | null = null
  #clients: Clients | null = null
  #polls: Polls | null = null
  #position: Position = { page: 1, clicks: 0 }
  #pointer: Point | null = null
  #pointing: ReturnType<typeof setTimeout> | undefined
  #heartbeat: ReturnType<typeof setInterval> | undefined

  /** @throws {ProblemError} when no browser can open that host's address. */
  constructor(host: string, port: number, access: Access) {
    this.#access = access
    this.#host = host.replace(/^\[(.*)\]$/, '$1')
    this.#port = port
    const { host: name, href } = addressOf(this.#host, port)
    this.#name = name
    this.address = href
    limitConnections(this.#server)
    const take = oneByOne()
    this.#server.on('request', (request, response) => take(request, response, () => this.#answer(request, response)))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Where the lecturer goes on another machine; whoever has it may act. */
  get presenterAddress(): string {
    return `${this.address.slice(0, -1)}${ENTRANCE}#${KEY_NAME}=${this.#access.key}`
  }

  /** Lets bearers of the key through to that dev server, counts the others among those clients, and their votes in those polls. */
  serve(vite: ViteDevServer, { clients, polls }: { clients: Clients, polls: Polls }): void {
    this.#vite = vite
    this.#clients = clients
    this.#polls = polls
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
      throw new ProblemError({
        message: `${this.#name}에서 함께 보기를 열지 못했습니다.`,
        hint: '이 컴퓨터의 주소인지 확인하고, npm start -- --remote --host 주소 --port 번호로 다시 시도하세요.',
        detail: String(error),
      }, { cause: error })
    }
    this.#heartbeat = setInterval(() => this.#dropGone(), HEARTBEAT_MS)
  }

  /** Whether a request came in here from a browser that has brought the key: it may look, and act where it brings it again. */
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

  /** Shows the audience where the laser points; null when it is off. */
  pointTo(at: Point | null): void {
    if (at === this.#pointer)
      return // off, as it was
    this.#pointer = at
    this.#pointing ??= setTimeout(() => {
      this.#pointing = undefined
      this.#clients?.broadcast({ type: 'pointer', at: this.#pointer }, 'audience')
    }, POINTER_MS)
  }

  /** Sends one client where the lecturer is, if it is of the audience. */
  sendPosition(client: Client): void {
    if (client.role === 'audience')
      client.send({ type: 'position', ...this.#position })
  }

  close(): void {
    clearInterval(this.#heartbeat)
    clearTimeout(this.#pointing)
    for (const socket of this.#sockets.clients)
      socket.terminate()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers.host !== this.#name)
      return end(response, 421, '이 주소로는 열 수 없습니다.')
    const path = (request.url ?? '/').split('?', 1)[0]!
    if (path === ENTRANCE && request.method === 'GET') {
      return void response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })
        .end(entrancePage)
    }
    if (path === ENTRANCE && request.method === 'POST' && this.#isOwnPage(request) && this.#access.carriesKey(request))
      return void response.writeHead(204, { 'Set-Cookie': `${COOKIE}=${this.#look}; Path=/; HttpOnly; SameSite=Strict` }).end()
    if (this.#vite && this.#mayLook(request)) {
      this.#admitted.add(request)
      return this.#vite.middlewares(request, response)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, '보기 전용입니다.')
    if (/^\/*(?:index\.html)?$/.test(path))
      return void this.#page(response)
    this.#compressed(request, response, () => this.#files(request, response, () => end(response, 404, '없는 주소입니다.')))
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    if (this.#mayLook(request)) {
      this.#admitted.add(request)
      this.#vite?.httpServer?.emit('upgrade', request, socket, head)
    }
    else if (this.#isOwnPage(request) && followerAddress.test(request.url ?? '') && this.#hasRoom(request, socket)) {
      this.#sockets.handleUpgrade(request, socket, head, opened => this.#join(opened, request))
    }
    else {
      socket.destroy()
    }
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

  #mayLook(request: IncomingMessage): boolean {
    return this.#isOwnPage(request) && (request.headers.cookie ?? '').split(/;\s*/).includes(`${COOKIE}=${this.#look}`)
  }
}

/**
 * An address as browsers write it: IPv6 in brackets, names in small letters, and without the port that http has anyway.
 * @throws {ProblemError} when there is no such address, as of an IPv6 one with its interface (`fe80::1%eth0`).
 */
function addressOf(host: string, port: number): URL {
  const url = URL.parse(`http://${isIPv6(host) ? `[${host}]` : host}:${port}/`)
  if (!url || url.pathname !== '/' || url.username !== '' || Number(url.port || 80) !== port || !/^\S+$/.test(host)) {
    throw new ProblemError({
      message: `--host ${host}: 브라우저에서 열 수 없는 주소입니다.`,
      hint: '이 컴퓨터의 IPv4 주소, 인터페이스(%)가 없는 IPv6 주소, 또는 이름만 적으세요. 포트는 --port에 적습니다.',
    })
  }
  return url
}

/** Whether a message is a vote: the number of an answer, from 0, as one digit. */
function isVote(said: Buffer): boolean {
  return said.length === 1 && said[0]! >= ZERO && said[0]! <= ZERO + 3
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message)
}
