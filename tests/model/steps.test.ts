import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { defineDemo } from '../../demos/define.ts'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { fill, partOf, statesOf, unknownStep } from '../../demos/runtime/model/steps.ts'

const demo = defineDemo({
  title: '시험',
  files: [],
  baseImages: [],
  steps: [
    { id: 'start', title: '하나', command: ['docker', 'container', 'inspect', '--format', '{{.Id}}'] },
    { id: 'look', title: '둘', command: ['cat', '/proc/{start}/comm', `\${HOME}`] },
    { id: 'stop', title: '셋', command: ['true'], expect: [{ says: '다릅니다', differsFrom: 'look' }] },
  ],
})

describe('the part of a demo that a slide names', () => {
  it.each([
    ['the whole demo when it names nothing', {}, { first: 0, stops: [2] }],
    ['one step', { step: 'look' }, { first: 1, stops: [1] }],
    ['from a step to the end', { from: 'look' }, { first: 1, stops: [2] }],
    ['the steps to which clicks lead', { from: 'look', to: ['look', 'stop'] }, { first: 1, stops: [1, 2] }],
    ['the whole demo when the step does not exist, so that the panel is not empty', { step: 'lok' }, { first: 0, stops: [2] }],
  ])('is %s', (_, names, part) => {
    expect(partOf(demo, names)).toEqual(part)
  })

  it('that the demo does not have is told in Korean, with the steps that there are', () => {
    expect(unknownStep('demo', demo, ['start', undefined, 'lok'])).toEqual({
      message: '데모 demo에 "lok" 단계가 없습니다.',
      hint: expect.stringContaining('start, look, stop'),
    })
    expect(unknownStep('demo', demo, ['start', undefined])).toBeNull()
  })
})

it('the states of a run are found by the steps\' ids, also before the run knows of them', () => {
  const version = { engine: '26.1.5', builder: null, platform: 'linux/amd64' }
  const events: RunEvent[] = [
    { type: 'run-started', at: 0, run: 'r', demo: 'demo', steps: 3, date: '2026-11-24T01:02:03.000Z', version },
    { type: 'step-started', at: 1, step: 0, args: ['true'], added: [0, 0] },
  ]
  expect(statesOf(demo, events.reduce(reduce, idleRun(3))).start.status).toBe('running')
  expect(statesOf(demo, idleRun(0)).stop.status).toBe('idle')
})

it('a word names a step between braces; templates and shell variables name none', () => {
  const outputs = { start: 'pulling\n4711\n', HOME: 'x' }
  expect(['{start}', '/proc/{start}/comm', '{{start}}', `\${start}`, '{stop}', '{ start; }'].map(word => fill(word, outputs)))
    .toEqual(['4711', '/proc/4711/comm', '{{start}}', `\${start}`, '{stop}', '{ start; }'])
})
