import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compressedFiles } from '../../demos/runtime/server/compressed-files.ts'

const script = 'export const x = 1\n'.repeat(10_000)
let folder: string
let base: string
const server = createServer()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docker-basics-packed-'))
  await mkdir(join(folder, 'site/assets'), { recursive: true })
  await writeFile(join(folder, 'secret.js'), 'secret')
  await writeFile(join(folder, 'site/assets/index-1a2b.js'), script)
  const files = compressedFiles(join(folder, 'site'))
  server.on('request', (request, response) => files(request, response, () => response.writeHead(404).end()))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

it('a script goes out packed to who takes that, and is the same when it is unpacked', async () => {
  const response = await fetch(`${base}/assets/index-1a2b.js?x`, { headers: { 'accept-encoding': 'gzip, br' } })
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-encoding': 'br', 'content-type': 'text/javascript; charset=utf-8' })
  expect(Number(response.headers.get('content-length'))).toBeLessThan(script.length / 20)
  expect(await response.text()).toBe(script)
})

it.each([
  ['who takes no packed files', '/assets/index-1a2b.js', { 'accept-encoding': 'identity' }],
  ['who asks for a part', '/assets/index-1a2b.js', { 'accept-encoding': 'br', 'range': 'bytes=0-3' }],
  ['a file that there is not', '/assets/none.js', { 'accept-encoding': 'br' }],
  ['a file outside of the folder', '/assets/..%2f..%2fsecret.js', { 'accept-encoding': 'br' }],
  ['a file of another kind', '/assets/picture.png', { 'accept-encoding': 'br' }],
])('%s is left to the plain files', async (_, path, headers) => {
  expect((await fetch(`${base}${path}`, { headers })).status).toBe(404)
})
