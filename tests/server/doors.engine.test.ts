import type { ServedDeck } from '../support/deck.ts'
import type { Visitor } from '../support/visitor.ts'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import getPort from 'get-port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ownFolder } from '../../demos/runtime/run/own-folder.ts'
import { TestClient } from '../support/client.ts'
import { copyDeck, giveSite } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { OTHER_ADDRESS } from '../support/network.ts'
import { ask } from '../support/visitor.ts'

const root = join(import.meta.dirname, '../..')
const { failed: noMount } = await execa('unshare', ['--mount', 'true'], { reject: false })
const { failed: noLimits } = await execa('prlimit', ['--pid', String(process.pid)], { reject: false })
const noOtherUser = process.getuid?.() === 0 ? '' : ' — 건너뜀: root만 다른 사용자가 될 수 있습니다'

describe('a deck that is served', () => {
  let folder: string
  let temporary: string
  let deck: ServedDeck
  let said = ''
  let cookie: string
  let visitors: Record<'lecturer' | 'holder of the key in the network' | 'follower' | 'program without the key', Visitor>

  beforeAll(async () => {
    folder = dirname(await copyDeck('---\nmcp: false\nmonaco: false\n---\n\n# 하나\n\n---\n\n# 둘\n'))
    await giveSite(folder)
    temporary = join(folder, 'temporary')
    await mkdir(temporary)
    if (!noMount)
      await execa('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', temporary])
    deck = await startDeck({
      folder,
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', TMPDIR: temporary, XDG_RUNTIME_DIR: '' },
      args: ['--remote', '--host', OTHER_ADDRESS],
    })
    deck.process.all.on('data', chunk => said += String(chunk))
    const here = { host: '127.0.0.1', port: deck.port, headers: { host: `localhost:${deck.port}` }, socket: 'deck' as const }
    const there = { ...here, host: OTHER_ADDRESS, headers: { host: `${OTHER_ADDRESS}:${deck.port}` } }
    const { headers } = await ask({ ...there, key: deck.key }, '/presenter', { method: 'POST' })
    cookie = headers['set-cookie']![0]!
    visitors = {
      'lecturer': { ...here, key: deck.key },
      'holder of the key in the network': { ...there, headers: { ...there.headers, cookie: cookie.split(';')[0]! }, key: deck.key },
      'follower': { ...there, socket: 'audience', key: null },
      'program without the key': { ...here, key: null },
    }
  })
  afterAll(async () => {
    await deck?.stop()
    if (!noMount)
      await execa('umount', [temporary])
    await rm(folder, { recursive: true })
  })

  /** Whether it still serves, and has met nothing that nobody caught. */
  async function expectWell(): Promise<void> {
    expect((await ask(visitors.lecturer, '/')).status).toBe(200)
    expect((await ask(visitors.follower, '/')).status).toBe(200)
    expect(said).not.toContain('예상하지 못한 문제')
  }

  /** Sends what is written as it is, and gives what comes until the other side closes; null when it does not. */
  async function raw({ host, port }: Pick<Visitor, 'host' | 'port'>, written: string, patience = 3000): Promise<string | null> {
    const socket = connect(port, host).on('error', () => {})
    let got = ''
    socket.on('data', data => got += String(data))
    socket.write(written)
    const closed = await Promise.race([once(socket, 'close').then(() => true), setTimeout(patience, false)])
    socket.destroy()
    return closed ? got : null
  }

  it.each(['lecturer', 'holder of the key in the network', 'follower', 'program without the key'] as const)(
    'goes on after the requests of a %s that ended it once',
    async (who) => {
      const visitor = visitors[who]
      for (const [path, body] of [
        ['/@server-reactive/nav', ''], ['/@server-reactive/nav', '{}'], ['/@server-reactive/nav', '{"data":null}'],
        ['/__slidev/slides/1.json', '{'], ['/__slidev/slides/2.json', '{"note":"x","skipHmr":true}'], ['/@server-reactive/nav', '{'],
      ] as const)
        expect((await ask(visitor, path, { method: 'POST', body })).status, `${path} ${body}`).toBeGreaterThanOrEqual(400)
      const headers = Object.entries({ ...visitor.headers, ...visitor.key !== null && { 'x-docker-basics-key': visitor.key } })
      const half = connect(visitor.port, visitor.host).on('error', () => {})
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
      half.write(`POST /@server-reactive/nav HTTP/1.1\r\n${lines}Content-Length: 200\r\n\r\n{"d`)
      await setTimeout(100)
      half.destroy()
      await expectWell()
    },
  )

  it.each([
    ['a call of Vite\'s without data', { event: 'vite:invoke', data: null }],
    ['a file to be written by Slidev, without data', { event: 'slidev:monaco-write', data: null }],
    ['a file to be written by Slidev', { event: 'slidev:monaco-write', data: { file: 'slides.md', content: '' } }],
    ['a line for the terminal', { event: 'vite:forward-console', data: { type: 'log', level: 'error', message: 'forged' } }],
    ['an invalidated module', { event: 'vite:invalidate', data: { path: '/' } }],
    ['a key that is no text', { event: 'demo:to-server', data: { type: 'hello', key: { toString: 1 } } }],
    ['a prototype', { event: 'demo:to-server', data: { type: '__proto__', key: { __proto__: null } } }],
  ])('neither ends nor writes down anything at a hundred times %s, with the key or without', async (_, message) => {
    const before = said.length
    for (const key of [deck.key, null]) {
      const client = await TestClient.open(deck.port, 'helloworld', key)
      for (let count = 0; count < 100; count++)
        client.socket.send(JSON.stringify({ type: 'custom', ...message }))
      await setTimeout(300)
      client.close()
    }
    await expectWell()
    expect(said.slice(before)).toBe('')
  })

  it.each([
    ['h2c', '/', ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
    ['another WebSocket', '/', ['Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13']],
    ['Vite\'s, elsewhere', 'http://[', [
      'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: vite-hmr',
    ]],
  ])('closes a connection that asks for %s', async (_, path, headers) => {
    for (const { host, port, headers: { host: name } } of [visitors.lecturer, visitors.follower]) {
      const lines = [`GET ${path} HTTP/1.1`, `Host: ${name}`, 'Connection: Upgrade', ...headers, '', '']
      expect(await raw({ host, port }, lines.join('\r\n'))).not.toBeNull()
    }
    await expectWell()
  })

  it.each([
    ['Host twice', 'Host: localhost\r\nHost: evil.example'],
    ['a Host that is no host', 'Host: 127.0.0.1@evil.example'],
    ['the key in its address', 'Host: localhost', '?key=KEY'],
    ['the key as a cookie', 'Host: localhost\r\nCookie: key=KEY; docker-basics-key=KEY; x-docker-basics-key=KEY'],
    ['the key as authorization', 'Host: localhost\r\nAuthorization: Bearer KEY'],
    ['the key twice', 'Host: localhost\r\nX-Docker-Basics-Key: KEY\r\nX-Docker-Basics-Key: KEY'],
    ['the key, from another site', 'Host: localhost\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nX-Docker-Basics-Key: KEY'],
    ['the key, from a frame in a sandbox', 'Host: localhost\r\nOrigin: null\r\nX-Docker-Basics-Key: KEY'],
    ['the key, by another name of this machine', 'Host: deck.school.example\r\nX-Docker-Basics-Key: KEY'],
  ])('is not led by a request with %s', async (_, headers, query = '') => {
    const body = JSON.stringify({ source: 'x', timestamp: 1, data: { page: 4321, clicks: 0 } })
    const withKey = (text: string): string => text.replaceAll('KEY', deck.key)
    const written = `POST /@server-reactive/nav${query} HTTP/1.1\r\n${headers}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    expect(await raw(visitors.lecturer, withKey(written))).toMatch(/^HTTP\/1.1 4/)
    expect((await ask(visitors.lecturer, '/@server-reactive/nav')).body).not.toContain('4321')
  })

  it('says in Korean what a name that it does not know is refused for', async () => {
    const { status, headers, body } = await ask({ ...visitors.lecturer, headers: { host: 'deck.school.example' } }, '/')
    expect(status).toBe(403)
    expect(headers['content-type']).toContain('charset=utf-8')
    expect(body).toMatch(/이 이름으로는 열 수 없습니다: deck\.school\.example[\s\S]*Host/)
  })

  it('is both 127.0.0.1 and [::1]', async () => {
    for (const host of ['127.0.0.1', '::1'])
      expect((await ask({ ...visitors.lecturer, host }, '/')).body).toContain('id="app"')
  })

  it('lets nobody read the page that brings the key into the browser', async () => {
    const cache = join(folder, 'node_modules/.cache')
    await mkdir(cache, { recursive: true })
    const absolute = await mkdtemp(join(cache, 'open-'))
    await writeFile(join(absolute, 'open.html'), 'the key', { mode: 0o600 })
    const relative = absolute.slice(folder.length)
    const folders = [
      relative, `/@fs${absolute}`, `/@fs/${absolute}`, relative.replace('.', '%2e'), relative.replace('node', 'NODE'),
      `/.${relative}`, `/x/..${relative}`,
    ]
    const names = [
      'open.html', 'open', 'open.html?raw', 'open.html?import&raw', 'open.html?url&inline', 'open.html?inline&import', 'open.html?t=1',
      'open.html?html-proxy', 'open%2ehtml?raw??',
    ]
    for (const path of folders.flatMap(each => names.map(name => `${each}/${name}`)))
      expect((await ask(visitors['program without the key'], path)).body, path).not.toMatch(/the key|dGhlIGtleQ/)
  })

  it.skipIf(noOtherUser !== '')(`keeps its temporary files from other users${noOtherUser}`, async () => {
    const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
    const { exitCode, stderr } = await execa('setpriv', [...asNobody, 'ls', ownFolder()], { reject: false })
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('Permission denied')
  })

  it('gives its key to no cookie, answer, log or process list', async () => {
    const bodies = await Promise.all(['/', '/@vite/client', '/@server-reactive/nav', '/__slidev/slides/1.json', '/index.html']
      .flatMap(path => Object.values(visitors).map(visitor => ask(visitor, path))))
    expect(JSON.stringify(bodies)).not.toContain(deck.key)
    expect(cookie).not.toContain(deck.key)
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
    const withCookie = { ...visitors['holder of the key in the network'], key: null } // as another server of that host gets it
    expect((await ask(withCookie, '/@server-reactive/nav', { method: 'POST', body: '{}' })).status).toBe(403)
    expect(said.replaceAll(/\S[^\s#]*#\S*key=\S+/g, 'the printed addresses')).not.toContain(deck.key)
    for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name)))
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).not.toContain(deck.key)
  })

  it('takes a WebSocket without Origin for a looker, also when it says that it has a key', async () => {
    for (const key of [null, '', 'x'.repeat(22), deck.key.slice(0, -1)]) {
      const client = await TestClient.open(deck.port, 'helloworld', key)
      client.send({ type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM evil' })
      const answer = await client.until(() => client.heard.find(({ type }) => type === 'refused' || type === 'file'))
      expect(answer.type).toBe('refused')
      client.close()
    }
  })

  it.skipIf(noMount)('refuses an edit while the disk is full, in words that help, and takes it when there is room again', async () => {
    const full = join(temporary, 'full')
    const client = await TestClient.open(deck.port, 'helloworld', deck.key)
    const edit = async (): Promise<unknown> => {
      client.heard.length = 0
      client.send({ type: 'edit', demo: 'helloworld', file: 'helloworld', text: `# ${'가'.repeat(10_000)}` })
      return client.until(() => client.heard.find(({ type }) => type === 'refused' || type === 'file'))
    }
    await execa('sh', ['-c', `cat /dev/zero > '${full}'`], { reject: false })
    expect(await edit()).toMatchObject({
      type: 'refused',
      problem: {
        message: expect.stringContaining('임시 폴더에 남은 공간이 없습니다'),
        hint: expect.stringContaining('TMPDIR'),
        detail: expect.stringContaining('ENOSPC'),
      },
    })
    await rm(full)
    expect(await edit()).toMatchObject({ type: 'file' })
    client.close()
    await expectWell()
  })

  it.skipIf(noLimits)('goes on when it had no descriptor left', async () => {
    const pid = String(deck.process.pid)
    const descriptors = async (): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length
    const client = await TestClient.open(deck.port, 'helloworld', deck.key)
    const limit = await descriptors() + 20
    const { stdout: usual } = await execa('prlimit', ['--pid', pid, '--nofile', '--output=SOFT', '--noheadings'])
    await execa('prlimit', ['--pid', pid, `--nofile=${limit}:`])
    const sockets = Array.from({ length: 100 }, () => connect(deck.port, '127.0.0.1').on('error', () => {}))
    await expect.poll(descriptors).toBeGreaterThanOrEqual(limit - 1)

    client.heard.length = 0
    client.send({ type: 'hello' }) // who is connected stays so
    await client.until(() => client.heard.find(({ type }) => type === 'snapshot'))

    sockets.forEach(socket => socket.destroy())
    await execa('prlimit', ['--pid', pid, `--nofile=${usual.trim()}:`])
    client.close()
    await expectWell()
  })

  it('opens its socket to no page that has not read its token', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${deck.port}/`, 'vite-hmr', { headers: { origin: `http://localhost:${deck.port}` } })
    await expect(once(socket, 'open')).rejects.toThrow()
  })
})

