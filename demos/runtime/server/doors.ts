import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin, ViteDevServer } from 'vite'
import { Access, checkedState, filterMessages, isKnownHost } from './access.ts'
import { answerRejections } from './guards.ts'
import { limitConnections, oneByOne } from './limits.ts'

/**
 * How Vite serves a deck. No page of another origin reads this one, and an error in one file is not drawn over the whole
 * slide. What lies in `node_modules/.cache` is nobody's to read: among it is the page that brings the key into the lecturer's browser.
 */
export const guardedServer = {
  cors: false,
  hmr: { overlay: false },
  fs: { deny: ['.env', '.env.*', '*.{crt,pem}', '**/.git/**', '**/node_modules/.cache/**'] }, // the first four are Vite's own
}

/** Puts what {@link Access} says before all that Vite and Slidev answer; `mayBringKey` says from where the key counts. */
export function guardRequests(vite: ViteDevServer, access: Access, mayBringKey: (request: IncomingMessage) => boolean): void {
  const { middlewares, httpServer } = vite
  if (httpServer) {
    limitConnections(httpServer)
    httpServer.prependListener('upgrade', closeOtherProtocols)
  }
  const checked = new WeakSet<IncomingMessage>()
  const take = oneByOne()
  middlewares.use((request, response, next) => checked.has(request) ? next() : take(request, response, next))
  middlewares.use((request, response, next) => {
    leaveOutStrangeRange(request)
    request.url = request.url?.replace(/^\/[^?]*\/start\.js$/, '/start.js') // by which a page below a folder says why it is empty
    response.setHeader('X-Frame-Options', 'SAMEORIGIN') // no page elsewhere gets the lecturer's clicks through a frame
    const verdict = checked.has(request) ? 'pass' : access.judge(request, mayBringKey(request) && access.carriesKey(request))
    if (verdict === 'pass')
      return next()
    if (verdict === 'refuse')
      return refuse(response, 403)
    void checkedState(request).then((state) => {
      if (!state)
        return refuse(response, 400)
      checked.add(state)
      middlewares(state, response)
    }).catch(next)
  })
  middlewares.stack.unshift({ route: '', handle: refuseOtherHosts }) // Vite refuses them too, in English
}

/** The plugin of a server that shows a deck to a browser of ours: whoever else finds it may look. */
export function lookOnly(): Plugin {
  const access = new Access()
  return {
    name: 'docker-basics:look-only',
    apply: 'serve',
    config: () => ({ server: guardedServer }),
    configureServer: {
      order: 'pre',
      handler: (vite) => {
        guardRequests(vite, access, () => false)
        return () => {
          vite.ws.on('connection', socket => filterMessages(socket, raw => access.hears(raw, false)))
          answerRejections(vite.middlewares)
        }
      },
    },
  }
}

function refuseOtherHosts({ headers: { host } }: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): void {
  if (isKnownHost(host))
    return next()
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', 'Connection': 'close' }).end(`이 이름으로는 열 수 없습니다: ${host}
→ 이 컴퓨터에서는 터미널에 나온 주소로 여세요. 프록시를 거친다면 프록시가 Host를 localhost로 바꾸어 보내게 하세요.`)
}

/** Vite's file server fails at a range that no browser sends, e.g. a reversed one; without it the answer is the whole file (RFC 9110, 14.2). */
function leaveOutStrangeRange({ headers }: IncomingMessage): void {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  if (first === undefined || (last !== '' && Number(last) < Number(first)))
    delete headers.range
}

/** Vite leaves a connection open for good that asks for another protocol than its own, or elsewhere. */
function closeOtherProtocols({ url = '', headers }: IncomingMessage, socket: { destroy: () => void }): void {
  if (!/^\/(?:\?|$)/.test(url) || !/^vite-(?:hmr|ping)$/.test(headers['sec-websocket-protocol'] ?? ''))
    socket.destroy()
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Connection': 'close' }).end('터미널에 나온 강의자의 주소로 연 화면만 할 수 있습니다.')
}
