import type { AddressInfo, Socket } from 'node:net'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { limitConnections, LIMITS, oneByOne } from '../../demos/runtime/server/limits.ts'
import { staticFiles } from '../../demos/runtime/server/static-files.ts'

const MEBIBYTE = 1024 ** 2
/** Answered as Vite answers, whose file server pipes and does not look back. */
const PIPED = '/piped'
const linux = process.platform === 'linux'
let folder: string
let port: number
const server = createServer()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ch01-files-'))
  await mkdir(join(folder, 'site', '.git'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'site', '.git', 'config'), 'secret')
  await writeFile(join(folder, 'site', 'digits.txt'), '0123456789')
  await writeFile(join(folder, 'site', 'large.bin'), Buffer.alloc(16 * MEBIBYTE))
  const files = staticFiles(join(folder, 'site'))
  const take = oneByOne()
  server.on('request', (request, response) => take(request, response, () => {
    if (request.url === PIPED)
      return void createReadStream(join(folder, 'site', 'large.bin')).pipe(response)
    files(request, response, () => response.writeHead(404).end())
  }))
  limitConnections(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers })
const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length

async function socket(): Promise<Socket> {
  const opened = connect(port, '127.0.0.1').on('error', () => {})
  await once(opened, 'connect')
  return opened
}

it.each([
  ['bytes=2-5', 206, '2345'],
  ['bytes=-3', 206, '789'],
  ['bytes=5-2', 416, null],
  ['bytes=7-', 206, '789'],
  ['bytes=20-30', 416, null],
  ['bytes=a-b', 200, '0123456789'],
  ['bytes=0-0,5-5', 200, '0123456789'],
  ['bytes=0-99999999999999999999999999', 206, '0123456789'],
])('answers the range %s', async (range, status, body) => {
  const response = await get('/digits.txt', { range })
  expect(response.status).toBe(status)
  if (body !== null)
    expect(await response.text()).toBe(body)
})

it.each([
  '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/.git/config', '/', '/nothing', '/%',
  '/%00', '//etc/passwd',
])('gives nothing for %s', async (path) => {
  const raw = await socket()
  raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  let answer = ''
  raw.on('data', data => answer += String(data))
  await once(raw, 'close')
  expect(answer).toMatch(/^HTTP\/1.1 404/)
  expect(answer).not.toContain('secret')
})

it.skipIf(!linux).each(['/large.bin', PIPED])('closes the file of each of 200 downloads of %s that were left off', async (path) => {
  const before = await descriptors()
  for (let count = 0; count < 200; count++) {
    const raw = await socket()
    raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(raw, 'data')
    raw.destroy()
  }
  await expect.poll(descriptors).toBeLessThan(before + 10)
})

it.skipIf(!linux)('opens one file for a connection that asks for one many times and never reads, and lets it go when it asks for more', async () => {
  const before = await descriptors()
  const ask = 'GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n'
  const patient = await socket()
  patient.pause()
  patient.write(ask.repeat(LIMITS.waitingPerConnection))
  const greedy = await Promise.all(Array.from({ length: 20 }, socket))
  greedy.forEach(each => each.pause().write(ask.repeat(1000)))
  await new Promise(resolve => setTimeout(resolve, 500))
  expect(await descriptors()).toBeLessThan(before + 2 * 21 + 20 + 10)
  greedy.forEach(each => each.resume())
  await Promise.all(greedy.map(each => each.closed || once(each, 'close')))
  patient.destroy()
  await expect.poll(descriptors).toBeLessThan(before + 10)
  expect(await (await get('/digits.txt')).text()).toBe('0123456789')
})

it('answers requests that come at once in their order', async () => {
  const raw = await socket()
  raw.write(['2-2', '5-5', '8-8'].map(range => `GET /digits.txt HTTP/1.1\r\nHost: x\r\nRange: bytes=${range}\r\n${range === '8-8' ? 'Connection: close\r\n' : ''}\r\n`).join(''))
  let answer = ''
  raw.on('data', data => answer += String(data))
  await once(raw, 'close')
  expect(answer.match(/\r\n\r\n\d/g)?.join('').replaceAll(/\s/g, '')).toBe('258')
})

it('has room for a school behind one address, and no more', async () => {
  const all: Socket[] = []
  while (all.length < LIMITS.connectionsPerAddress + 20) // no more at once than wait to be accepted
    all.push(...await Promise.all(Array.from({ length: 20 }, socket)))
  all.forEach(each => each.resume())
  await expect.poll(() => all.filter(({ destroyed, closed }) => destroyed || closed).length).toBeGreaterThanOrEqual(20)
  expect(all.filter(({ destroyed }) => !destroyed).length).toBeGreaterThanOrEqual(300 * 7)
  all.forEach(each => each.destroy())
  await expect.poll(() => get('/digits.txt').then(({ status }) => status, () => null)).toBe(200)
})
