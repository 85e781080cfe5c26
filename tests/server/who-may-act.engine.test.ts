import type { ServedDeck } from '../support/deck.ts'
import type { Proxy } from '../support/proxy.ts'
import type { Visitor } from '../support/visitor.ts'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyDeck, giveSite } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'
import { OTHER_ADDRESS } from '../support/network.ts'
import { forward, nginx, withNginx } from '../support/proxy.ts'
import { ask, attempts } from '../support/visitor.ts'

/** The table of the security document: its rows say what, its columns who, and ○ that it works. */
const readme = readFileSync(join(import.meta.dirname, '../../demos/runtime/server/README.md'), 'utf8')
const [[, ...people], , ...rows] = readme
  .split('\n')
  .filter(line => line.startsWith('|'))
  .map(line => line.split('|').slice(1, -1).map(cell => cell.trim().replaceAll('`', ''))) as [string[], string[], ...string[][]]

const root = process.getuid?.() === 0
const withRoot = root ? '' : ' — 건너뜀: root만 다른 사용자가 될 수 있습니다'
const otherUser = join(import.meta.dirname, '../support/other-user.ts')

describe.skipIf(!engine)(`who may do what, as the security document says, with the ${withEngine}:`, () => {
  let slides: string
  let deck: ServedDeck
  let author: ServedDeck
  let lookCookie: string
  const proxies: Partial<Record<'plain' | 'sockets' | 'forwarded', Proxy>> = {}

  const programAt = (port: number, key: string | null): Visitor => ({
    host: '127.0.0.1',
    port,
    headers: { host: `127.0.0.1:${port}` },
    key,
    socket: 'deck',
  })
  const pageAt = (port: number, key: string | null, host = `localhost:${port}`): Visitor => ({
    ...programAt(port, key),
    headers: { host, 'origin': `http://${host}`, 'sec-fetch-site': 'same-origin' },
  })
  const inNetwork = (headers: Record<string, string>, rest: Pick<Visitor, 'key' | 'socket'>): Visitor => ({
    host: OTHER_ADDRESS,
    port: deck.port,
    headers: { host: `${OTHER_ADDRESS}:${deck.port}`, origin: `http://${OTHER_ADDRESS}:${deck.port}`, ...headers },
    ...rest,
  })
  const visitors: Record<string, { skip?: string, visitor: () => Visitor, asOtherUser?: boolean }> = {
    '강의자의 브라우저': { visitor: () => pageAt(deck.port, deck.key) },
    '--author로 연 강의자의 브라우저': { visitor: () => pageAt(author.port, author.key) },
    '네트워크로 온 강의자': { visitor: () => inNetwork({ cookie: lookCookie }, { key: deck.key, socket: 'deck' }) },
    '청중': { visitor: () => inNetwork({}, { key: null, socket: 'audience' }) },
    '열쇠 없는 다른 사용자와 프로그램': { skip: withRoot, asOtherUser: true, visitor: () => programAt(deck.port, null) },
    '다른 사이트의 쪽': { visitor: () => ({ ...programAt(deck.port, null), headers: { 'host': `localhost:${deck.port}`, 'origin': 'http://evil.example', 'sec-fetch-site': 'cross-site' } }) },
    '열쇠 없는 프록시': { skip: withNginx, visitor: () => ({ ...programAt(proxies.sockets!.port, null), headers: { host: 'deck.school.example' } }) },
    '열쇠 있는 프록시': { skip: withNginx, visitor: () => ({ ...programAt(proxies.sockets!.port, deck.key), headers: { host: 'deck.school.example', origin: 'http://deck.school.example' } }) },
    '열쇠 있는 ssh -L': { visitor: () => pageAt(proxies.forwarded!.port, deck.key) },
  }

  beforeAll(async () => {
    slides = await copyDeck('---\nmcp: false\nmonaco: false\n---\n\n# 하나\n\n---\n\n# 둘\n')
    const folder = dirname(slides)
    await chmod(folder, 0o755)
    await giveSite(folder)
    await writeFile(join(folder, 'editor.sh'), `#!/bin/sh\ntouch '${folder}/opened'\n`, { mode: 0o755 })
    const env = { LAUNCH_EDITOR: join(folder, 'editor.sh') } // what the endpoint of Vite's would start
    deck = await startDeck({ folder, env, args: ['--remote', '--host', OTHER_ADDRESS] })
    author = await startDeck({ folder, env, args: ['--author'] })
    const { headers } = await ask(inNetwork({}, { key: deck.key, socket: 'audience' }), '/presenter', { method: 'POST' })
    lookCookie = headers['set-cookie']![0]!.split(';')[0]!
    proxies.forwarded = await forward(deck.port)
    if (withNginx === '')
      Object.assign(proxies, { plain: await nginx(deck.port), sockets: await nginx(deck.port, { sockets: true }) })
  }, 120_000)
  afterAll(async () => {
    await Promise.all([...Object.values(proxies).map(proxy => proxy.close()), deck?.stop(), author?.stop()])
    await rm(dirname(slides), { recursive: true })
  })

  it('the table has a row for all that is tried, and a column for all who try', () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(attempts))
    expect(people).toEqual(Object.keys(visitors))
    expect(rows.flatMap(([, ...cells]) => cells).filter(cell => cell !== '○' && cell !== '–')).toEqual([])
    expect(rows.every(cells => cells.length === people.length + 1)).toBe(true)
  })

  describe.each(people)('%s', (who) => {
    const { skip = '', visitor, asOtherUser = false } = visitors[who]!
    it.skipIf(skip !== '').each(rows.map(cells => [cells[0]!, cells[people.indexOf(who) + 1]!]))(`%s: %s${skip}`, async (what, cell) => {
      const seed = Math.floor(Math.random() * 90_000) + 1000
      const slidesBefore = await readFile(slides, 'utf8')
      const editorBefore = existsSync(join(dirname(slides), 'opened'))
      const worked = asOtherUser
        ? (await execa(process.execPath, [otherUser, JSON.stringify([visitor(), what, seed])])).stdout === 'true'
        : await attempts[what]!(visitor(), seed)
      expect(worked).toBe(cell === '○')
      expect(await readFile(slides, 'utf8') !== slidesBefore).toBe(what === '슬라이드 고치기' && cell === '○')
      await setTimeout(200) // an editor starts after the answer
      expect(existsSync(join(dirname(slides), 'opened'))).toBe(editorBefore || (what === '컨테이너 밖에서 프로그램 실행' && cell === '○'))
      await rm(join(dirname(slides), 'opened'), { force: true })
    })
  })

  it.each(rows.map(([what]) => what!))('a page elsewhere whose browser does not tell whence it asks may not either: %s', async (what) => {
    const { headers: { 'sec-fetch-site': _, ...headers }, ...rest } = visitors['다른 사이트의 쪽']!.visitor()
    expect(await attempts[what]!({ ...rest, headers }, 79)).toBe(false)
  })

  it.skipIf(withNginx !== '')(`an nginx with nothing but proxy_pass shows the page, and lets no program act without the key${withNginx}`, async () => {
    const visitor = { ...programAt(proxies.plain!.port, null), headers: { host: 'deck.school.example' } }
    for (const path of ['/', '/@vite/client', '/__uno.css', '/@server-reactive/nav', '/__slidev/slides/1.json'])
      expect((await ask(visitor, path)).status, path).toBe(200)
    expect(await attempts['강의의 쪽 옮기기']!(visitor, 77)).toBe(false)
    expect(await attempts['강의의 쪽 옮기기']!({ ...visitor, key: deck.key }, 78)).toBe(true)
    expect(await attempts['컨테이너의 셸']!({ ...visitor, key: deck.key }, 0)).toBe(false) // it passes no WebSocket on
  })
})
