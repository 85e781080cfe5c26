import type { IncomingMessage } from 'node:http'
import { Buffer } from 'node:buffer'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { IncomingMessage as Request } from 'node:http'
import { z } from 'zod'
import { KEY_HEADER } from '../model/key.ts'
import { SHELL_TO_SERVER, TO_SERVER } from '../model/messages.ts'

/** What Slidev's own pages fetch of the addresses that begin with `/__`, by which Vite and Slidev act otherwise. */
const read = /^\/__(?:uno\w*\.css|slidev\/slides\/\d+\.json)(?:\?|$)/
/** Slidev's shared state as a module. */
const shared = /^\/@server-reactive\/(?:nav|drawings|snapshots)(?:\?|$)/
const stranger = /^\/(?:__|@(?!vite\/|id\/|fs\/|slidev\/)|@id\/[^?]*server-re(?:f|active)[:/])/

/** Of Vite's messages none is needed but a sign of life, and UnoCSS's question whether its styles are still right. */
const messageSchema = z.union([
  z.object({ type: z.literal('custom'), event: z.enum([TO_SERVER, SHELL_TO_SERVER]) }),
  z.strictObject({ type: z.literal('custom'), event: z.literal('unocss:hmr'), data: z.array(z.string().max(100)).max(2) }),
  z.strictObject({ type: z.literal('ping') }),
])

const UNDEFINED = '__UNDEFINED___' // as vite-plugin-vue-server-ref writes it
const count = z.int().min(0).max(100_000)
const time = z.number().min(0).max(1e15)
const source = z.string().max(32)
const slideNo = z.string().regex(/^\d{1,4}$/)

/** Slidev's shared state, of which the lecturer's pages tell one another: where the lecture is, and what was drawn. */
export const navSchema = z.strictObject({
  page: count,
  clicks: count,
  clicksTotal: count.optional(),
  timer: z
    .strictObject({
      status: z.enum(['stopped', 'running', 'paused']),
      slides: z.record(slideNo, z.strictObject({ start: time.optional(), end: time.optional() })),
      startedAt: time,
      pausedAt: time,
    })
    .optional(),
  cursor: z
    .union([z.strictObject({ x: z.number(), y: z.number(), style: z.enum(['cursor', 'laser']).optional() }), z.literal(UNDEFINED)])
    .optional(),
  lastUpdate: z
    .union([z.strictObject({ id: z.string().max(300), type: z.enum(['presenter', 'viewer']), time }), z.literal(UNDEFINED)])
    .optional(),
})
const drawingsSchema = z.record(slideNo, z.string().max(1024 ** 2))

const stateSchemas: Readonly<Record<string, z.ZodType>> = {
  '/@server-reactive/nav': z.strictObject({ source, timestamp: time, data: navSchema }),
  '/@server-reactive/drawings': z.strictObject({ source, timestamp: time, patch: drawingsSchema }),
}

/**
 * Who may do what. Looking is free; acting takes the key, which each start of the deck makes anew and tells the
 * lecturer's terminal alone. Loopback, Host and Origin are further walls. What Vite and Slidev would do besides is
 * closed to all, and open to the key's holder with `npm start -- --author`.
 */
export class Access {
  /** For who writes slides: Vite's and Slidev's own doors are open to the key's holder. */
  readonly author: boolean
  readonly key = randomBytes(16).toString('base64url')

  constructor({ author = false }: { author?: boolean } = {}) {
    this.author = author
  }

  isKey(text: unknown): boolean {
    if (typeof text !== 'string')
      return false
    const [given, key] = [Buffer.from(text), Buffer.from(this.key)]
    return given.length === key.length && timingSafeEqual(given, key)
  }

  /** Whether a request of the page carries the key. */
  carriesKey({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
    return this.isKey(headers[KEY_HEADER])
  }

  /** What is to become of a request; `acts` says whether it may act. */
  judge({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>, acts: boolean): 'pass' | 'state' | 'refuse' {
    if (acts && this.author)
      return 'pass'
    if (method === 'GET' || method === 'HEAD')
      return isLook(url) ? 'pass' : 'refuse'
    return acts && method === 'POST' && Object.hasOwn(stateSchemas, url) ? 'state' : 'refuse'
  }

  /** Whether Vite's listeners may hear a client's message. */
  hears(raw: string, acts: boolean): boolean {
    if (acts && this.author)
      return true
    try {
      return messageSchema.safeParse(JSON.parse(raw)).success
    }
    catch {
      return false
    }
  }
}

/** Whether a GET can change nothing. Vite decodes an address before it looks a module up. */
function isLook(url: string): boolean {
  if (read.test(url) || shared.test(url))
    return true
  try {
    return url.startsWith('/') && [url, decodeURI(url)].every(each => !stranger.test(each.replace(/^[/\\]+/, '/')))
  }
  catch {
    return false // not an address that a browser writes
  }
}

/** Longest change of the state, in bytes. */
const STATE_LIMIT = 4 * 1024 ** 2

/**
 * Reads a change of Slidev's state and gives the request anew, with nothing in its body but what the schema knows;
 * null when it is not such a change, or not whole.
 */
export async function checkedState(request: IncomingMessage): Promise<IncomingMessage | null> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > STATE_LIMIT)
        return null
      pieces.push(piece)
    }
    const parsed = stateSchemas[request.url!]!.parse(JSON.parse(Buffer.concat(pieces).toString()))
    const checked = new Request(request.socket)
    Object.assign(checked, {
      method: request.method,
      url: request.url,
      headers: request.headers,
      complete: true,
    }) // one that is not complete takes its connection along
    checked.push(JSON.stringify(parsed))
    checked.push(null)
    return checked
  }
  catch {
    return null // cut off, no JSON, or not of the state
  }
}

/**
 * Whether a request may bring the key: it comes from this very machine, be it through a forwarded port or a proxy here.
 * A foreign Host means DNS rebinding. Of an Origin only the browser can tell whether it is the page's own, since a proxy may
 * give the deck another name: where it says so (https://www.w3.org/TR/fetch-metadata/), as each does to loopback addresses,
 * a page elsewhere is refused. One that a browser says nothing of has neither the key nor the token of Vite's socket.
 */
export function isLocal({ socket, headers }: Pick<IncomingMessage, 'headers'> & {
  socket: { remoteAddress?: string | undefined }
}): boolean {
  return /^(?:127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
    && /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(headers.host ?? '')
    && headers.origin !== 'null'
    && /^(?:same-origin|none|undefined)$/.test(String(headers['sec-fetch-site']))
}

/** Whether a Host is an address or this machine's own name, as Vite wants it too: any other may have been rebound to us. */
export function isKnownHost(host: string | undefined): boolean {
  return host === undefined || /^(?:(?:[\w-]+\.)*localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])(?::\d+)?$/i.test(host)
}

/** What we need of a WebSocket to filter what it receives. */
interface MessageSource { emit: (event: string | symbol, ...values: unknown[]) => boolean }

/**
 * Lets all listeners, also those that are added later, hear only the messages that `passes`: Vite's own can load modules
 * and write to the terminal, and one of Slidev's writes files.
 */
export function filterMessages(socket: MessageSource, passes: (raw: string) => boolean): void {
  const emit = socket.emit.bind(socket)
  socket.emit = (event, ...values) => (event !== 'message' || passes(String(values[0]))) && emit(event, ...values)
}
