import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryPrefix } from '../../demos/runtime/run/process-name.ts'
import { sendResetSignal } from '../../demos/runtime/run/reset-signal.ts'
import { Session } from '../../demos/runtime/server/session.ts'

it('refuses what meets an error nobody expected, and logs its cause', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const answers: ServerMessage[] = []
  const demo = { title: '시험', files: ['Dockerfile'], baseImages: [], steps: [{ id: 'one', title: '하나', command: ['true'] as [string] }] }
  const session = await Session.open(new Map([['helloworld', { demo }]]), { broadcast: () => {} })
  const prefix = temporaryPrefix()
  for (const name of await readdir(dirname(prefix))) {
    if (name.startsWith(basename(prefix)))
      await rm(join(dirname(prefix), name), { recursive: true, maxRetries: 10 }) // its working copy; the CLI may be writing beside it
  }
  await session.receive({
    role: 'lecturer',
    send: message => void answers.push(message),
  }, { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM scratch' })
  expect(answers).toContainEqual(expect.objectContaining({
    type: 'refused',
    problem: expect.objectContaining({ message: '예상하지 못한 문제가 생겼습니다.' }),
  }))
  expect(log.mock.calls.flat()).toContainEqual(expect.objectContaining({ code: 'ENOENT' }))
  await session.close()
  log.mockRestore()
})

it('tells nobody where a demo that is broken lies, nor secrets', async () => {
  vi.stubEnv('HOME', '/home/kim').stubEnv('MY_TOKEN', 'opensesame')
  const answers: ServerMessage[] = []
  const problem = { message: '데모에 오류가 있습니다.', hint: '고치세요.', detail: 'Cannot find /home/kim/deck/x.ts opensesame' }
  const session = await Session.open(new Map([['bad', { problem }]]), { broadcast: () => {} })
  await session.receive({ role: 'audience', send: message => void answers.push(message) }, { type: 'hello' })
  vi.unstubAllEnvs()
  expect(answers).toMatchObject([{ type: 'snapshot', broken: { bad: { detail: 'Cannot find ~/deck/x.ts •••' } } }])
  await session.close()
})

it('gives all who ask one and the same snapshot, which is packed once, until the state changes', async () => {
  const demo = { title: '시험', files: ['Dockerfile'], baseImages: [], steps: [{ id: 'one', title: '하나', command: ['true'] as [string] }] }
  const session = await Session.open(new Map([['helloworld', { demo }]]), { broadcast: () => {} })
  const hear = async (role: 'lecturer' | 'audience', message: object): Promise<ServerMessage> => {
    const heard: ServerMessage[] = []
    await session.receive({ role, send: message => void heard.push(message) }, message)
    return heard[0]!
  }
  await vi.waitFor(
    async () => expect(await hear('audience', { type: 'hello' })).toMatchObject({ engine: expect.anything() }),
    { timeout: 10_000 },
  )
  const first = await hear('audience', { type: 'hello' })
  expect(await hear('audience', { type: 'hello' })).toBe(first)
  expect(await hear('lecturer', { type: 'hello' })).toEqual({ ...first, lecturer: true })
  await hear('lecturer', { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM other' })
  expect(await hear('audience', { type: 'hello' })).toMatchObject({ demos: { helloworld: { files: { Dockerfile: 'FROM other' } } } })
  await session.close()
})

it('puts all demos back to their start when a client asks, or the command', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-reset-'))
  vi.stubEnv('TMPDIR', folder).stubEnv('XDG_RUNTIME_DIR', '').stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
  const demo = { title: '시험', files: ['Dockerfile'], baseImages: [], steps: [{ id: 'one', title: '하나', command: ['true'] as [string] }] }
  const told: ServerMessage[] = []
  const session = await Session.open(new Map([['helloworld', { demo }]]), { broadcast: message => void told.push(message) })
  const client = { role: 'lecturer' as const, send: (message: ServerMessage) => void told.push(message) }
  const ways: (() => Promise<void>)[] = [() => session.receive(client, { type: 'reset-all' }), sendResetSignal]
  for (const ask of ways) {
    await session.receive(client, { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM other' })
    await session.receive(client, { type: 'show', demo: 'helloworld', recorded: true })
    told.length = 0
    await ask()
    await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({
      type: 'defined',
      snapshot: expect.objectContaining({
        showRecording: false,
        state: expect.objectContaining({ status: 'idle' }),
        files: { Dockerfile: expect.stringContaining('FROM debian') },
      }),
    })), 10_000)
  }
  await session.close()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, maxRetries: 10 })
})

it('sends a client that asks again and again the state at once, and then once half a second', async () => {
  const session = await Session.open(new Map(), { broadcast: () => {} })
  const times: number[] = []
  const client = { role: 'audience' as const, send: () => void times.push(performance.now()) }
  await Promise.all(Array.from({ length: 1000 }, () => session.receive(client, { type: 'hello' })))
  expect(times).toHaveLength(2)
  expect(times[1]! - times[0]!).toBeGreaterThan(400)
  await session.close()
})
