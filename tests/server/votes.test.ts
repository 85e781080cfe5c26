import type { ViteDevServer } from 'vite'
import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import getPort from 'get-port'
import { createServer } from 'vite'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { Access } from '../../demos/runtime/server/access.ts'
import { AudienceServer } from '../../demos/runtime/server/audience.ts'
import { demoServer } from '../../demos/runtime/server/plugin.ts'
import { Polls } from '../../demos/runtime/server/polls.ts'
import { forgetVotes, lastVotes } from '../../demos/runtime/server/vote-log.ts'
import { TestClient } from '../support/client.ts'
import { OTHER_ADDRESS } from '../support/network.ts'

type Told = Extract<ServerMessage, { type: 'poll' | 'snapshot' }>

const access = new Access()
const question = { demo: 'shared-kernel', step: 'container-kernel', page: 21, question: '커널은?', answers: ['같다', '다르다', '커널이 없다'] }
let state: string
let root: string
let vite: ViteDevServer
let audience: AudienceServer
let lecturer: TestClient

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'docker-basics-state-'))
  vi.stubEnv('XDG_STATE_HOME', state)
  root = await mkdtemp(join(tmpdir(), 'docker-basics-votes-'))
  await writeFile(join(root, 'index.html'), '<!doctype html>')
  const port = await getPort()
  audience = new AudienceServer(OTHER_ADDRESS, port, access)
  vite = await createServer({
    configFile: false,
    root,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port, strictPort: true },
    plugins: [demoServer(access, audience)],
  })
  await vite.listen()
  await audience.open()
  lecturer = await TestClient.open(port, 'helloworld', access.key)
})
afterAll(async () => {
  lecturer.close()
  await vite.close()
  await Promise.all([root, state].map(folder => rm(folder, { recursive: true })))
})

/** What a page knows of the poll by what it was told last. */
function toldLast(heard: readonly ServerMessage[]): Told | undefined {
  return heard.findLast(({ type }) => type === 'poll' || type === 'snapshot') as Told | undefined
}
const poll = () => toldLast(lecturer.heard)?.poll

async function follow(browser: string | null = randomBytes(16).toString('base64url')) {
  const socket = new WebSocket(`${audience.address.replace('http', 'ws')}audience${browser === null ? '' : `?browser=${browser}`}`, {
    headers: { origin: audience.address.slice(0, -1) },
  })
  const heard: ServerMessage[] = []
  socket.on('message', data => heard.push(JSON.parse(String(data)) as ServerMessage))
  await once(socket, 'open')
  await expect.poll(() => toldLast(heard)).toBeDefined()
  return { socket, heard, vote: (said: string | Uint8Array) => socket.send(said) }
}

/** Opens a question of its own, so that no test sees the other's votes. */
async function ask(words = `${Math.random()}`): Promise<void> {
  lecturer.send({ type: 'open-poll', ...question, question: words })
  await expect.poll(poll).toMatchObject({ open: true, question: words, counts: [[0, 0, 0]] })
}
const close = (): void => lecturer.send({ type: 'close-poll', poll: poll()!.id })

beforeEach(async () => ask())

describe('a vote', () => {
  it('is one digit; it may be changed until the poll closes, and the last one counts', async () => {
    const { vote, socket } = await follow()
    vote('0')
    await expect.poll(poll).toMatchObject({ answered: 1, counts: [[1, 0, 0]] })
    vote('2')
    await expect.poll(poll).toMatchObject({ answered: 1, counts: [[0, 0, 1]] })
    close()
    await expect.poll(poll).toMatchObject({ open: false })
    vote('1')
    await setTimeout(400)
    expect(poll()).toMatchObject({ counts: [[0, 0, 1]] })
    socket.close()
  })

  it('that is anything else than the digit of an answer does not count', async () => {
    const honest = await follow()
    const odd = ['3', '7', '1.0', '-1', '[1]', '{"type":"vote","answer":1}', '1 ', '１', '', Uint8Array.of(1), '{"type":"open-poll"}']
    const others = await Promise.all(odd.map(async (said) => {
      const other = await follow()
      other.vote(said)
      return other
    }))
    await setTimeout(300)
    honest.vote('1')
    await expect.poll(poll).toMatchObject({ answered: 1, counts: [[0, 1, 0]] })
    for (const { socket } of [honest, ...others])
      socket.close()
  })

  it('of a browser counts once, however many pages it has open', async () => {
    const browser = randomBytes(16).toString('base64url')
    const pages = [await follow(browser), await follow(browser)]
    pages.forEach(({ vote }, index) => vote(String(index)))
    await expect.poll(poll).toMatchObject({ answered: 1, counts: [[0, 1, 0]] })
    pages.forEach(({ socket }) => socket.close())
    const back = await follow(browser)
    back.vote('2')
    await expect.poll(poll).toMatchObject({ answered: 1, counts: [[0, 0, 1]] })
    back.socket.close()
  })

  it('of a browser without a number does not count; one with a number of another form is turned away', async () => {
    const { vote, socket } = await follow(null)
    vote('0')
    await setTimeout(400)
    expect(poll()).toMatchObject({ answered: 0 })
    socket.close()
    for (const browser of ['x', 'A'.repeat(23), '__proto__', `${'A'.repeat(20)}%00`])
      await expect(follow(browser)).rejects.toThrow()
  })

  it('of a browser that floods counts once, and the browser is cut off', async () => {
    const { vote, socket } = await follow()
    const gone = once(socket, 'close')
    for (let count = 0; count < 200; count++)
      vote(String(count % 3))
    await gone
    await setTimeout(400)
    expect(poll()).toMatchObject({ answered: 1, open: true })
  })

  it('is one of 400 that an address has, whatever numbers its browsers make up, and of 1,000 in all', () => {
    const polls = new Polls({ broadcast: () => {}, keep: () => {} })
    polls.open(question)
    const votes = (count: number, address: string): void => {
      for (let browser = 0; browser < count; browser++)
        polls.vote(1, { browser: `${browser} at ${address}`, address })
    }
    votes(500, 'a')
    expect(polls.view('lecturer').poll!.counts).toEqual([[0, 400, 0]])
    polls.vote(2, { browser: '7 at a', address: 'a' })
    expect(polls.view('lecturer').poll!.counts).toEqual([[0, 399, 1]])
    for (const address of ['b', 'c', 'd'])
      votes(300, address)
    expect(polls.view('lecturer').poll!.answered).toBe(1000)
    polls.end()
  })
})

