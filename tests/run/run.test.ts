import type { Step } from '../../demos/define.ts'
import type { StepState } from '../../demos/runtime/model/run-events.ts'
import type { Engine } from '../../demos/runtime/run/run.ts'
import { afterEach, expect, it, vi } from 'vitest'
import { Run } from '../../demos/runtime/run/run.ts'

/** An engine on which each program ends by itself. */
const engine: Engine = {
  version: { engine: 'none', builder: null, platform: 'linux/amd64' },
  patience: 1,
  files: () => ({}),
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

it('proves nothing by a step that was skipped', async () => {
  const command = ['true'] as [string]
  const steps: Step[] = [
    { id: 'outside', title: '밖', command, host: { elsewhere: '없습니다.' } },
    { id: 'named', title: '이름', command: ['ls', '{outside}'] },
    { id: 'compared', title: '비교', command, expect: [{ says: '같습니다', sameAs: 'outside' }, { says: '나옵니다', output: /^$/ }] },
    { id: 'wrong', title: '실패', command, expect: [{ says: '다릅니다', differsFrom: 'named' }, { says: '나옵니다', output: 'x' }] },
  ]
  const run = new Run({
    id: 'r',
    demoId: 'test',
    demo: { ...demo, steps },
    engine: { ...engine, skips: async ({ host }) => host?.elsewhere ?? null },
    onEvent: () => {},
  })
  await run.ended
  const checksOf = ({ checks }: StepState): string[] => checks.map(({ says, passed }) => `${says} ${passed}`)
  expect(run.state.steps.map(step => [step.status, step.reason, checksOf(step)])).toEqual([
    ['skipped', '없습니다.', []],
    ['skipped', '‘밖’ 단계를 건너뛰어 실행할 수 없습니다.', []],
    ['skipped', '‘밖’ 단계를 건너뛰어 견줄 것이 없습니다.', ['나옵니다 true']],
    ['failed', null, ['나옵니다 false']],
  ])
})

it('passes when what it has left cannot be removed, and logs why', async () => {
  const cause = new TypeError('the real cause')
  expect(await start({ sweep: () => Promise.reject(cause) }).ended).toBe('passed')
  expect(log).toHaveBeenCalledExactlyOnceWith(cause)
})
