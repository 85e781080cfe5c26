import type { IncomingHttpHeaders } from 'node:http'
import type { ViteDevServer } from 'vite'
import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import getPort from 'get-port'
import { createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { Access } from '../../demos/runtime/server/access.ts'
import { AudienceServer } from '../../demos/runtime/server/audience.ts'
import { demoServer } from '../../demos/runtime/server/plugin.ts'
import { OTHER_ADDRESS as host } from '../support/network.ts'

const [port, otherPort] = [await getPort(), await getPort()]
const noPort80 = await getPort({ port: 80, host }) === 80 ? '' : ' — 건너뜀: 80번 포트를 쓸 수 없습니다'
const access = new Access()
const audience = new AudienceServer(host, port, access)
const local = `http://localhost:${port}/`
const { key } = access
const page = { host: `${host}:${port}`, origin: `http://${host}:${port}` }
/** What listeners hear that are added to a socket after ours, as one of Slidev's that writes files. */
const overheard: string[] = []
let root: string
let vite: ViteDevServer

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }) // the audience's heartbeat
  root = await mkdtemp(join(tmpdir(), 'docker-basics-audience-'))
  await writeFile(join(root, 'index.html'), '<script type="module" src="/a.js"></script>')
  vite = await createServer({
    configFile: false,
    root,
    logLevel: 'silent',
    server: { host: 'localhost', port, strictPort: true },
    plugins: [demoServer(access, audience), {
      name: 'slidev-like', // takes whatever is written to it, as Slidev's own state does
      configureServer: ({ middlewares, ws }) => {
        middlewares.use('/@server-reactive/nav', (body, response) => {
          void text(body).then(() => setImmediate(() => response.end('written')))
        })
        ws.on('connection', socket => socket.on('message', data => overheard.push(String(data))))
      },
    }],
  })
  await vite.listen()
  await audience.open()
})
afterAll(async () => {
  vi.useRealTimers()
  await vite.close()
  await rm(root, { recursive: true })
})

async function ask(
  base: string,
  path: string,
  method = 'GET',
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number | undefined, headers: IncomingHttpHeaders, body: string }> {
  const [response] = await once(request(base, { path, method, headers }).end(body), 'response')
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

/** A WebSocket, and what it has heard; null when it was turned away. */
async function connect(
  url: string,
  headers: Record<string, string>,
  protocol: string[] = [],
): Promise<{ socket: WebSocket, heard: ServerMessage[] } | null> {
  const socket = new WebSocket(url.replace('http', 'ws'), protocol, { headers })
  const heard: ServerMessage[] = []
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ServerMessage & { data?: ServerMessage }
    heard.push(message.data ?? message)
  })
  return once(socket, 'open').then(() => ({ socket, heard }), () => null)
}
const follow = (headers: Record<string, string> = page) => connect(`${audience.address}audience`, headers)
const token = async (): Promise<string> => /const wsToken = "([^"]+)"/.exec((await ask(local, '/@vite/client')).body)![1]!

const run = { type: 'run', demo: 'nope', after: null }
const wrapped = (data: unknown): string => JSON.stringify({ type: 'custom', event: 'demo:to-server', data })

