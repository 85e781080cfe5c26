import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryPrefix } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'

it('refuses what meets an error nobody expected, and logs its cause', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const answers: ServerMessage[] = []
  const demo = { title: '시험', files: ['Dockerfile'], baseImages: [], steps: [{ id: 'one', title: '하나', command: ['true'] as [string] }] }
  const session = await Session.open(new Map([['helloworld', { demo }]]), { broadcast: () => {} })
  const prefix = temporaryPrefix()
  for (const name of await readdir(dirname(prefix))) {
    if (name.startsWith(basename(prefix)))
      await rm(join(dirname(prefix), name), { recursive: true }) // its working copy
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
