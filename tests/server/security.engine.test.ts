import type { AddressInfo } from 'node:net'
import type { ViteDevServer } from 'vite'
import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import type { Catalogue } from '../../demos/runtime/run/catalogue.ts'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { exec } from '../../demos/runtime/engine/exec.ts'
import { Spawner } from '../../demos/runtime/engine/spawn.ts'
import { SHELL_TO_CLIENT, SHELL_TO_SERVER } from '../../demos/runtime/model/messages.ts'
import { encode } from '../../demos/runtime/model/recording.ts'
import { clientMessageSchema } from '../../demos/runtime/model/schema.ts'
import { Redactor } from '../../demos/runtime/run/redact.ts'
import { Run } from '../../demos/runtime/run/run.ts'
import { Access } from '../../demos/runtime/server/access.ts'
import { demoServer } from '../../demos/runtime/server/plugin.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { TestClient } from '../support/client.ts'
import { cli, engine, withCli, withEngine } from '../support/engine.ts'

describe('the deck\'s server', () => {
  let root: string
  let server: ViteDevServer
  let port: number
  const access = new Access()
  const written: string[] = []

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'docker-basics-security-'))
    server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      optimizeDeps: { noDiscovery: true },
      server: { host: '127.0.0.1', port: 0 },
      plugins: [demoServer(access), {
        name: 'slidev-like', // takes whatever is written to it, as Slidev's notes and state do
        configureServer: ({ middlewares }) => void middlewares.use(
          '/__slidev/slides/1.json',
          (_, response) => void response.end(String(written.push('written'))),
        ),
      }],
    })
    await server.listen()
    port = (server.httpServer!.address() as AddressInfo).port
  })
  afterAll(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  async function ask(path: string, method: string, headers: Record<string, string>) {
    const [response] = await once(
      request({ host: '127.0.0.1', port, path, method, headers: { host: `localhost:${port}`, ...headers } }).end(),
      'response',
    )
    return {
      status: response.statusCode as number,
      headers: response.headers as Record<string, string | undefined>,
      body: await text(response),
    }
  }

  it.each([
    ['another site', { 'origin': 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another server on this machine', { 'origin': 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
    ['a frame without an origin', { 'origin': 'null', 'sec-fetch-site': 'cross-site' }],
    ['a form that tells nothing but its site', { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' }],
    ['a name that is rebound to this machine', { host: 'evil.example' }],
    ['a proxy', { 'x-forwarded-for': '192.0.2.1' }],
  ])('lets %s write nothing, open no editor and read nothing', async (_, headers) => {
    expect((await ask('/__slidev/slides/1.json', 'POST', headers)).status).toBe(403)
    expect((await ask('/__open-in-editor?file=package.json', 'GET', headers)).status).toBe(403)
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await ask('/@vite/client', method, headers)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(written).toEqual([])
  })

  it('cannot be put into a frame of another page', async () => {
    expect((await ask('/@vite/client', 'GET', {})).headers['x-frame-options']).toBe('SAMEORIGIN')
  })

  it.each([
    ['a page elsewhere, which has no token', { headers: { origin: 'https://evil.example' } }],
    ['a name that is rebound to this machine', { headers: { host: 'evil.example' } }],
    ['that name, with its own origin', { headers: { host: 'evil.example', origin: 'http://evil.example' } }],
  ])('does not let %s connect', async (_, options) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'vite-hmr', options)
    await expect(once(socket, 'open')).rejects.toThrow()
  })

  it('refuses the audience every message of a presenter, and opens it no shell', async () => {
    const [audience, other] = await Promise.all([
      TestClient.open(port, 'helloworld', null),
      TestClient.open(port, 'helloworld', access.key),
    ])
    const all: string[] = []
    audience.socket.on('message', data => all.push(String(data)))
    const asks = [
      { type: 'run', demo: 'helloworld', after: null },
      { type: 'advance', demo: 'helloworld', after: null, upTo: 0 },
      { type: 'stop', demo: 'helloworld', run: 'x' },
      { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM evil' },
      { type: 'reset', demo: 'helloworld', file: 'Dockerfile' },
      { type: 'show', demo: 'helloworld', recorded: true },
      {
        type: 'open-poll',
        demo: 'helloworld',
        step: 'run',
        page: 1,
        question: '무엇이 나올까?',
        answers: ['가', '나'],
      },
      { type: 'close-poll', poll: 'x' },
      { type: 'settle-poll', poll: 'x', outcome: { answer: 0 } },
      { type: 'clean', demo: 'helloworld' },
      { type: 'clean-all' },
      { type: 'reset-all' },
      { type: 'ledger' },
      { type: 'runDoctor' },
    ]
    expect(asks.map(({ type }) => type).sort()).toEqual(clientMessageSchema.options
      .map(({ shape }) => shape.type.value)
      .filter(type => type !== 'hello')
      .sort())
    for (const data of [{ type: 'open', demo: 'helloworld', columns: 80, rows: 24 }, { type: 'input', text: 'id\n' }])
      audience.socket.send(JSON.stringify({ type: 'custom', event: SHELL_TO_SERVER, data }))
    for (const each of asks)
      audience.send(each)
    await audience.until(() => audience.heard.filter(({ type }) => type === 'refused').length === asks.length || undefined)
    expect(all.filter(message => message.includes(SHELL_TO_CLIENT) && !message.includes('refused'))).toEqual([])
    expect(other.heard.filter(({ type }) => !['snapshot', 'engine'].includes(type))).toEqual([])
    audience.close()
    other.close()
  })

  it('cuts off a client that sends 10,000 messages at once, and serves the others', async () => {
    const [flooder, other] = await Promise.all([TestClient.open(port, 'helloworld', null), TestClient.open(port, 'helloworld', access.key)])
    flooder.socket.on('error', () => {})
    const closed = once(flooder.socket, 'close')
    for (let count = 0; count < 10_000; count++)
      flooder.send({ type: 'hello' })
    await closed
    expect(flooder.heard.length).toBeLessThan(2000)
    const before = other.heard.length
    other.send({ type: 'hello' })
    await other.until(() => other.heard[before], 5000)
    other.close()
  })

  it('cuts off a client in the middle of a message of 64 MB', async () => {
    const client = await TestClient.open(port, 'helloworld', null)
    client.socket.on('error', () => {})
    const closed = once(client.socket, 'close')
    const { heapUsed } = process.memoryUsage()
    client.socket.send(Buffer.alloc(64 * 1024 ** 2, 'x'))
    await closed
    expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(32 * 1024 ** 2)
  })

  it('ignores what it cannot read, and names what is malformed to its sender alone', async () => {
    const [strange, other] = await Promise.all([
      TestClient.open(port, 'helloworld', access.key),
      TestClient.open(port, 'helloworld', access.key),
    ])
    const asks = [null, 7, '', 'run', [], {}, { type: 'run' }, {
      type: 'run',
      demo: '../../etc',
      after: null,
    }, {
      type: 'run',
      demo: 'helloworld',
      after: null,
      command: ['id'],
    }, {
      type: 'edit',
      demo: 'helloworld',
      file: 'x'.repeat(300),
      text: '',
    }, { type: 'constructor' }, { type: '__proto__', demo: 'helloworld' }]
    for (const each of ['', '{', 'null', '[]', '{"type":"custom"}', '{"type":"custom","event":"nope","data":1}', '\u0000'])
      strange.socket.send(each)
    for (const each of asks)
      strange.send(each as object)
    await strange.until(() => strange.heard.filter(({ type }) => type === 'refused').length === asks.length || undefined)
    expect(other.heard.filter(({ type }) => !['snapshot', 'engine'].includes(type))).toEqual([])
    strange.close()
    other.close()
  })
})

describe('what the deck sends and records', () => {
  const secrets = {
    token: 'ghp_5ecretOfTheLecturer',
    password: 'pa55word-of-kim',
    proxy: 'proxyuser:proxypass',
    canary: 'canary-of-the-environment',
  }
  let home: string
  const before = { ...process.env }

  beforeAll(async () => {
    home = join(await mkdtemp(join(tmpdir(), 'ch01-home-')), 'home', 'kim-lecturer')
    await mkdir(join(home, '.docker'), { recursive: true })
    await writeFile(
      join(home, '.docker', 'config.json'),
      JSON.stringify({ auths: { 'registry.example': { auth: Buffer.from(`kim:${secrets.password}`).toString('base64') } } }),
    )
    Object.assign(process.env, {
      HOME: home,
      SOME_TOKEN: secrets.token,
      AUTH_HOST: 'localhost',
      HTTPS_PROXY_OF_THE_HALL: `http://${secrets.proxy}@proxy.example:3128`,
      LECTURE_CANARY: secrets.canary,
    })
  })
  afterAll(async () => {
    process.env = before
    await rm(join(home, '../..'), { recursive: true })
  })

  /** Opens a deck whose demo has one step, and gives all that its clients hear once `done` holds. */
  async function hear(command: [string, ...string[]] | null, done: (heard: ServerMessage[]) => boolean): Promise<ServerMessage[]> {
    const heard: ServerMessage[] = []
    const catalogue: Catalogue = new Map([[
      'helloworld',
      { demo: { title: '시험', files: [], baseImages: [], steps: [{ id: 'one', title: '하나', command: command ?? ['true'] }] } },
    ]])
    const session = await Session.open(catalogue, { broadcast: message => void heard.push(message) })
    const client = { role: 'lecturer' as const, send: (message: ServerMessage) => void heard.push(message) }
    await session.receive(client, { type: 'hello' })
    if (command)
      await session.receive(client, { type: 'run', demo: 'helloworld', after: null })
    await expect.poll(() => done(heard), { timeout: 20_000 }).toBe(true)
    await session.close()
    return heard
  }
  const eventsOf = (heard: ServerMessage[]): RunEvent[] => heard.flatMap(message => message.type === 'events' ? message.events : [])
  const ended = (heard: ServerMessage[]): boolean => eventsOf(heard).some(({ type }) => type === 'run-ended')

  function expectNoSecret(sent: string): void {
    for (const secret of [
      home,
      'kim-lecturer',
      secrets.token,
      secrets.password,
      secrets.proxy,
      Buffer.from(`kim:${secrets.password}`).toString('base64'),
    ])
      expect(sent).not.toContain(secret)
  }

  it.skipIf(!cli)(`holds no home and no user name when the engine's socket lies there${withCli}`, async () => {
    const host = process.env.DOCKER_HOST
    process.env.DOCKER_HOST = `unix://${home}/.docker/run/docker.sock`
    try {
      const heard = JSON.stringify(await hear(null, all => all.some(({ type }) => type === 'engine')))
      expect(heard).toContain('~/.docker/run/docker.sock')
      expectNoSecret(heard)
    }
    finally {
      if (host === undefined)
        delete process.env.DOCKER_HOST
      else
        process.env.DOCKER_HOST = host
    }
  })

  it('holds a secret in no piece, wherever the pieces are cut', () => {
    const whole = `a ${home}/x ${secrets.token}${secrets.token} ${secrets.proxy} /tmp/ ghp_ ${home.slice(0, -1)}`
    for (const size of [1, 2, 3, 7, 1000]) {
      let out = ''
      const { push, end } = new Redactor(process.env).stream(piece => void (out += piece))
      for (let at = 0; at < whole.length; at += size)
        push(whole.slice(at, at + size), 0)
      end()
      expect(out).toBe(`a ~/x •••••• ••• /tmp/ ghp_ ${home.slice(0, -1)}`)
    }
  })

  it('holds no piece of a secret beside a gap in a flood', async () => {
    const spawner = new Spawner()
    const events: RunEvent[] = []
    const isGap = (event: RunEvent): boolean => event.type === 'output' && (event.omitted ?? 0) > 0
    const enough = join(home, 'enough')
    // In pieces of odd lengths and with pauses, so that secrets are cut by every kind of edge: of the head, of a batch, of the tail;
    // until there have been some gaps, however fast this machine is.
    const script = `const text = ${JSON.stringify(`${secrets.token} ${home}|`)}.repeat(40000); let at = 0
      const write = () => {
        for (let piece = 0; piece < 40 && at < text.length; piece++, at += 1013)
          process.stdout.write(text.slice(at, at + 1013))
        if (at >= text.length && !require('fs').existsSync(${JSON.stringify(enough)}))
          at = 0
        if (at < text.length)
          setTimeout(write, 1)
      }
      write()`
    await new Run({
      id: 'r',
      demoId: 'flood',
      demo: { title: '시험', files: [], baseImages: [], steps: [{ id: 'one', title: '하나', command: [process.execPath, '-e', script] }] },
      onEvent: (event) => {
        events.push(event)
        if (events.filter(isGap).length > 1)
          writeFileSync(enough, '')
      },
      engine: {
        patience: 1,
        files: () => ({}),
        version: { engine: 'none', builder: null, platform: 'linux/amd64' },
        label: args => ({ args: [...args], added: [0, 0] }),
        skips: async () => null,
        exec: (args, options) => exec(args, { ...options, cwd: tmpdir(), env: process.env, spawner }),
        redactStream: sink => new Redactor(process.env).stream(sink),
        write: async () => {},
        sweep: async () => {},
        explain: () => null,
      },
    }).ended
    await spawner.close()
    const outputs = events.filter(event => event.type === 'output')
    expect(outputs.filter(isGap).length).toBeGreaterThan(1)
    for (const { text } of outputs)
      expect(text).toMatch(/^[•~ |]*$/)
    expect(outputs.at(-1)!.text.endsWith('••• ~|')).toBe(true)
  })

  describe.skipIf(!engine)(`from the ${withEngine}`, () => {
    it('holds nothing of the environment that no step prints', async () => {
      const heard = await hear(['docker', 'version'], ended)
      expect(eventsOf(heard).find(({ type }) => type === 'step-ended')).toMatchObject({ exitCode: 0 })
      const sent = JSON.stringify(heard) + encode('시험', [{ id: 'one', title: '하나', command: ['docker', 'version'] }], eventsOf(heard))
      expectNoSecret(sent)
      expect(sent).not.toContain(secrets.canary)
    })

    it('holds no credential even when a step prints its whole environment and its home', async () => {
      const heard = await hear(['sh', '-c', 'env; cat ~/.docker/config.json; echo end of it'], ended)
      const sent = JSON.stringify(heard) + encode('시험', [{ id: 'one', title: '하나', command: ['env'] }], eventsOf(heard))
      expect(sent).toContain('SOME_TOKEN=•••')
      expect(sent).toContain('HOME=~')
      expect(sent).toContain('AUTH_HOST=localhost') // no secret
      expect(sent).toContain('end of it')
      expectNoSecret(sent)
    })
  })
})
