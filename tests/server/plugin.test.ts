import type { AddressInfo } from 'node:net'
import type { ViteDevServer } from 'vite'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Access } from '../../demos/runtime/server/access.ts'
import { AudienceServer } from '../../demos/runtime/server/audience.ts'
import { demoServer } from '../../demos/runtime/server/plugin.ts'
import { TestClient } from '../support/client.ts'
import { OTHER_ADDRESS } from '../support/network.ts'

describe('a restart of Vite, as saving vite.config.ts makes one', () => {
  const access = new Access()
  const audience = new AudienceServer(OTHER_ADDRESS, 4197, access)
  let root: string
  let server: ViteDevServer
  let port: number

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'docker-basics-restart-'))
    const configFile = join(root, 'vite.config.ts')
    await writeFile(configFile, 'export default {}')
    server = await createServer({
      root,
      configFile,
      logLevel: 'silent',
      optimizeDeps: { noDiscovery: true },
      server: { host: '127.0.0.1', port: 0 },
      plugins: [demoServer(access, audience)],
    })
    await server.listen()
    await audience.open()
    port = (server.httpServer!.address() as AddressInfo).port
  })
  afterAll(async () => {
    await server.close()
    await rm(root, { recursive: true })
  })

  const change = (text: string): object => ({ type: 'edit', demo: 'helloworld', file: 'Dockerfile', text })
  const changed = (client: TestClient): Promise<unknown> => client.until(
    () => client.heard.find(({ type }) => type === 'file' || type === 'refused'),
  )

  it('leaves the session as it is: it keeps what was edited, and takes edits', async () => {
    const before = await TestClient.open(port, 'helloworld', access.key)
    before.send(change('FROM before'))
    expect(await changed(before)).toMatchObject({ type: 'file' })
    await server.restart()
    const after = await TestClient.open(port, 'helloworld', access.key)
    after.send(change('FROM after'))
    expect(await changed(after)).toMatchObject({ type: 'file', text: 'FROM after' })
    expect(after.heard.find(({ type }) => type === 'snapshot')).toMatchObject({
      demos: { helloworld: { files: { Dockerfile: 'FROM before' } } },
    })
    before.close()
    after.close()
  })

  it('leaves the audience connected, and lets others in', async () => {
    const follow = async (): Promise<{ socket: WebSocket, heard: string[] }> => {
      const heard: string[] = []
      const socket = new WebSocket(
        `${audience.address.replace('http', 'ws')}audience`,
        { headers: { origin: audience.address.slice(0, -1) } },
      )
      socket.on('message', data => heard.push(String(data)))
      await once(socket, 'open')
      return { socket, heard }
    }
    const early = await follow()
    await server.restart()
    const late = await follow()
    const lecturer = await TestClient.open(port, 'helloworld', access.key)
    lecturer.send(change('FROM lecturer'))
    for (const { heard } of [early, late])
      await expect.poll(() => heard.filter(message => message.includes('"file"') && message.includes('FROM lecturer'))).toHaveLength(1)
    for (const socket of [early.socket, late.socket, lecturer.socket])
      socket.terminate()
  })

  it('adds no listener to the process\'s signals', async () => {
    const before = process.listenerCount('SIGHUP')
    await server.restart()
    expect(process.listenerCount('SIGHUP')).toBe(before)
  })
})