it('does not open where another program has its port on [::1]', async () => {
  const port = await getPort()
  const other = createServer()
  const there = await new Promise<boolean>(resolve => other.once('error', () => resolve(false)).listen(port, '::1', () => resolve(true)))
  if (!there)
    return expect.soft(existsSync('/proc/net/if_inet6')).toBe(false) // no IPv6 on this machine: nobody can be there
  try {
    const options = { cwd: root, preferLocal: true, reject: false, all: true, timeout: 40_000 } as const
    const { exitCode, all } = await execa('node', ['demos/commands/start.ts', '--port', String(port), '--open=false'], options)
    expect(exitCode).toBe(1)
    expect(all).toContain(`${port}번 포트를 이미 다른 프로그램이 쓰고 있습니다.`)
  }
  finally {
    other.close()
  }
})

describe.skipIf(process.platform !== 'linux')('the browser that is opened', () => {
  it('gets a file that only this user reads, and no key among its arguments', async () => {
    const cache = join(root, 'node_modules/.cache')
    await mkdir(cache, { recursive: true })
    const folder = await mkdtemp(join(cache, 'test-browser-'))
    const program = join(folder, 'browser')
    await writeFile(program, `#!/bin/sh
      page="\${1#file://}"
      cp "$page" '${folder}/page'
      stat -c %a "$page" "$(dirname "$page")" > '${folder}/modes'
      echo "$@" > '${folder}/arguments'\n`, { mode: 0o755 })
    const deck = await startDeck({
      args: ['--open=true'],
      env: { BROWSER: program, DISPLAY: '', WAYLAND_DISPLAY: '', XDG_CURRENT_DESKTOP: '', DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    })
    try {
      await expect.poll(() => existsSync(join(folder, 'arguments'))).toBe(true)
      expect(await readFile(join(folder, 'arguments'), 'utf8')).toMatch(/^file:\S+\/open\.html\n$/)
      expect(await readFile(join(folder, 'arguments'), 'utf8')).not.toContain(deck.key)
      expect(await readFile(join(folder, 'modes'), 'utf8')).toBe('600\n700\n')
      expect(await readFile(join(folder, 'page'), 'utf8')).toContain(`http://localhost:${deck.port}/#/1?key=${deck.key}`)
    }
    finally {
      await deck.stop()
      await rm(folder, { recursive: true })
    }
    expect((await readdir(cache)).filter(name => name.startsWith('open-'))).toEqual([])
  })
})
