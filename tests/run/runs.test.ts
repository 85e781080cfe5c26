import type { Demo } from '../../demos/define.ts'
import type { RunServerMessage } from '../../demos/runtime/model/messages.ts'
import type { Exit } from '../../demos/runtime/run/engine.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { Run } from '../../demos/runtime/run/run.ts'
import { Runs } from '../../demos/runtime/run/runs.ts'

const demo: Demo = {
  title: '시험',
  files: [],
  baseImages: [],
  steps: [{ id: 'one', title: '하나', command: ['one'] }, { id: 'two', title: '둘', command: ['two'] }],
}
const removed = { containers: 1, images: 0, networks: 0, volumes: 0, inUse: [], ofOthers: 0 }
const request = { type: 'run', demo: 'a', after: null } as const

let sent: RunServerMessage[]
/** What happens on the engine, in order; a program ends when `finish` has it end. */
let log: string[]
let finish: Map<string, PromiseWithResolvers<void>>
let cleaning: PromiseWithResolvers<void>
let runs: Runs
let started = 0

beforeEach(() => {
  sent = []
  log = []
  finish = new Map()
  cleaning = Promise.withResolvers()
  cleaning.resolve()
  runs = new Runs({
    start: async ({ id, demo, upTo, onEvent }) => new Run({
      id: `run-${started++}`,
      demoId: id,
      demo,
      upTo,
      onEvent,
      engine: {
        version: { engine: 'none', builder: null, platform: 'linux/amd64' },
        patience: 1,
        files: () => ({}),
        label: command => ({ args: [...command], added: [0, 0] }),
        skips: async () => null,
        exec: async ([program], { signal }): Promise<Exit> => {
          log.push(`${id} ${program}`)
          const end = Promise.withResolvers<void>()
          finish.set(`${id} ${program}`, end)
          signal.addEventListener('abort', () => end.resolve())
          await end.promise
          return signal.aborted ? { exitCode: null, ended: 'cancelled' } : { exitCode: 0, ended: 'exited' }
        },
        write: async () => {},
        explain: () => null,
        sweep: async () => void log.push(`${id} swept`),
      },
    }),
    clean: async (id) => {
      log.push(`clean ${id ?? 'all'}`)
      await cleaning.promise
      return removed
    },
    broadcast: message => void sent.push(message),
  })
  runs.define('a', demo)
  runs.define('b', demo)
})

const until = (what: string): Promise<void> => expect.poll(() => log).toContain(what)
const events = (id: string) => sent.filter(message => message.type === 'events' && message.demo === id)
async function end(program: string): Promise<void> {
  await until(program)
  finish.get(program)!.resolve()
}

describe('runs', () => {
  it('tell events numbered without a gap, also across a clean, and a snapshot that goes on from there', async () => {
    await runs.receive(request)
    await end('a one')
    await until('a two')
    const { seq, state } = runs.snapshot().a!
    const before = sent.length
    await end('a two')
    await until('a swept')
    const after = sent.slice(before).flatMap(message => message.type === 'events' ? message.events : [])
    expect(after.reduce(reduce, state)).toEqual(runs.snapshot().a!.state)
    expect(sent.slice(before)[0]).toMatchObject({ type: 'events', seq: seq + 1 })

    await runs.receive({ type: 'clean', demo: 'a' })
    const numbers = sent.flatMap(message => message.type === 'events'
      ? message.events.map((_, index) => message.seq + index)
      : message.type === 'cleaned' ? [message.seq] : [])
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(runs.snapshot().a).toEqual({ seq: numbers.length, state: idleRun(2), showRecording: false })
  })

  it('begin once when two clients ask at once, and not again for one that has not heard yet', async () => {
    await Promise.all([runs.receive(request), runs.receive(request)])
    await end('a one')
    await end('a two')
    await until('a swept')
    await runs.receive(request)
    expect(log).toEqual(['a one', 'a two', 'a swept'])
  })

  it('wait for a clean, and a clean waits for what it stops', async () => {
    cleaning = Promise.withResolvers()
    await runs.receive(request)
    await until('a one')
    const cleaned = runs.receive({ type: 'clean', demo: 'a' })
    const next = runs.receive(request)
    await until('clean a')
    expect(log).toEqual(['a one', 'a swept', 'clean a'])
    cleaning.resolve()
    await Promise.all([cleaned, next])
    await expect.poll(() => log).toEqual(['a one', 'a swept', 'clean a', 'a one'])
  })

  it('are all stopped before everything is cleaned once, and none begins meanwhile', async () => {
    cleaning = Promise.withResolvers()
    await Promise.all([runs.receive(request), runs.receive({ ...request, demo: 'b' })])
    await until('b one')
    const cleaned = runs.cleanAll()
    const next = runs.receive({ ...request, demo: 'b' })
    await until('clean all')
    expect(log.slice(2).toSorted()).toEqual(['a swept', 'b swept', 'clean all'])
    cleaning.resolve()
    await Promise.all([cleaned, next])
    expect(sent.filter(({ type }) => type === 'cleaned')).toMatchObject([{ demo: 'a' }, { demo: 'b' }])
    await expect.poll(() => log.at(-1)).toBe('b one')
  })

  it('go on after an error of one start', async () => {
    await expect(runs.receive({ ...request, upTo: 7 })).rejects.toThrow('데모 a에는 8번째 단계가 없습니다.')
    await runs.receive(request)
    await until('a one')
  })

  it('take the recording\'s place when they begin', async () => {
    await runs.receive({ type: 'show', demo: 'a', recorded: true })
    expect(runs.snapshot().a).toMatchObject({ showRecording: true })
    await runs.receive(request)
    expect(runs.snapshot().a).toMatchObject({ showRecording: false })
    expect(sent.filter(({ type }) => type === 'show')).toMatchObject([{ recorded: true }, { recorded: false }])
  })

  it('are of a new definition from the next one on; one under way ends as it began', async () => {
    await runs.receive(request)
    await until('a one')
    runs.define('a', { ...demo, steps: demo.steps.slice(0, 1) })
    await end('a one')
    await end('a two')
    await until('a swept')
    expect(runs.snapshot().a!.state.steps).toHaveLength(2)
    await runs.receive({ ...request, after: runs.snapshot().a!.state.id })
    expect(runs.snapshot().a!.state.steps).toHaveLength(1)
    expect(events('b')).toEqual([])
  })
})
