import type { AddressInfo } from 'node:net'
import type { ViteDevServer } from 'vite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { Access } from '../../demos/runtime/server/access.ts'
import { MOST_WAITING } from '../../demos/runtime/server/clients.ts'
import { demoServer } from '../../demos/runtime/server/plugin.ts'
import { TestClient } from '../support/client.ts'
import { engine, withEngine } from '../support/engine.ts'

const access = new Access()
let root: string
let server: ViteDevServer
let port: number
const clients: TestClient[] = []
const join20 = async (count: number): Promise<TestClient[]> => Promise.all(Array.from({ length: count }, () => client(true)))

async function client(audience: boolean): Promise<TestClient> {
  const opened = await TestClient.open(port, 'helloworld', audience ? null : access.key)
  clients.push(opened)
  return opened
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'docker-basics-clients-'))
  server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0 },
    plugins: [demoServer(access)],
  })
  await server.listen()
  port = (server.httpServer!.address() as AddressInfo).port
})
afterEach(() => clients.splice(0).forEach(each => each.close()))
afterAll(async () => {
  await server.close()
  await rm(root, { recursive: true })
})

describe.skipIf(!engine)(`a run on the ${withEngine}`, () => {
  afterAll(() => clean(engine!.api))

  it('is heard whole and in order by 20 clients, and by one that joins late', async () => {
    const lecturer = await client(false)
    const audience = await join20(20)
    lecturer.send({
      type: 'edit',
      demo: 'helloworld',
      file: 'helloworld',
      text: '#!/bin/sh\necho "Hello, World!"\nfor i in $(seq 40); do seq $i; sleep 0.02; done\n',
    })
    lecturer.send({ type: 'run', demo: 'helloworld', after: null })
    await lecturer.until(() => lecturer.events.find(event => event.type === 'output' && event.step === 1))
    const late = await client(true)
    await Promise.all([lecturer, late, ...audience].map(each => each.until(() => each.events.find(({ type }) => type === 'run-ended'))))

    expect(lecturer.events.at(-1)).toMatchObject({ outcome: 'passed' })
    for (const each of audience)
      expect(each.events).toEqual(lecturer.events)
    const snapshot = late.heard.find(message => message.type === 'snapshot')!
    expect(late.events.length).toBeGreaterThan(0)
    expect(late.events.length).toBeLessThan(lecturer.events.length)
    expect(late.events.reduce(reduce, snapshot.demos.helloworld!.state)).toEqual(lecturer.events.reduce(reduce, idleRun(2)))
  })
})

describe('a client that takes less than it is told', () => {
  it('costs the server little memory, delays nobody, and gets the last state when it is back', async () => {
    const [quick, slow] = [await client(true), await client(true)]
    let lecturer = await client(false)
    slow.socket.pause()
    const waiting = (): number => Math.max(...[...server.ws.clients].map(({ socket }) => socket.bufferedAmount))
    let most = 0
    const count = 300
    const text = (index: number): string => `#!/bin/sh\n# ${'x'.repeat(60_000)} ${index}\n`
    for (let index = 1; index <= count; index++) {
      if (index % 50 === 0)
        lecturer = await client(false) // one client may not send that much
      lecturer.send({ type: 'edit', demo: 'helloworld', file: 'helloworld', text: text(index) })
      await quick.until(() => quick.heard.filter(({ type }) => type === 'file').length >= index || undefined)
      most = Math.max(most, waiting())
    }
    expect(most).toBeGreaterThan(MOST_WAITING / 2) // it did fall behind
    expect(most).toBeLessThan(MOST_WAITING + 100_000)

    slow.socket.resume()
    const state = await slow.until(() => slow.heard.filter(message => message.type === 'snapshot')[1])
    expect(state.demos.helloworld!.files.helloworld).toBe(text(count))
    const heard = slow.heard.filter(({ type }) => type === 'file')
    expect(heard.length).toBeLessThan(count)
    lecturer.send({ type: 'reset', demo: 'helloworld', file: 'helloworld' })
    await slow.until(() => slow.heard.filter(({ type }) => type === 'file').length > heard.length || undefined)
  })
})
