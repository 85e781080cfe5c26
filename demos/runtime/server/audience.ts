import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ViteDevServer } from 'vite'
import type { WebSocket } from 'ws'
import type { Position, ServerMessage } from '../model/messages.ts'
import type { Session } from './session.ts'
import { Buffer } from 'node:buffer'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { AUDIENCE_SOCKET } from '../model/messages.ts'
import { ProblemError } from '../model/problem.ts'
import { Views } from './clients.ts'
import { limitConnections, LIMITS, oneByOne, Places } from './limits.ts'
import { siteFolder } from './site.ts'
import { staticFiles } from './static-files.ts'

const COOKIE = 'docker-basics-key'
/** A view may ask for the whole state this often, in milliseconds. */
const ASK_PAUSE_MS = 500
/** How often silent views are looked for, in milliseconds. */
const HEARTBEAT_MS = 30_000

/**
 * The door for the hall: a server of its own on the machine's address in the network, while the dev server stays
 * on the loopback address. Who comes without the presenter key gets the static site and hears what happens;
 * nothing that such a view sends is ever read. Who brings the key is let through to the dev server.
 */
export class AudienceServer {
  /** Where followers go, e.g. `http://192.168.0.7:3030/`. */
  readonly address: string
  readonly #key = randomBytes(16).toString('base64url')
  readonly #host: string
  readonly #port: number
  readonly #name: string
  readonly #admitted = new WeakSet<IncomingMessage>()
  readonly #server = createServer()
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #views = new Views<WebSocket>(() => this.#sockets.clients, message => message, view => this.#tellState(view))
  readonly #files = staticFiles(siteFolder)
  readonly #places = new Places(LIMITS.followersPerAddress)
  #session: Session | null = null
  #position: Position = { page: 1, clicks: 0 }
  #heartbeat: ReturnType<typeof setInterval> | undefined

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
    this.#name = `${host}:${port}`
    this.address = `http://${this.#name}/`
  }

  /** Where the lecturer goes on another machine; whoever has it may act. */
  get presenterAddress(): string {
    return `${this.address}?key=${this.#key}`
  }

  /** Says whose door it is. */
  serve(vite: ViteDevServer, session: Session): void {
    this.#session = session
    limitConnections(this.#server)
    const take = oneByOne()
    this.#server.on('request', (request, response) => take(request, response, () => this.#answer(request, response, vite)))
    this.#server.on('upgrade', (request, socket: Duplex, head) => {
      socket.on('error', () => socket.destroy())
      if (this.#bringsKey(request)) {
        this.#admitted.add(request)
        vite.httpServer?.emit('upgrade', request, socket, head)
      }
      else if (this.#isOwnPage(request) && request.url === `/${AUDIENCE_SOCKET}` && this.#sockets.clients.size < LIMITS.followers && this.#places.take(request.socket.remoteAddress ?? '', socket)) {
        this.#sockets.handleUpgrade(request, socket, head, view => this.#welcome(view))
      }
      else {
        socket.destroy()
      }
    })
  }

  /**
   * Opens the door.
   * @throws {ProblemError} when the address is not this machine's or its port is taken.
   */
  async open(): Promise<void> {
    try {
      await once(this.#server.listen(this.#port, this.#host), 'listening')
    }
    catch (error) {
      throw new ProblemError({ message: `${this.#name}에서 함께 보기를 열지 못했습니다.`, hint: '이 컴퓨터의 주소인지 확인하고, npm start -- --remote --host 주소 --port 번호로 다시 시도하세요.', detail: String(error) }, { cause: error })
    }
    this.#heartbeat = setInterval(() => this.#dropSilent(), HEARTBEAT_MS)
  }

  /** Whether a request came through this door with the presenter key. */
  admits(request: IncomingMessage): boolean {
    return this.#admitted.has(request)
  }

  /** Tells all followers. */
  tell(message: ServerMessage): void {
    this.#views.tell(message)
  }

  /** Takes followers to where the lecturer is. */
  go({ page, clicks }: Position): void {
    if (page === this.#position.page && clicks === this.#position.clicks)
      return
    this.#position = { page, clicks }
    this.tell({ type: 'position', page, clicks })
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#views.close()
    for (const view of this.#sockets.clients)
      view.terminate()
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse, vite: ViteDevServer): void {
    if (request.headers.host !== this.#name)
      return end(response, 421, '이 주소로는 열 수 없습니다.')
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    if (this.#isKey(new URLSearchParams(query).get('key') ?? '')) {
      response.setHeader('Set-Cookie', `${COOKIE}=${this.#key}; Path=/; HttpOnly; SameSite=Strict`)
      return void response.writeHead(303, { Location: '/#/presenter/1' }).end()
    }
    if (this.#bringsKey(request)) {
      this.#admitted.add(request)
      return vite.middlewares(request, response)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return end(response, 405, '보기 전용입니다.')
    if (/^\/*(?:index\.html)?$/.test(path))
      return void this.#page(response)
    this.#files(request, response, () => end(response, 404, '없는 주소입니다.'))
  }

  #tellState(view: WebSocket): void {
    void this.#session?.receive({ role: 'audience', send: message => this.#views.tellOne(view, message) }, { type: 'hello' })
    this.#views.tellOne(view, { type: 'position', ...this.#position })
  }

  #welcome(view: WebSocket): void {
    let asked = -Infinity
    const hello = (): void => {
      if (performance.now() - asked < ASK_PAUSE_MS)
        return view.terminate()
      asked = performance.now()
      this.#tellState(view)
    }
    this.#alive.add(view)
    view.on('error', () => view.terminate())
    view.on('pong', () => this.#alive.add(view))
    view.on('message', hello) // whatever it message: a follower can only ask for the state
    hello()
  }

  #dropSilent(): void {
    for (const view of this.#sockets.clients) {
      if (!this.#alive.delete(view))
        view.terminate()
      view.ping()
    }
  }

  /** The site's page, marked as a follower's. */
  async #page(response: ServerResponse): Promise<void> {
    const page = await readFile(join(siteFolder, 'index.html'), 'utf8').catch(() => null)
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    if (page === null)
      response.writeHead(503).end('<!doctype html><html lang="ko"><meta http-equiv="refresh" content="3"><meta name="viewport" content="width=device-width"><title>도커의 기초</title><p style="font:20px/1.6 sans-serif;padding:2em">슬라이드를 준비하고 있습니다. 곧 열립니다.')
    else
      response.end(page.replace('<html', '<html data-audience'))
  }

  /** Whether a request comes from a page of this door, and not from a page elsewhere. */
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

/** This machine's IPv4 addresses in networks, those of virtual ones last. */
export function networkAddresses(): string[] {
  const virtual = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|tailscale|wg)/
  return Object.entries(networkInterfaces())
    .sort(([a], [b]) => Number(virtual.test(a)) - Number(virtual.test(b)))
    .flatMap(([, each]) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

/**
 * The address by which others most likely reach this machine: that of the way out, else its first one.
 * @throws {ProblemError} when it is in no network.
 */
export async function audienceHost(): Promise<string> {
  const address = await wayOut() ?? networkAddresses()[0]
  if (address === undefined)
    throw new ProblemError({ message: '이 컴퓨터가 네트워크에 연결되어 있지 않습니다.', hint: '청중과 같은 네트워크에 연결한 뒤 다시 실행하거나, --remote 없이 여세요.' })
  return address
}

/** The address that a packet to the outside would carry; none is sent. */
async function wayOut(): Promise<string | null> {
  const socket = createSocket('udp4')
  try {
    socket.connect(9, '198.51.100.1') // an address for documentation (RFC 5737)
    await once(socket, 'connect')
    return socket.address().address
  }
  catch {
    return null
  }
  finally {
    socket.close()
  }
}
