import type { Door, Role } from './target.ts'
import { DOWNLOAD } from './target.ts'

/** What has ended, slowed or deceived the deck once, and what is near to it: the fuzzer sends these, and then mutations of them. */

export interface HttpAsk {
  door: Door
  role: Role
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface SocketAsk {
  door: Door
  role: Role
  /** Text frames, in order. */
  messages: string[]
}

const NAV = '/@server-reactive/nav'
const nav = JSON.stringify({ source: 'fuzz', timestamp: 1, data: { page: 2, clicks: 0 } })
const both = (ask: Omit<HttpAsk, 'door'>): HttpAsk[] => [{ door: 'deck', ...ask }, { door: 'audience', ...ask }]
const all = (ask: Omit<HttpAsk, 'door' | 'role'>): HttpAsk[] => [...both({ role: 'lecturer', ...ask }), ...both({ role: 'nobody', ...ask })]

const oddHeaders: Record<string, string>[] = [
  { host: 'localhost:99999' },
  { host: '' },
  { origin: 'null' },
  { expect: '100-continue' },
  { 'connection': 'Upgrade, HTTP2-Settings', 'upgrade': 'h2c', 'http2-settings': '' },
  { 'content-length': '5', 'transfer-encoding': 'chunked' },
  { 'if-none-match': '*' },
  { 'if-range': '"x"', 'range': 'bytes=1-0' },
  { 'x-forwarded-for': '192.0.2.7' },
  { cookie: 'docker-basics-look=; '.repeat(100) },
  { 'sec-websocket-key': 'x', 'upgrade': 'websocket', 'connection': 'upgrade' },
]

export const httpCorpus: HttpAsk[] = [
  // A reversed range ended the server, as did whatever `createReadStream` throws at.
  ...['bytes=5-2', 'bytes=-', 'bytes=0-0,5-5', 'bytes=99999999999-', 'bytes=1-99999999999999999999', 'bytes=a-b', 'bytes=-0']
    .flatMap(range => all({ method: 'GET', path: DOWNLOAD, headers: { range } })),
  ...all({ method: 'GET', path: '/favicon.svg', headers: { range: 'bytes=5-2' } }),
  // Bodies that are not what Slidev's handlers expect, or not whole.
  ...all({ method: 'POST', path: NAV }),
  ...all({ method: 'POST', path: NAV, body: '{}' }),
  ...all({ method: 'POST', path: NAV, body: '{' }),
  ...all({ method: 'POST', path: NAV, body: nav, headers: { 'content-length': '200' } }),
  ...all({ method: 'POST', path: NAV, body: nav }),
  ...all({ method: 'POST', path: NAV, body: nav, headers: { 'transfer-encoding': 'chunked' } }),
  ...all({ method: 'POST', path: '/@server-reactive/drawings', body: JSON.stringify({ source: '', timestamp: 0, patch: { 1: '<svg/>' } }) }),
  ...all({ method: 'POST', path: '/__slidev/slides/1.json', body: '{' }),
  ...all({ method: 'POST', path: '/__slidev/slides/2.json', body: '{"note":"x","skipHmr":true}' }),
  // The server's prototypes, and the editor that they opened.
  ...all({ method: 'POST', path: '/@server-reactive/constructor/prototype/LAUNCH_EDITOR', body: '{"data":"sh"}' }),
  ...all({ method: 'POST', path: '/@server-ref/__proto__/polluted', body: '{"data":"yes"}' }),
  ...all({ method: 'GET', path: '/__open-in-editor?file=/etc/passwd' }),
  ...[
    '/', '/%', '/%00', '//etc/passwd', '/..%2f..%2fpackage.json', '/@fs/etc/passwd?raw', '/@id/__x00__virtual', '/@vite/client',
    '/slides.md', '/presenter', '/audience', '/@server-reactive/nav', '/engine', '/engine/', `/${'a'.repeat(8000)}`, 'http://evil.example/', '*',
    '/demos/helloworld/demo.ts',
  ]
    .flatMap(path => all({ method: 'GET', path })),
  ...['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'QUERY'].flatMap(method => all({ method, path: '/' })),
  ...all({ method: 'POST', path: '/presenter', headers: { 'x-docker-basics-key': 'A'.repeat(22) } }),
  ...oddHeaders.flatMap(headers => all({ method: 'GET', path: '/', headers })),
]

export const toServer = (data: unknown): string => JSON.stringify({ type: 'custom', event: 'demo:to-server', data })
export const toShell = (data: unknown): string => JSON.stringify({ type: 'custom', event: 'demo:shell-to-server', data })
export const openShell = toShell({ type: 'open', demo: 'throwaway', columns: 80, rows: 24 })
const demo = 'helloworld'
const poll = { type: 'open-poll', demo, step: 'run', page: 2, question: '무엇이 나올까?', answers: ['하나', '둘'] }
function sockets(messages: string[]): SocketAsk[] {
  return [
    { door: 'deck', role: 'lecturer', messages }, { door: 'audience', role: 'lecturer', messages },
    { door: 'deck', role: 'nobody', messages }, { door: 'audience', role: 'nobody', messages },
  ]
}

export const socketCorpus: SocketAsk[] = [
  ...sockets(['{"type":"custom","event":"vite:invoke","data":null}']),
  ...sockets([
    JSON.stringify({ type: 'custom', event: 'vite:invoke', data: { id: 'send:1', name: 'fetchModule', data: ['/etc/passwd'] } }),
    '{"type":"custom","event":"slidev:monaco-write","data":null}',
  ]),
  ...sockets([JSON.stringify({ type: 'custom', event: 'vite:forward-console', data: { type: 'error', data: {} } })]),
  ...sockets(['', '{', 'null', '[]', '7', '"x"', '{"type":"custom"}', '{"type":"ping"}', '\0', `${'['.repeat(5000)}${']'.repeat(5000)}`]),
  ...sockets([toServer({ type: 'run', demo, after: null }), toServer({ type: 'stop', demo, run: 'x' })]),
  ...sockets([toServer({ type: 'advance', demo, after: null, upTo: 0 }), toServer({ type: 'clean', demo })]),
  // Edits that collided: two files at once, one file from everywhere, two resets.
  ...sockets([
    toServer({ type: 'edit', demo, file: 'Dockerfile', text: 'FROM busybox:stable\n' }),
    toServer({ type: 'edit', demo, file: 'helloworld', text: '#!/bin/sh\necho "Hello, World!"\n' }),
    toServer({ type: 'reset', demo, file: 'Dockerfile' }),
    toServer({ type: 'reset', demo, file: 'helloworld' }),
  ]),
  ...sockets([
    toServer({ type: 'edit', demo, file: '../../x', text: '' }),
    toServer({ type: 'edit', demo, file: 'Dockerfile', text: 'x'.repeat(70_000) }),
  ]),
  ...sockets([
    toServer({ type: 'show', demo, recorded: true }),
    toServer({ type: 'show', demo, recorded: false }),
    toServer({ type: 'ledger' }),
  ]),
  ...sockets([
    toServer({ type: 'hello', key: null }),
    toServer({ type: 'constructor' }),
    toServer({ type: '__proto__', demo }),
    toServer({ type: 'run', demo: 'constructor', after: null }),
  ]),
  // Ten shells at once, and one that is opened and closed in the same moment.
  ...sockets(Array.from<string>({ length: 10 }).fill(openShell)),
  ...sockets([openShell, toShell({ type: 'close' })]),
  ...sockets([
    toShell({ type: 'open', demo: 'constructor', columns: 80, rows: 24 }),
    toShell({ type: 'input', text: 'yes\n' }),
    toShell({ type: 'drawn', characters: -1 }),
  ]),
  ...sockets([openShell, toShell({ type: 'input', text: 'head -c 9999999 /dev/urandom\n' })]),
  // Votes, before, while and after there is a question; one of a kind that no page sends.
  ...sockets([...'0123456789', '1.5', '-1', '[0]', '{"vote":1}', ' 1', '1\n']),
  ...sockets([toServer(poll), '0', '1', '0', toServer({ type: 'close-poll', poll: 'x' }), '2']),
  ...sockets([
    toServer({ ...poll, answers: ['하나'] }),
    toServer({ ...poll, question: 'x'.repeat(1000), page: -1 }),
    toServer({ type: 'settle-poll', poll: '__proto__', outcome: { answer: 3 } }),
    toServer({ type: 'settle-poll', poll: 'x', outcome: { answer: 0.5, reason: '' } }),
  ]),
]

/** What comes after the handshake of a WebSocket, byte by byte: frames that break the protocol (RFC 6455). */
export const frameCorpus: number[][] = [
  [0xF1, 0x80, 0, 0, 0, 0], // reserved bits
  [0x81, 0x05, 0x68, 0x65, 0x6C, 0x6C, 0x6F], // not masked
  [0x8B, 0x80, 0, 0, 0, 0], // an opcode that there is not
  [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], // 2^63 - 1 bytes
  [0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], // no UTF-8
  [0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01], // closes with a code that there is not
  [0x80, 0x80, 0, 0, 0, 0], // goes on with what has not begun
  [0x82, 0x81, 0, 0, 0, 0, 0x00], // binary
  [0x89, 0xFE, 0x00, 0x7E, 0, 0, 0, 0, ...Array.from<number>({ length: 126 }).fill(0)], // a ping that is too long
]
