import type { StepState } from '../../demos/runtime/model/run-events.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { comparable, driftOf } from '../../demos/runtime/model/drift.ts'
import { idleRun } from '../../demos/runtime/model/run-events.ts'

const log = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/builder-logs', `${name}.txt`), 'utf8')

describe('two outputs compare', () => {
  it.each([
    ['an ID', `sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
    ['a short ID', '1f2e3d4c5b6a Created', 'a6b5c4d3e2f1 Created'],
    ['a time', 'Up 3 seconds', 'Up About a minute'],
    ['a size', 'layers 3.25kB 0.1s', 'layers 5MB 1.25s'],
    ['a process', '21928     1 dockerd', '7 1 dockerd'],
    ['the order of two streams', 'out\nerr', 'err\nout'],
  ])('as the same but for %s', (_, one, other) => expect(comparable(one)).toEqual(comparable(other)))

  it('as the same when a build finds its layers in the cache', () => {
    expect(comparable(log('buildx-0.13.1-cached'))).toEqual(comparable(log('buildx-0.13.1-uncached')))
  })

  it.each([
    ['a word', 'exec format error', 'exec format problem'],
    ['a line more', 'Created', 'Created\nExited'],
    ['another instruction', '#4 [2/3] COPY a /\n', '#4 [2/3] COPY b /\n'],
  ])('as different in %s', (_, one, other) => expect(comparable(one)).not.toEqual(comparable(other)))
})

describe('a run drifts from its recording', () => {
  const idle = idleRun(1).steps[0]!
  const passed = (head: string, more: Partial<StepState> = {}): StepState => ({
    ...idle,
    status: 'passed',
    exitCode: 0,
    output: { ...idle.output, head },
    ...more,
  })

  it.each([
    ['a line that it does not show any more', passed('one\ntwo\n'), passed('one\n'), '녹화에만 있는 줄: two'],
    ['a line that it shows now', passed('one\n'), passed('one\nthree\n'), '지금만 있는 줄: three'],
    ['another exit code', passed(''), passed('', { exitCode: 2 }), '종료 코드: 녹화 0, 지금 2'],
    ['another state', passed(''), passed('', { status: 'failed' }), '결과: 녹화 성공, 지금 실패'],
    ['another check', passed(''), passed('', { checks: [{ says: '같습니다', passed: true }] }), '기대: 녹화에 없음, 지금 같습니다'],
  ])('in %s', (_, recorded, now, drift) => {
    expect(driftOf(recorded, now)).toBe(drift)
  })

  it('not in what means nothing, nor where either machine could not show it', () => {
    expect(driftOf(passed('took 1.2s\n'), passed('took 3.4s\n'))).toBeNull()
    expect(driftOf(passed('x'), { ...idle, status: 'skipped' })).toBeNull()
  })
})
