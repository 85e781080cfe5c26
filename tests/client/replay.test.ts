import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Replay } from '../../demos/runtime/client/replay.ts'
import { recordingOf } from './recording.ts'

const recording: RunEvent[] = recordingOf([{ text: 'one\n', ms: 100 }, { text: 'two\n', ms: 200 }, { text: 'three\n', ms: 50 }])

const statuses = (replay: Replay): string[] => replay.run.steps.map(({ status }) => status)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a replay', () => {
  it('is idle before it is played', () => {
    expect(new Replay(recording).run).toMatchObject({ status: 'idle', id: null })
    expect(statuses(new Replay(recording))).toEqual(['idle', 'idle', 'idle'])
  })

  it('takes as long as the run took, and stops at the step it is asked for', () => {
    const replay = new Replay(recording)
    replay.play({ first: 0, upTo: 1, restart: true })
    expect(statuses(replay)).toEqual(['running', 'idle', 'idle'])
    vi.advanceTimersByTime(99)
    expect(statuses(replay)).toEqual(['running', 'idle', 'idle'])
    vi.advanceTimersByTime(1)
    expect(statuses(replay)).toEqual(['passed', 'running', 'idle'])
    vi.advanceTimersByTime(10_000)
    expect(statuses(replay)).toEqual(['passed', 'passed', 'idle'])
    expect(replay.run.steps[1]!.output.head).toBe('two\n')
    expect(replay.run.status).toBe('running')
  })

  it('goes on from where it stands, without playing a step again', () => {
    const replay = new Replay(recording)
    replay.play({ first: 0, upTo: 0, restart: true })
    vi.advanceTimersByTime(10_000)
    replay.play({ first: 0, upTo: 0, restart: false })
    expect(statuses(replay)).toEqual(['passed', 'idle', 'idle'])
    replay.play({ first: 0, upTo: 2, restart: false })
    vi.advanceTimersByTime(249)
    expect(statuses(replay)).toEqual(['passed', 'passed', 'running'])
    vi.advanceTimersByTime(1)
    expect(replay.run.status).toBe('passed')
  })

  it('brings the steps of an earlier slide without their time', () => {
    const replay = new Replay(recording)
    replay.play({ first: 2, upTo: 2, restart: true })
    expect(statuses(replay)).toEqual(['passed', 'passed', 'running'])
    vi.advanceTimersByTime(50)
    expect(statuses(replay)).toEqual(['passed', 'passed', 'passed'])
  })

  it('starts over in the middle of a step', () => {
    const replay = new Replay(recording)
    replay.play({ first: 0, upTo: 2, restart: true })
    vi.advanceTimersByTime(150)
    replay.play({ first: 0, upTo: 2, restart: true })
    expect(statuses(replay)).toEqual(['running', 'idle', 'idle'])
    vi.advanceTimersByTime(350)
    expect(replay.run.status).toBe('passed')
  })

  it('that is wound back is idle, and nothing of it comes later', () => {
    const replay = new Replay(recording)
    replay.play({ first: 0, upTo: 2, restart: true })
    vi.advanceTimersByTime(150)
    replay.play({ first: 0, upTo: -1, restart: true })
    vi.advanceTimersByTime(10_000)
    expect(statuses(replay)).toEqual(['idle', 'idle', 'idle'])
    expect(replay.run.status).toBe('idle')
  })
})