describe('a follower', () => {
  it('hears the question and how many have answered; what they have chosen only when the run has confirmed an answer', async () => {
    const { vote, heard, socket } = await follow()
    vote('1')
    await expect.poll(() => toldLast(heard)).toMatchObject({ poll: { answered: 1, open: true } })
    close()
    await expect.poll(() => toldLast(heard)).toMatchObject({ poll: { open: false } })
    const late = await follow()
    lecturer.send({ type: 'settle-poll', poll: poll()!.id, outcome: { reason: '이 단계가 실패해서 답을 알 수 없습니다.' } })
    await expect.poll(() => toldLast(heard)).toMatchObject({ poll: { outcome: { reason: expect.stringContaining('실패') } } })
    const before = [...heard, ...late.heard].flatMap(message => 'poll' in message && message.poll ? [message.poll] : [])
    expect(before.length).toBeGreaterThan(3)
    for (const { counts, outcome } of before) {
      expect(counts).toBeNull()
      expect(outcome ?? {}).not.toHaveProperty('answer')
    }
    lecturer.send({ type: 'settle-poll', poll: poll()!.id, outcome: { answer: 0 } })
    await expect.poll(() => toldLast(heard)).toMatchObject({ poll: { outcome: { answer: 0 }, counts: [[0, 1, 0]] } })
    for (const each of [socket, late.socket])
      each.close()
  })

  it('is counted as long as it is there', async () => {
    const followers = () => toldLast(lecturer.heard)!.followers
    await expect.poll(followers).toBe(0)
    const { socket } = await follow()
    await expect.poll(followers).toBe(1)
    socket.close()
    await expect.poll(followers).toBe(0)
  })
})

describe('a poll', () => {
  it('is opened, closed and settled by who has brought the key alone', async () => {
    const stranger = await TestClient.open(vite.config.server.port, 'helloworld', null)
    const { id } = poll()!
    for (const message of [
      { type: 'close-poll', poll: id },
      { type: 'settle-poll', poll: id, outcome: { answer: 0 } },
      { type: 'open-poll', ...question },
    ]) {
      stranger.heard.length = 0
      stranger.send(message)
      await expect.poll(() => stranger.heard).toContainEqual(expect.objectContaining({ type: 'refused' }))
    }
    expect(poll()).toMatchObject({ id, open: true, outcome: null })
    stranger.close()
  })

  it('asks a second time with votes of its own, and is kept as counts alone', async () => {
    const words = `두 번 묻는 것 ${Math.random()}`
    await ask(words)
    const browser = randomBytes(16).toString('base64url')
    const { vote, socket } = await follow(browser)
    vote('0')
    await expect.poll(poll).toMatchObject({ answered: 1 })
    close()
    await expect.poll(poll).toMatchObject({ open: false })
    lecturer.send({ type: 'open-poll', ...question, question: words })
    await expect.poll(poll).toMatchObject({ round: 2, open: true, answered: 0 })
    vote('1')
    await expect.poll(poll).toMatchObject({ counts: [[1, 0, 0], [0, 1, 0]] })
    lecturer.send({ type: 'settle-poll', poll: poll()!.id, outcome: { answer: 1 } })
    await expect.poll(poll).toMatchObject({ open: false, outcome: { answer: 1 } })
    const kept = await lastVotes()
    expect(kept).toMatch(new RegExp(`,21,${words},같다,1,0,\r\n.*,21,${words},다르다,0,1,출력이 확인함\r\n`))
    expect(kept).not.toContain(browser)
    await forgetVotes()
    expect(await lastVotes()).toBeNull()
    expect(await readdir(join(state, 'docker-basics'))).toEqual([])
    socket.close()
  })
})
