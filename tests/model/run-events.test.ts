import type { RunEvent, RunState } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { idleRun, OUTPUT_HEAD, OUTPUT_TAIL, outputText, recordedOn, reduce } from '../../demos/runtime/model/run-events.ts'

const version = { engine: '26.1.5', builder: 'buildx 0.13.1', platform: 'linux/amd64' }
const started: RunEvent = { type: 'run-started', at: 0, run: 'r1', demo: 'd', steps: 2, date: '2026-11-24T00:00:00.000Z', version }
const step = (index: number): RunEvent => ({ type: 'step-started', at: 1, step: index, args: ['docker', 'x'], added: [1, 1] })
function output(text: string, omitted?: number): RunEvent {
  return {
    type: 'output',
    at: 2,
    step: 0,
    text,
    ...omitted !== undefined && { omitted },
  }
}
function ended(index: number): RunEvent {
  return {
    type: 'step-ended',
    at: 3,
    step: index,
    outcome: 'passed',
    exitCode: 0,
    durationMs: 2,
    checks: [],
  }
}
const runEnded: RunEvent = { type: 'run-ended', at: 4, outcome: 'passed' }

it('a recording names its engine, and its CLI where it knows that, without a distribution\'s suffix', () => {
  expect(recordedOn({ ...version, engine: '26.1.5+dfsg1', cli: '28.2.2+x' })).toBe('Docker 26.1.5 · CLI 28.2.2')
  expect(recordedOn({ ...version, cli: '28.5.2', store: 'containerd' })).toBe('Docker 26.1.5 · CLI 28.5.2 · containerd')
  expect(recordedOn(version)).toBe('Docker 26.1.5')
})

describe('a run as a state machine', () => {
  it('goes from idle through each step to its outcome', () => {
    const states: RunState[] = []
    for (const event of [started, step(0), ended(0), step(1), ended(1), runEnded])
      states.push(reduce(states.at(-1) ?? idleRun(2), event))
    expect(states.map(({ status: state, steps }) => [state, ...steps.map(each => each.status)])).toEqual([
      ['running', 'idle', 'idle'],
      ['running', 'running', 'idle'],
      ['running', 'passed', 'idle'],
      ['running', 'passed', 'running'],
      ['running', 'passed', 'passed'],
      ['passed', 'passed', 'passed'],
    ])
  })

  it.each([
    ['a second start while it runs', [started, started]],
    ['a step before the run', [step(0)]],
    ['output of a step that has not started', [started, output('x')]],
    ['a step that it does not have', [started, step(2)]],
    ['a step that starts twice', [started, step(0), step(0)]],
    ['anything after the end', [started, runEnded, step(0)]],
  ])('refuses %s', (_, events) => {
    expect(() => events.reduce(reduce, idleRun(2))).toThrow()
  })

  it('starts afresh after an end', () => {
    const again = [started, step(0), output('old'), ended(0), runEnded, { ...started, run: 'r2' }].reduce(reduce, idleRun(2))
    expect(again.id).toBe('r2')
    expect(again.steps.map(each => each.status)).toEqual(['idle', 'idle'])
    expect(outputText(again.steps[0]!.output)).toBe('')
  })

  it('does not change the state it was given', () => {
    const before = [started, step(0)].reduce(reduce, idleRun(2))
    const copy = structuredClone(before)
    reduce(before, output('x'))
    expect(before).toEqual(copy)
  })
})

describe('output', () => {
  const after = (...events: RunEvent[]) => [started, step(0), ...events].reduce(reduce, idleRun(2)).steps[0]!.output

  it('is kept in order', () => {
    expect(outputText(after(output('a\n'), output('b'), output('\nc')))).toBe('a\nb\nc')
  })

  it('is bounded: head and tail are kept and the gap is counted', () => {
    const chunk = 'x'.repeat(50_000)
    const flood = after(output('HEAD'), ...Array.from({ length: 20 }, () => output(chunk)), output('TAIL'))
    expect(flood.head).toHaveLength(OUTPUT_HEAD)
    expect(flood.tail).toHaveLength(OUTPUT_TAIL)
    expect(flood.head.startsWith('HEAD')).toBe(true)
    expect(flood.tail.endsWith('TAIL')).toBe(true)
    expect(flood.head.length + flood.omitted + flood.tail.length).toBe(8 + 20 * chunk.length)
  })

  it('counts the gap in bytes of UTF-8', () => {
    const flood = after(output('가'.repeat(OUTPUT_HEAD + OUTPUT_TAIL + 1000)))
    expect([flood.head.length, flood.omitted, flood.tail.length]).toEqual([OUTPUT_HEAD, 3000, OUTPUT_TAIL])
  })

  it('cuts no character of two units, neither at the head\'s end nor at the tail\'s beginning', () => {
    const flood = after(output(`a${'🐳'.repeat(OUTPUT_HEAD)}b`))
    expect(flood.head).toBe(`a${'🐳'.repeat(OUTPUT_HEAD / 2)}`)
    expect(flood.tail).toBe(`${'🐳'.repeat(OUTPUT_TAIL / 2 - 1)}b`)
    expect(flood.omitted).toBe(4 * (OUTPUT_HEAD / 2 - OUTPUT_TAIL / 2 + 1))
    expect(after(output(`a${'🐳'.repeat(OUTPUT_HEAD / 2)}`), output('b')).tail).toBe('b')
  })

  it('counts what the runner left out', () => {
    const { omitted } = after(output('a'), output('b', 1000))
    expect(omitted).toBe(1000)
    expect(outputText(after(output('a'), output('b', 1000)))).toBe('a\n… 1.00 kB 생략 …\nb')
  })
})