describe('a follower', () => {
  it('hears the state and where the lecturer is', async () => {
    audience.followers.moveTo({ page: 7, clicks: 2 })
    const { socket, heard } = (await follow())!
    await expect.poll(() => heard.map(({ type }) => type)).toEqual(expect.arrayContaining(['position', 'snapshot']))
    expect(heard).toContainEqual({ type: 'position', page: 7, clicks: 2 })
    expect(heard.find(({ type }) => type === 'snapshot')).toMatchObject({ lecturer: false, audience: audience.address })
    audience.followers.moveTo({ page: 8, clicks: 0 })
    await expect.poll(() => heard).toContainEqual({ type: 'position', page: 8, clicks: 0 })
    socket.close()
  })

  it('says what it likes: nothing of it is followed, and one that floods is cut off', async () => {
    const other = (await follow())!
    const { socket } = (await follow())!
    for (let count = 0; count < 100; count++)
      socket.send(wrapped(run))
    await once(socket, 'close')
    expect(other.heard.filter(({ type }) => type === 'events' || type === 'refused')).toEqual([])
    other.socket.close()
  })

  it('whose lid was closed for a minute is let go and hears where all is when it is back; one that is there stays', async () => {
    const asleep = new WebSocket(audience.address.replace('http', 'ws').concat('audience'), { headers: page, autoPong: false })
    await once(asleep, 'open')
    const gone = once(asleep, 'close')
    const awake = (await follow())!
    vi.advanceTimersByTime(30_000)
    await once(awake.socket, 'ping')
    awake.socket.send('hello') // answered after its pong has been heard
    await expect.poll(() => awake.heard.filter(({ type }) => type === 'snapshot')).toHaveLength(2)
    audience.followers.moveTo({ page: 9, clicks: 1 })
    vi.advanceTimersByTime(30_000)
    await gone
    expect(awake.socket.readyState).toBe(WebSocket.OPEN)
    const back = (await follow())!
    await expect.poll(() => back.heard).toContainEqual({ type: 'position', page: 9, clicks: 1 })
    for (const { socket } of [awake, back])
      socket.close()
  })

  it('that asks again and again in haste is told once half a second, and stays', async () => {
    const { socket, heard } = (await follow())!
    for (let count = 0; count < 10; count++)
      socket.send('hello')
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(heard.filter(({ type }) => type === 'snapshot')).toHaveLength(1)
    await expect.poll(() => heard.filter(({ type }) => type === 'snapshot')).toHaveLength(2)
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(heard.filter(({ type }) => type === 'snapshot')).toHaveLength(2)
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.close()
  })

  it('is cut off after a message over 1 KiB', async () => {
    const { socket } = (await follow())!
    socket.on('error', () => {}).send('x'.repeat(2000))
    await once(socket, 'close')
  })

  it.each([
    ['the dev server\'s modules', '/@vite/client', 'GET'],
    ['files of the project', '/package.json', 'GET'],
    ['files of this machine', '/@fs/etc/passwd', 'GET'],
    ['files outside the site', '/..%2f..%2fpackage.json', 'GET'],
    ['an address that is none', '/%', 'GET'],
    ['an editor on this machine', '/__open-in-editor?file=/etc/passwd', 'GET'],
    ['Slidev\'s state', '/@server-reactive/nav', 'POST'],
    ['a wrong key', '/?key=AAAAAAAAAAAAAAAAAAAAAA', 'POST'],
  ])('does not get at %s', async (_, path, method) => {
    const { status, headers, body } = await ask(audience.address, path, method, page)
    expect([404, 405]).toContain(status)
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).not.toContain('written')
  })

  it.each([
    ['under another name (DNS rebinding)', { host: `evil.example:${port}` }],
    ['from a page elsewhere', { ...page, origin: 'https://evil.example' }],
  ])('does not get in %s', async (_, headers) => {
    expect(await follow(headers)).toBeNull()
  })

  it('does not get at the dev server\'s socket', async () => {
    expect(await connect(`${audience.address}?token=${await token()}`, page, ['vite-hmr'])).toBeNull()
  })
})

