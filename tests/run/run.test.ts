import type { Demo, Step } from '../../demos/define.ts'
import type { StepState } from '../../demos/runtime/model/run-events.ts'
import type { Engine } from '../../demos/runtime/run/engine.ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
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
function start(each: Partial<Engine>, what: Demo = demo): Run {
  return new Run({ id: 'r', demoId: 'test', demo: what, engine: { ...engine, ...each }, onEvent: () => {} })
}

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

describe('a step that only looks', () => {
  const look = (expect: string): Demo => ({
    ...demo,
    steps: [{
      id: 'look',
      title: '보기',
      command: ['docker', 'container', 'ls', '--all'],
      timeoutMs: 5000,
      expect: [{ says: '끝났습니다', output: expect }],
    }],
  })
  /** An engine whose commands print one text after the other, and the last one again and again. */
  const printing = (texts: string[]): Engine['exec'] => async (_, { onOutput }) => {
    onOutput(new TextEncoder().encode(texts.length > 1 ? texts.shift() : texts[0]))
    return { exitCode: 0, ended: 'exited' }
  }

  it('waits for the state that it asserts, and shows it alone', async () => {
    const run = start({ exec: printing(['Up Less than a second\n', 'Up 1 second\n', 'Exited (0)\n']) }, look('Exited (0)'))
    expect(await run.ended).toBe('passed')
    expect(run.state.steps[0]!.output.head).toBe('Exited (0)\n')
  })

  it('fails with what it shows when the state does not come in time', async () => {
    const run = start({ exec: printing(['Up Less than a second\n']) }, look('Exited (0)'))
    expect(await run.ended).toBe('failed')
    expect(run.state.steps[0]!.output.head).toBe('Up Less than a second\n')
    expect(run.state.steps[0]!.durationMs).toBeGreaterThan(2900)
  })

  it('ends at once when it is stopped while it waits', async () => {
    const run = start({
      exec: async (args, options) => options.signal.aborted ? { exitCode: null, ended: 'cancelled' } : printing(['Up\n'])(args, options),
    }, look('Exited (0)'))
    setTimeout(() => run.stop(), 300)
    expect(await run.ended).toBe('cancelled')
    expect(run.state.steps[0]!.durationMs).toBeLessThan(2000)
  })

  it('is no step that makes something: that one runs once', async () => {
    let runs = 0
    const command: Step['command'] = ['docker', 'container', 'run', '--name', 'x', 'x']
    const once = { ...demo, steps: [{ ...look('never').steps[0]!, command }] }
    const run = start({
      exec: async () => {
        runs += 1
        return { exitCode: 0, ended: 'exited' }
      },
    }, once)
    expect(await run.ended).toBe('failed')
    expect(runs).toBe(1)
  })
})

describe('a container that prints nothing at all where something is expected', () => {
  const hello: Step = {
    id: 'hello',
    title: '인사',
    command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', 'hello'],
    expect: [{ says: '인사합니다', output: 'hello' }],
  }
  /** An engine that loses what the container prints that many times; its commands end with the code. */
  function losing(times: number, exitCode = 0): { exec: Engine['exec'], runs: () => number } {
    let runs = 0
    return {
      runs: () => runs,
      exec: async (_, { onOutput }) => {
        runs += 1
        if (runs > times)
          onOutput(new TextEncoder().encode('hello\n'))
        return { exitCode, ended: 'exited' }
      },
    }
  }
  const of = (step: Partial<Step>): Demo => ({ ...demo, steps: [{ ...hello, ...step }] })

  it('runs once more, and the step says so', async () => {
    const { exec, runs } = losing(1)
    const run = start({ exec }, of({}))
    expect(await run.ended).toBe('passed')
    expect(runs()).toBe(2)
    expect(run.state.steps[0]).toMatchObject({ output: { head: 'hello\n' }, reason: '출력이 한 글자도 오지 않아 한 번 더 실행했습니다.' })
  })

  it('runs once more, too, where the container stays', async () => {
    const { exec, runs } = losing(1)
    expect(await start({ exec }, of({ command: ['docker', 'container', 'run', 'busybox:stable', 'echo', 'hello'] })).ended).toBe('passed')
    expect(runs()).toBe(2)
  })

  it('fails when nothing comes again, and runs no third time', async () => {
    const { exec, runs } = losing(Infinity)
    const run = start({ exec }, of({}))
    expect(await run.ended).toBe('failed')
    expect(runs()).toBe(2)
  })

  it.each<[string, Partial<Step>, number]>([
    ['it ends otherwise than expected', {}, 1],
    ['it stays under its name', { command: ['docker', 'container', 'run', '--name', 'x', 'busybox:stable', 'true'] }, 0],
    ['it writes to a volume', { command: ['docker', 'container', 'run', '--rm', '-v', 'v:/v', 'busybox:stable', 'true'] }, 0],
    ['nothing is what is expected', { expect: [{ says: '아무 말도 없습니다', output: /^$/ }] }, 0],
  ])('runs once where %s', async (_, step, exitCode) => {
    const { exec, runs } = losing(1, exitCode)
    await start({ exec }, of(step)).ended
    expect(runs()).toBe(1)
  })
})

it.each([
  ['of its configuration', 'WARNING: Error parsing config file (/home/a/.docker/config.json): unexpected end of JSON input\n'],
  ['of a plugin', 'WARNING: Plugin "/x/docker-scan" is not valid: failed to fetch metadata: exit status 1\n'],
  ['of the old builder', 'DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n            BuildKit is off.\n\n'],
  ['of the platform', 'WARNING: The requested image\'s platform (linux/arm64) does not match the detected host platform (linux/amd64)\n'],
])('checks an output without what the docker CLI warns %s', async (_, warning) => {
  const steps = ['a', 'b'].map((id, index) => ({
    id,
    title: id,
    command: ['docker', 'container', 'run', 'x'] as [string, ...string[]],
    expect: [{ says: '그대로', output: /^hi$/m }, { says: '처음', output: /^hi/ }, ...index === 1 ? [{ says: '같다', sameAs: 'a' }] : []],
  }))
  let runs = 0
  const run = start({
    exec: async (_, { onOutput }) => {
      runs += 1
      onOutput(new TextEncoder().encode(runs === 1 ? 'hi\n' : `${warning}hi\n`))
      return { exitCode: 0, ended: 'exited' }
    },
  }, { ...demo, steps })
  expect(await run.ended).toBe('passed')
  expect(run.state.steps[1]!.output.head).toBe(`${warning}hi\n`)
})
