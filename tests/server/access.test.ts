import { describe, expect, it } from 'vitest'
import { isLocal } from '../../demos/runtime/server/access.ts'

const request = (remoteAddress: string | undefined, headers: Record<string, string>) => ({ socket: { remoteAddress }, headers })
const page = { host: 'localhost:3030', origin: 'http://localhost:3030' }

describe('who may act', () => {
  it.each([
    ['the deck\'s own page', request('127.0.0.1', page)],
    ['the same over IPv6', request('::1', { host: '[::1]:3030', origin: 'http://[::1]:3030' })],
    ['the same, mapped', request('::ffff:127.0.0.1', page)],
    ['a program on this machine', request('127.0.0.1', { host: '127.0.0.1:3030' })],
  ])('%s', (_, each) => {
    expect(isLocal(each)).toBe(true)
  })

  it.each([
    ['another machine', request('192.0.2.7', page)],
    ['nobody knows who', request(undefined, page)],
    ['a name that is rebound to this machine', request('127.0.0.1', { host: 'evil.example:3030', origin: 'http://evil.example:3030' })],
    ['a foreign page in the lecturer\'s browser', request('127.0.0.1', { ...page, origin: 'https://evil.example' })],
    ['another local server\'s page', request('127.0.0.1', { ...page, origin: 'http://localhost:8080' })],
    ['a look-alike host', request('127.0.0.1', { host: 'localhost.evil.example', origin: 'http://localhost.evil.example' })],
    ['a sandboxed frame', request('127.0.0.1', { ...page, origin: 'null' })],
    ['a proxy or tunnel', request('127.0.0.1', { ...page, 'x-forwarded-for': '192.0.2.7' })],
    ['a proxy of the standard kind', request('127.0.0.1', { ...page, forwarded: 'for=192.0.2.7' })],
  ])('not %s', (_, each) => {
    expect(isLocal(each)).toBe(false)
  })
})