describe('the key', () => {
  const state = JSON.stringify({ source: 'test', timestamp: 1, data: { page: 3, clicks: 0 } })
  const carried = { ...page, 'x-docker-basics-key': key }
  const entrance = (headers: Record<string, string>) => ask(audience.address, '/presenter', 'POST', headers)
  const admitted = async (): Promise<Record<string, string>> => ({
    ...page,
    cookie: (await entrance(carried)).headers['set-cookie']![0]!.split(';')[0]!,
  })

  it('stays in the fragment of the address, and gives its browser a cookie that is no key', async () => {
    expect(audience.presenterAddress).toBe(`${audience.address}presenter#key=${key}`)
    const { body, headers } = await ask(audience.address, '/presenter', 'GET', { host: page.host })
    expect(body).not.toContain(key)
    expect(headers['referrer-policy']).toBe('no-referrer')
    const answer = await entrance(carried)
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^docker-basics-look=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/)])
    expect(answer.headers['set-cookie']![0]).not.toContain(key)
  })

  it('lets its bearer turn the page and act', async () => {
    const cookie = await admitted()
    expect((await ask(audience.address, '/@server-reactive/nav', 'POST', {
      ...cookie,
      'x-docker-basics-key': key,
    }, state)).body).toBe('written')
    const { socket, heard } = (await connect(`${audience.address}?token=${await token()}`, cookie, ['vite-hmr']))!
    socket.send(wrapped({ type: 'hello', key }))
    socket.send(wrapped(run))
    await expect
      .poll(() => heard)
      .toContainEqual(expect.objectContaining({ type: 'refused', problem: expect.objectContaining({ message: '데모 nope는 없습니다.' }) }))
    socket.close()
  })

  it('gives its bearer no file of this machine, no editor and no slide to write', async () => {
    const bearer = { ...await admitted(), 'x-docker-basics-key': key }
    for (const [path, method] of [
      ['/__open-in-editor?file=/etc/passwd', 'GET'],
      ['http://localhost/__open-in-editor?file=/etc/passwd', 'GET'],
      ['/__slidev/slides/1.json', 'POST'],
      ['/@server-reactive/constructor/prototype/LAUNCH_EDITOR', 'POST'],
      ['/@server-reactive/snapshots', 'POST'],
    ] as const)
      expect((await ask(audience.address, path, method, bearer, '{"data":"sh"}')).status).toBe(403)
    expect((await ask(audience.address, '/@fs/etc/passwd', 'GET', bearer)).body).not.toContain('root:')
  })

  it('is not replaced by the cookie, which other ports of the host get too: that lets look alone', async () => {
    const cookie = await admitted()
    expect((await ask(audience.address, '/@server-reactive/nav', 'POST', cookie, state)).status).toBe(403)
    const { socket, heard } = (await connect(`${audience.address}?token=${await token()}`, cookie, ['vite-hmr']))!
    socket.send(wrapped(run))
    await expect
      .poll(() => heard)
      .toContainEqual(expect.objectContaining({ type: 'refused', problem: expect.objectContaining({ message: '보기 전용 화면입니다.' }) }))
    socket.close()
  })

  it.each([
    ['from a page elsewhere', { ...carried, origin: 'https://evil.example' }],
    ['cut short', { ...page, 'x-docker-basics-key': key.slice(0, -1) }],
    ['with one letter wrong', { ...page, 'x-docker-basics-key': `${key.startsWith('A') ? 'B' : 'A'}${key.slice(1)}` }],
  ])('does not serve %s', async (_, headers) => {
    expect((await entrance(headers)).status).toBe(405)
  })
})

