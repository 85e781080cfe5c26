import type { StepState } from '../../demos/runtime/model/run-events.ts'
import { describe, expect, it } from 'vitest'
import { containerState } from '../../demos/runtime/model/container-state.ts'
import { idleRun } from '../../demos/runtime/model/run-events.ts'

const step = (status: StepState['status'], ...args: string[]): StepState => ({ ...idleRun(1).steps[0]!, status, args })

describe('the container of a run', () => {
  it.each([
    ['none', { run: step('idle') }],
    ['none', { run: step('skipped') }],
    ['created', { create: step('passed', 'create'), run: step('idle') }],
    ['running', { create: step('passed', 'create'), run: step('running', 'start') }],
    ['exited', { run: step('passed', 'run', 'helloworld') }],
    ['exited', { run: step('failed', 'run', '-d', 'helloworld'), remove: step('idle') }],
    ['running', { run: step('passed', 'run', '-d', 'web'), remove: step('running') }],
    ['removed', { run: step('passed', 'run', '--rm', 'busybox') }],
    ['removed', { create: step('passed', 'create', '--rm'), run: step('passed', 'start') }],
    ['removed', { run: step('passed', 'run', 'helloworld'), remove: step('passed', 'rm') }],
  ] as const)('is %s after %j', (state, steps) => {
    expect(containerState(steps)).toBe(state)
  })
})
