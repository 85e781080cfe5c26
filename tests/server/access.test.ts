import { describe, expect, it } from 'vitest'
import { Access, isKnownHost, isLocal } from '../../demos/runtime/server/access.ts'

const request = (remoteAddress: string | undefined, headers: Record<string, string>) => ({ socket: { remoteAddress }, headers })
const page = { host: 'localhost:3030', origin: 'http://localhost:3030' }

describe('whose request may bring the key', () => {
  it.each([
    ['the deck\'s own page', request('127.0.0.1', page)],
    ['the same over IPv6', request('::1', { host: '[::1]:3030', origin: 'http://[::1]:3030' })],
    ['the same, mapped', request('::ffff:127.0.0.1', page)],
    ['a port that an editor forwards', request('127.0.0.1', { ...page, 'x-forwarded-for': '192.0.2.7' })],
    ['a port that is forwarded with TLS', request('127.0.0.1', { host: 'localhost:3030', origin: 'https://localhost:3030' })],
    ['a page behind a proxy that gives the deck another name', request('127.0.0.1', {
      'host': '127.0.0.1:3030',
      'origin': 'https://deck.school.example',
      'sec-fetch-site': 'same-origin',
    })],
    ['the same without TLS, of which a browser says less', request('127.0.0.1', { host: '127.0.0.1:3030', origin: 'http://deck.school.example' })],
    ['a program on this machine', request('127.0.0.1', { host: '127.0.0.1:3030' })],
  ])('%s', (_, each) => {
    expect(isLocal(each)).toBe(true)
  })

  it.each([
    ['another machine', request('192.0.2.7', page)],
    ['nobody knows who', request(undefined, page)],
    ['a name that is rebound to this machine', request('127.0.0.1', { host: 'evil.example:3030', origin: 'http://evil.example:3030' })],
    ['a foreign page in the lecturer\'s browser', request('127.0.0.1', { ...page, 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
    ['another local server\'s page', request('127.0.0.1', { ...page, 'origin': 'http://localhost:8080', 'sec-fetch-site': 'same-site' })],
    ['a look-alike host', request('127.0.0.1', { host: 'localhost.evil.example', origin: 'http://localhost.evil.example' })],
    ['a sandboxed frame', request('127.0.0.1', { ...page, origin: 'null' })],
  ])('not %s', (_, each) => {
    expect(isLocal(each)).toBe(false)
  })
})

it.each([
  undefined, 'localhost', 'localhost:3030', 'deck.localhost:1', '127.0.0.1:3030', '192.168.0.7', '[::1]:3030', '[::ffff:127.0.0.1]',
])('a request for %s is answered', host => expect(isKnownHost(host)).toBe(true))

it.each([
  '', 'evil.example', 'localhost.evil.example', 'evillocalhost', '127.0.0.1.evil.example', '127.0.0.1@evil.example', 'localhost:1:1',
])('a request for %j is not', host => expect(isKnownHost(host)).toBe(false))

describe('with and without the key', () => {
  const lecture = new Access()
  const author = new Access({ author: true })
  const looks = [
    '/', '/index.html', '/@vite/client', '/@id/__x00__plugin-vue:export-helper',
    '/@fs/home/x/node_modules/a.js', '/@slidev/slides', '/@server-reactive/nav',
    '/@server-reactive/drawings?diff', '/__uno.css', '/__uno_typography.css?t=1',
    '/__slidev/slides/12.json', '/node_modules/vite-plugin-vue-server-ref/dist/client.mjs',
    '/components/Demo.vue?vue&type=style', '/favicon.svg',
  ]
  const acts = [
    '/__open-in-editor?file=x', '//__open-in-editor?file=x', '\\__open-in-editor',
    'http://localhost/__open-in-editor?file=x', '*', '/__inspect/', '/__mcp',
    '/__slidev/slides/12.json/../x', '/@server-ref/nav', '/@server-reactive/constructor',
    '/@server-reactive/nav/../constructor', '/@id/server-reactive:constructor', '/@id//@server-ref/x',
    '/@id/%73erver-reactive:constructor', '/%5f_open-in-editor', '/@%73erver-ref/x', '/%',
    '/@slidev-monaco-types/resolve?root=/etc',
  ]

  it.each(looks)('gET %s is a look', (url) => {
    expect(lecture.judge({ method: 'GET', url }, false)).toBe('pass')
  })

  it.each(acts)('gET %s is closed, and open to an author', (url) => {
    expect(lecture.judge({ method: 'GET', url }, false)).toBe('refuse')
    expect(lecture.judge({ method: 'GET', url }, true)).toBe('refuse')
    expect(author.judge({ method: 'GET', url }, false)).toBe('refuse')
    expect(author.judge({ method: 'GET', url }, true)).toBe('pass')
  })

  it('changes of the state that Slidev\'s pages share take the key, and nothing else may be posted', () => {
    for (const url of ['/@server-reactive/nav', '/@server-reactive/drawings']) {
      expect(lecture.judge({ method: 'POST', url }, true)).toBe('state')
      expect(lecture.judge({ method: 'POST', url }, false)).toBe('refuse')
      expect(lecture.judge({ method: 'PUT', url }, true)).toBe('refuse')
    }
    for (const url of [
      '/@server-reactive/snapshots', '/@server-reactive/constructor/prototype/x', '/@server-ref/nav',
      '/__slidev/slides/1.json', '/', '/constructor',
    ])
      expect(lecture.judge({ method: 'POST', url }, true)).toBe('refuse')
  })

  it.each([
    ['our own', { type: 'custom', event: 'demo:to-server', data: {} }, true],
    ['the shell\'s', { type: 'custom', event: 'demo:shell-to-server', data: {} }, true],
    ['a sign of life', { type: 'ping' }, true],
    ['UnoCSS\'s question', { type: 'custom', event: 'unocss:hmr', data: ['__ALL__', 'abc'] }, true],
    ['UnoCSS\'s question of another shape', { type: 'custom', event: 'unocss:hmr', data: {} }, false],
    ['a call of Vite\'s', { type: 'custom', event: 'vite:invoke', data: { name: 'fetchModule' } }, false],
    ['the same without data', { type: 'custom', event: 'vite:invoke', data: null }, false],
    ['a line for the terminal', { type: 'custom', event: 'vite:forward-console', data: {} }, false],
    ['null', null, false],
  ])('of a socket\'s messages %s is heard: %#', (_, message, heard) => {
    expect(lecture.hears(JSON.stringify(message), true)).toBe(heard)
    expect(lecture.hears(JSON.stringify(message), false)).toBe(heard)
    expect(author.hears(JSON.stringify(message), false)).toBe(heard)
    expect(author.hears(JSON.stringify(message), true)).toBe(true)
  })

  it('two events in one message count as the last, as Vite reads it', () => {
    expect(lecture.hears('{"type":"custom","event":"demo:to-server","event":"vite:invoke","data":null}', true)).toBe(false)
    expect(lecture.hears('{', true)).toBe(false)
  })

  it('each start has a key of its own', () => {
    expect(lecture.isKey(lecture.key)).toBe(true)
    for (const wrong of [author.key, lecture.key.slice(1), `${lecture.key}a`, '', null, undefined, {}, { toString: 1 }, [lecture.key]])
      expect(lecture.isKey(wrong)).toBe(false)
  })
})