describe('the dev server itself', () => {
  it('is not on the network\'s address without the key, and lets its own page write', async () => {
    expect((await ask(audience.address, '/', 'GET', page)).body).not.toContain('/@vite/client')
    const own = { 'origin': local.slice(0, -1), 'x-docker-basics-key': key }
    expect((await ask(
      local,
      '/@server-reactive/nav',
      'POST',
      own,
      '{"source":"","timestamp":0,"data":{"page":1,"clicks":0}}',
    )).body).toBe('written')
  })

  it.each([
    ['a form or fetch of another site', '/@server-reactive/nav', 'POST', {
      'origin': 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    }],
    ['a page of another server on this machine', '/@server-reactive/nav', 'POST', {
      'origin': 'http://localhost:8080',
      'sec-fetch-site': 'same-site',
    }],
    ['an image of another site that opens an editor', '/__open-in-editor?file=x', 'GET', { 'sec-fetch-site': 'cross-site' }],
    ['a name that is rebound to this machine', '/@server-reactive/nav', 'POST', { host: `evil.example:${port}` }],
  ])('refuses %s', async (_, path, method, headers) => {
    expect((await ask(local, path, method, { ...headers as Record<string, string>, 'x-docker-basics-key': key })).status).toBe(403)
  })

  it('opens no shell for a client that may only look, and none for a demo that it does not know', async () => {
    const open = JSON.stringify({
      type: 'custom',
      event: 'demo:shell-to-server',
      data: { type: 'open', demo: 'nope', columns: 80, rows: 24 },
    })
    const looker = (await connect(`${local}?token=${await token()}`, { origin: local.slice(0, -1) }, ['vite-hmr']))!
    const lecturer = (await connect(`${local}?token=${await token()}`, { origin: local.slice(0, -1) }, ['vite-hmr']))!
    lecturer.socket.send(wrapped({ type: 'hello', key }))
    looker.socket.send(open)
    lecturer.socket.send(open)
    lecturer.socket.send(open.replace('"nope"', '"../x"'))
    await expect.poll(() => lecturer.heard.filter(({ type }) => type === 'refused')).toHaveLength(2)
    expect(lecturer.heard).toEqual(expect.arrayContaining([
      '데모 nope는 없습니다.',
      '알 수 없는 요청이라 무시했습니다.',
    ].map(message => expect.objectContaining({ problem: expect.objectContaining({ message }) }))))
    expect(looker.heard.filter(({ type }) => type !== 'connected' as ServerMessage['type'])).toEqual([expect.objectContaining({
      type: 'refused',
      problem: expect.objectContaining({ message: '보기 전용 화면입니다.' }),
    })])
    for (const { socket } of [looker, lecturer])
      socket.close()
  })

  it('keeps from everybody the messages to Vite and Slidev themselves', async () => {
    const { socket, heard } = (await connect(`${local}?token=${await token()}`, { origin: local.slice(0, -1) }, ['vite-hmr']))!
    const invoke = { type: 'custom', event: 'vite:invoke', data: { id: 'send:1', name: 'getBuiltins', data: [] } }
    socket.send(wrapped({ type: 'hello', key }))
    for (const raw of [
      'null',
      '{"type":"custom","event":"slidev:monaco-write","data":{"file":"slides.md","content":""}}',
      JSON.stringify(invoke),
      JSON.stringify({ ...invoke, data: null }),
      `{"type":"custom","event":"demo:to-server",${JSON.stringify(invoke).slice(1)}`,
    ])
      socket.send(raw)
    socket.send(wrapped(run))
    await expect
      .poll(() => heard)
      .toContainEqual(expect.objectContaining({ type: 'refused', problem: expect.objectContaining({ message: '데모 nope는 없습니다.' }) }))
    expect(JSON.stringify(heard)).not.toContain('response:1')
    expect(overheard.filter(raw => !raw.startsWith('{"type":"custom","event":"demo:'))).toEqual([])
    expect(overheard.length).toBeGreaterThan(0)
    socket.close()
  })
})

describe('the address of the audience', () => {
  it.each([
    ['192.0.2.2', 80, 'http://192.0.2.2/'],
    ['192.0.2.2', 3030, 'http://192.0.2.2:3030/'],
    ['2001:db8::7', 3030, 'http://[2001:db8::7]:3030/'],
    ['[2001:DB8:0:0::7]', 80, 'http://[2001:db8::7]/'],
    ['Lecture.local', 8080, 'http://lecture.local:8080/'],
  ])('of %s and port %i is what a browser writes', (host, port, address) => {
    const { address: told, presenterAddress } = new AudienceServer(host, port, access)
    expect(told).toBe(address)
    expect(presenterAddress).toBe(`${address}presenter#key=${key}`)
  })

  it.each(['fe80::1%eth0', 'a b', 'http://192.0.2.2', '192.0.2.2:3030', 'me@192.0.2.2', '192.0.2.2/slides', ''])(
    'cannot be made of %j, which is said with what to write',
    (host) => {
      expect(() => new AudienceServer(host, 3030, access)).toThrow(/브라우저에서 열 수 없는 주소입니다/)
    },
  )

  async function letsIn(host: string, port: number): Promise<void> {
    const server = new AudienceServer(host, port, access)
    try {
      await server.open()
      const { status } = await fetch(server.address) // sends Host as a browser does
      expect([200, 503]).toContain(status) // 503 while the site is not built
    }
    finally {
      server.close()
    }
  }

  it.each(['[::1]', '::1', 'localhost'])('lets those in who come to %s', host => letsIn(host, otherPort))

  it.skipIf(noPort80 !== '')(`lets those in whose browser leaves port 80 out${noPort80}`, () => letsIn(host, 80))
})
