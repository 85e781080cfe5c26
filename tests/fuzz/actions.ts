import type { Socket } from 'node:net'
import type { HttpAsk, SocketAsk } from './corpus.ts'
import type { Door, Role, Target } from './target.ts'
import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { frameCorpus, httpCorpus, socketCorpus } from './corpus.ts'
import { DOORS, ROLES } from './target.ts'

/** How a client treats its connection when it has asked. */
const MANNERS = ['reads', 'cuts off', 'leaves', 'does not read', 'dribbles'] as const
type Manner = typeof MANNERS[number]

/** Changes of a text, each at a fraction of its length. */
interface Edit { at: number, kind: 'delete' | 'insert' | 'repeat' | 'truncate', length: number, text: string }

export type Action
  = | { kind: 'http', ask: HttpAsk, edits: Edit[], manner: Manner, times: number }
    | { kind: 'socket', ask: SocketAsk, edits: Edit[], node: number, value: unknown, times: number, manner: Manner }
    | { kind: 'frames', door: Door, role: Role, bytes: number[] }

const strange = fc.oneof(
  fc.constantFrom(
    '\0', '%', '%00', '../', '..%2f', '\r\n', '\r\n\r\n', '\r\nTransfer-Encoding: chunked', '\r\nContent-Length: 7',
    'bytes=5-2', '"__proto__":{"x":1},',
    'null', '-1', '1e999', '9'.repeat(30), 'constructor', '__proto__',
    '\u{1F4A9}', '한', '\uD800', '{', '}', '[', '"', '\\', '?raw', '?import', '/@fs/', '/@id/', '/__',
  ),
  fc.string({ maxLength: 20 }),
)
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('delete', 'insert', 'insert', 'repeat', 'truncate'),
  length: fc.integer({ min: 1, max: 12 }),
  text: strange,
})
const edits = fc.array(edit, { maxLength: 3 })
const manner = fc.constantFrom(...MANNERS)
const times = fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 60 }) })
const door = fc.constantFrom(...DOORS)
const role = fc.constantFrom(...ROLES)
const value = fc.oneof(
  strange,
  fc.constantFrom<unknown>(null, -1, 1e308, true, [], {}, { toString: 1 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
)
const byte = fc.integer({ min: 0, max: 255 })
const bytes = fc.oneof(
  fc.constantFrom(...frameCorpus),
  fc.array(byte, { maxLength: 60 }),
  fc.tuple(fc.constantFrom(...frameCorpus), fc.array(byte, { maxLength: 8 })).map(([head, tail]) => [...head, ...tail]),
)

/** Any action: one of the corpus as it is, or changed. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('http' as const), ask: fc.constantFrom(...httpCorpus), edits, manner, times }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('socket' as const),
      ask: fc.constantFrom(...socketCorpus),
      edits,
      node: fc.nat(30),
      value,
      times,
      manner,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('frames' as const), door, role, bytes }) },
)

/** The corpus itself, unchanged. */
export function wholeCorpus(): Action[] {
  return [
    ...httpCorpus.flatMap(ask => (['reads', 'cuts off'] as const).map(
      manner => ({ kind: 'http' as const, ask, edits: [], manner, times: 1 }),
    )),
    ...socketCorpus.map(ask => ({ kind: 'socket' as const, ask, edits: [], node: -1, value: null, times: 1, manner: 'reads' as const })),
    ...frameCorpus.flatMap(bytes => DOORS.map(door => ({ kind: 'frames' as const, door, role: 'lecturer' as const, bytes }))),
  ]
}

/** Longest that one action keeps its connection, in milliseconds. */
const PATIENCE_MS = 1500

/** Does one action, whatever becomes of it. */
export async function perform(target: Target, each: Action): Promise<void> {
  switch (each.kind) {
    case 'http': return askHttp(target, each)
    case 'socket': return askSocket(target, each)
    case 'frames': return sendFrames(target, each)
  }
}

/** Settles when a connection is closed, with or without an error. */
export function closeOf(socket: Socket | WebSocket): Promise<void> {
  return new Promise(resolve => socket.once('close', () => resolve()))
}

function change(text: string, edits: readonly Edit[]): string {
  return edits.reduce(changeOnce, text)
}

function changeOnce(text: string, { at, kind, length, text: added }: Edit): string {
  const from = Math.floor(at * text.length)
  switch (kind) {
    case 'delete': return text.slice(0, from) + text.slice(from + length)
    case 'insert': return text.slice(0, from) + added + text.slice(from)
    case 'repeat': return text.slice(0, from) + text.slice(from, from + length).repeat(50) + text.slice(from)
    case 'truncate': return text.slice(0, from)
  }
}

/** A request as it goes over the wire; the corpus may name headers that a client would not send. */
export function wire(target: Target, { door, role, method, path, headers = {}, body }: HttpAsk): string {
  const sent = { ...target.headers(door, role), ...body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }, ...headers }
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`
}

async function askHttp(target: Target, { ask, edits, manner, times }: Extract<Action, { kind: 'http' }>): Promise<void> {
  const socket = target.connect(ask.door)
  const closed = closeOf(socket)
  const text = change(wire(target, ask), edits).repeat(times)
  switch (manner) {
    case 'reads':
      socket.resume().write(text)
      break
    case 'cuts off':
      socket.resume().write(text.slice(0, Math.ceil(text.length * 0.7)))
      await setTimeout(20)
      socket.resetAndDestroy()
      break
    case 'leaves':
      socket.once('data', () => socket.destroy()).write(text)
      break
    case 'does not read':
      socket.pause().write(text)
      break
    case 'dribbles':
      socket.resume()
      for (let at = 0; at < Math.min(text.length, 600) && !socket.destroyed; at += 60) {
        socket.write(text.slice(at, at + 60))
        await setTimeout(5)
      }
  }
  await Promise.race([closed, setTimeout(manner === 'reads' ? 300 : PATIENCE_MS, null, { ref: false })])
  socket.destroy()
}

/** Replaces one value within a JSON text; gives the text as it was when it is none or has no such value. */
function replaceNode(text: string, node: number, value: unknown): string {
  let at = 0
  try {
    return JSON.stringify(JSON.parse(text, (_, old: unknown) => at++ === node ? value : old)) ?? text
  }
  catch {
    return text
  }
}

/** Where a follower's page connects that may vote: each time as another browser. */
function followerPath(): string {
  return `/audience?browser=${randomBytes(16).toString('base64url')}`
}

/** Opens a WebSocket as a page of that role does; null when it is turned away. */
export async function openSocket(target: Target, door: Door, role: Role): Promise<WebSocket | null> {
  const follower = door === 'audience' && role === 'nobody'
  const { host, ...headers } = target.headers(door, role)
  const { 'x-docker-basics-key': key, ...kept } = headers
  const socket = new WebSocket(`ws://${host}${follower ? followerPath() : '/'}`, follower ? [] : ['vite-hmr'], {
    headers: kept,
    createConnection: () => target.connect(door),
  }).on('error', () => {})
  const opened = await Promise.race([
    once(socket, 'open').then(() => true, () => false),
    closeOf(socket).then(() => false),
    setTimeout(10_000, false, { ref: false }),
  ])
  if (!opened) {
    socket.terminate()
    return null
  }
  if (!follower)
    socket.send(JSON.stringify({ type: 'custom', event: 'demo:to-server', data: { type: 'hello', ...key !== undefined && { key } } }))
  return socket
}

async function askSocket(target: Target, { ask, edits, node, value, times, manner }: Extract<Action, { kind: 'socket' }>): Promise<void> {
  const socket = await openSocket(target, ask.door, ask.role)
  if (!socket)
    return
  if (manner === 'does not read')
    socket.pause()
  for (let time = 0; time < times; time++) {
    for (const message of ask.messages)
      socket.send(change(replaceNode(message, node, value), edits))
  }
  await setTimeout(manner === 'cuts off' ? 0 : 300)
  if (manner === 'leaves')
    socket.close()
  socket.terminate()
}

async function sendFrames(target: Target, { door, role, bytes }: Extract<Action, { kind: 'frames' }>): Promise<void> {
  const socket = target.connect(door).resume()
  socket.write(wire(target, {
    door,
    role,
    method: 'GET',
    path: door === 'audience' && role === 'nobody' ? followerPath() : '/',
    headers: {
      'connection': 'Upgrade',
      'upgrade': 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': 'vite-hmr',
    },
  }))
  await Promise.race([once(socket, 'data').catch(() => {}), closeOf(socket), setTimeout(PATIENCE_MS, null, { ref: false })])
  socket.write(Buffer.from(bytes))
  await setTimeout(100)
  socket.destroy()
}
