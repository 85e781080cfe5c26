import type { AddressInfo, Server } from 'node:net'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it } from 'vitest'
import { inspectImage } from '../../demos/runtime/engine/api.ts'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { transportOf } from '../../demos/runtime/engine/transports.ts'
import { cli, engine, withCli, withEngine } from '../support/engine.ts'

const env = (): NodeJS.ProcessEnv => process.env

async function listen(server: Server, path?: string): Promise<string> {
  path === undefined ? server.listen(0, '127.0.0.1') : server.listen(path)
  await once(server, 'listening')
  return path === undefined ? `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` : `unix://${path}`
}

const socket = engine?.host?.startsWith('unix://') ? engine.host.slice('unix://'.length) : null
const noSocket = engine === null ? withEngine : socket === null ? '건너뜀: 엔진이 소켓으로 답하지 않습니다.' : null

describe.skipIf(noSocket !== null)(`the same engine${noSocket === null ? '' : ` — ${noSocket}`}`, () => {
  it('is reached by its socket, a plain TCP port, and the docker CLI', async () => {
    const proxy = createServer((client) => {
      const server = connect(socket!)
      client.pipe(server).pipe(client)
      client.on('error', () => server.destroy())
      server.on('error', () => client.destroy())
    })
    const tcp = await listen(proxy)
    try {
      const plain = await connectEngine({ env: { ...process.env, DOCKER_HOST: tcp } })
      expect(plain).toMatchObject({ host: tcp, isLocal: false, version: engine!.version })
      const { Id: id } = (await inspectImage(engine!.api, 'busybox:stable'))!
      for (const api of [plain.api, transportOf({ host: tcp, tls: true, env: () => plain.env }, 5000)])
        expect(await inspectImage(api, 'busybox:stable')).toMatchObject({ Id: id })
      expect(await inspectImage(plain.api, 'no-such-image:latest')).toBeNull()
    }
    finally {
      proxy.close()
    }
  })

  it('answers each of many requests whole that the docker CLI hands over', async () => {
    const api = transportOf({ host: null, tls: true, env: () => process.env }, 30_000)
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 12 }, () => api.request('GET', '/system/df')))
      for (const { status, body } of answers)
        expect([status, typeof JSON.parse(body)]).toEqual([200, 'object'])
    }
  })
})

describe('an engine that is away', () => {
  const away = { problem: { message: '도커 엔진에 연결할 수 없습니다.', hint: expect.stringMatching(/\S/) } }

  it('is named as such over a socket that is not there', async () => {
    const api = transportOf({ host: 'unix:///nowhere/docker.sock', tls: false, env }, 5000)
    await expect(api.request('GET', '/_ping')).rejects.toMatchObject(away)
    await expect(api.hijack('/containers/x/attach')).rejects.toMatchObject(away)
  })

  it.skipIf(!cli)(`is named as such by the docker CLI, with the CLI's own words${withCli}`, async () => {
    const host = 'tcp://127.0.0.1:1'
    const api = transportOf({ host, tls: true, env: () => ({ ...process.env, DOCKER_HOST: host, DOCKER_TLS_VERIFY: '' }) }, 5000)
    await expect(api.request('GET', '/_ping')).rejects.toMatchObject({ problem: {
      ...away.problem,
      detail: expect.stringContaining('127.0.0.1:1'),
    } })
  })

  it('is given up on when it takes a request and does not answer', async () => {
    const path = join(tmpdir(), `ch01-silent-${process.pid}.sock`)
    const server = createServer(() => {})
    const api = transportOf({ host: await listen(server, path), tls: false, env }, 5000)
    const start = performance.now()
    await expect(api.request('GET', '/_ping', { timeoutMs: 200 })).rejects.toThrow('도커 엔진이 응답하지 않습니다.')
    expect(performance.now() - start).toBeLessThan(4000)
    server.close()
    await rm(path, { force: true })
  })
})
