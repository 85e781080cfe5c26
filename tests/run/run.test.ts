import type { Engine } from '../../demos/runtime/run/run.ts'
import { afterEach, expect, it, vi } from 'vitest'
import { Run } from '../../demos/runtime/run/run.ts'

/** An engine on which each program ends by itself. */
const engine: Engine = {
  version: { engine: 'none', builder: null, platform: 'linux/amd64' },
  patience: 1,
  label: command => ({ args: [...command], added: [0, 0] }),
  skips: async () => null,
  exec: async () => ({ exitCode: 0, ended: 'exited' }),
  write: async () => {},
  explain: () => null,
  sweep: async () => {},
}
const demo = { title: '시험', files: [], baseImages: [], steps: [{ id: 'one', title: '하나', command: ['true'] as [string] }] }
const start = (each: Partial<Engine>): Run => new Run({ id: 'r', demoId: 'test', demo, engine: { ...engine, ...each }, onEvent: () => {} })

const log = vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => log.mockClear())

it('fails a step that meets an error nobody expected, and logs its cause', async () => {
  const cause = new TypeError('the real cause')
  const run = start({ exec: () => Promise.reject(cause) })
  expect(await run.ended).toBe('failed')
  expect(run.state.steps[0]!.reason).toContain('예상하지 못한 문제가 생겼습니다.')
  expect(log).toHaveBeenCalledExactlyOnceWith(cause)
})

it('passes when what it has left cannot be removed, and logs why', async () => {
  const cause = new TypeError('the real cause')
  expect(await start({ sweep: () => Promise.reject(cause) }).ended).toBe('passed')
  expect(log).toHaveBeenCalledExactlyOnceWith(cause)
})
