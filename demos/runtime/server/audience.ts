import type { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ViteDevServer } from 'vite'
import type { Access } from './access.ts'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { KEY_HEADER, KEY_NAME, KEY_STORE } from '../model/key.ts'
import { ProblemError } from '../model/problem.ts'
import { compressedFiles } from './compressed-files.ts'
import { Followers } from './followers.ts'
import { limitConnections, oneByOne } from './limits.ts'
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

/**
 * What the audience reaches: a server of its own on the machine's address in the network, while the dev server stays
 * on the loopback address. Without the key one gets the static site and becomes one of the
 * followers. A browser that brings the key is let through to the dev server.
 */
export class AudienceServer {
  /** Where the audience goes, e.g. `http://192.168.0.7:3030/`. */
  readonly address: string
  readonly followers = new Followers()
  readonly #access: Access
  readonly #look = randomBytes(16).toString('base64url')
  readonly #host: string
  readonly #port: number
  readonly #name: string
  readonly #admitted = new WeakSet<IncomingMessage>()
  readonly #server = createServer()
  readonly #compressed = compressedFiles(siteFolder)
  readonly #files = staticFiles(siteFolder)
  #vite: ViteDevServer | null = null

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

  /** Lets bearers of the key through to that dev server. */
  serve(vite: ViteDevServer): void {
    this.#vite = vite
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
  }

  /** Whether a request came in here from a browser that has brought the key: it may look, and act where it brings it again. */
  admits(request: IncomingMessage): boolean {
    return this.#admitted.has(request)
  }

  close(): void {
    this.followers.close()
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
    else if (!this.#isOwnPage(request) || !this.followers.admit(request, socket, head)) {
      socket.destroy()
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

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message)
}
