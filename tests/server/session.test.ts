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
