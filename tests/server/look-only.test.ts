import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { lookOnly } from '../../demos/runtime/server/doors.ts'
import { ask } from '../support/visitor.ts'

it('a server for a browser of ours shows its files to whoever finds it, whatever range they want, and does nothing for them', async () => {
  const root = await mkdtemp(join(tmpdir(), 'docker-basics-look-'))
  await writeFile(join(root, 'page.txt'), 'a page')
  const done: string[] = []
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0 },
    plugins: [{
      name: 'slidev-like',
      configureServer: ({ middlewares, ws }) => {
        middlewares.use('/__slidev/slides/1.json', (_, response) => void response.end(String(done.push('slide'))))
        middlewares.use('/@server-reactive/nav', (_, response) => void response.end(String(done.push('nav'))))
        ws.on('connection', socket => socket.on('message', data => done.push(String(data))))
      },
    }, lookOnly()],
  })
  try {
    await server.listen()
    const { port } = server.httpServer!.address() as AddressInfo
    const visitor = { host: '127.0.0.1', port, headers: { host: `localhost:${port}` }, key: 'any', socket: 'deck' as const }
    expect((await ask(visitor, '/page.txt')).body).toBe('a page')
    for (const [range, status, body] of [
      ['bytes=2-3', 206, 'pa'],
      ['bytes=9-', 416, ''],
      ['bytes=3-2', 200, 'a page'],
      ['bytes=-2', 200, 'a page'],
      ['bytes=0-99999999999999999999', 200, 'a page'],
    ] as const) {
      const answer = await ask({ ...visitor, headers: { ...visitor.headers, range } }, '/page.txt')
      expect([answer.status, answer.body], range).toEqual([status, body])
    }
    for (const path of ['/__slidev/slides/1.json', '/@server-reactive/nav', '/page.txt'])
      expect((await ask(visitor, path, { method: 'POST', body: '{}' })).status).toBe(403)
    expect((await ask(visitor, '/__open-in-editor?file=page.txt')).status).toBe(403)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'vite-hmr')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'custom', event: 'slidev:monaco-write', data: { file: 'page.txt', content: '' } }))
    await setTimeout(300)
    socket.terminate()
    expect(done).toEqual([])
  }
  finally {
    await server.close()
    await rm(root, { recursive: true })
  }
})
