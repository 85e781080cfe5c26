// @vitest-environment happy-dom
import type { StepState } from '../../../demos/runtime/model/run-events.ts'
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, shallowRef } from 'vue'
import DemoStep from '../../../components/panel/DemoStep.vue'
import { idleRun } from '../../../demos/runtime/model/run-events.ts'

const step = { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '.'] } as const
const idle: StepState = idleRun(1).steps[0]!
const running: StepState = {
  ...idle,
  status: 'running',
  args: ['docker', 'image', 'build', '--label', 'ch01.demo=hello', '.'],
  added: [3, 5],
  startedAt: 0,
}
const passed: StepState = {
  ...running,
  status: 'passed',
  exitCode: 0,
  durationMs: 1234,
  output: { head: 'done\n', omitted: 0, tail: '' },
  checks: [{ says: '끝납니다', passed: true }],
}
const failed: StepState = {
  ...passed,
  status: 'failed',
  exitCode: 3,
  checks: [{ says: '끝납니다', passed: false, missed: '출력에 "끝"이 없습니다' }],
  reason: '멈췄습니다.',
}
const base = {
  index: 2,
  step,
  state: idle,
  marks: [],
  prompt: '$',
  active: true,
  short: false,
  shows: 'large',
  fold: 'aside',
  withOutput: true,
  terse: false,
  showAll: false,
  print: false,
} as const

afterEach(() => void vi.useRealTimers())

const status = (wrapper: ReturnType<typeof mount>): string => wrapper.get('.status').text().replaceAll(/\s+/g, ' ')

describe('a step of a panel', () => {
  it('keeps the page\'s contract', async () => {
    const wrapper = mount(DemoStep, { props: { ...base } })
    expect(wrapper.attributes()).toMatchObject({ 'data-step': '2', 'data-step-id': 'build', 'data-state': 'idle' })
    expect(wrapper.attributes('data-exit-code')).toBeUndefined()
    expect(wrapper.find('[role="log"]').exists()).toBe(false)
    await wrapper.setProps({ state: passed })
    expect(wrapper.attributes()).toMatchObject({ 'data-state': 'passed', 'data-exit-code': '0', 'data-duration-ms': '1234' })
    expect(wrapper.get('[role="log"]').text()).toBe('done')
  })

  it('says how it stands, in short where steps share a panel', async () => {
    const wrapper = mount(DemoStep, { props: { ...base } })
    expect(status(wrapper)).toBe('○ 대기')
    await wrapper.setProps({ state: passed })
    expect(status(wrapper)).toBe('✓ 성공 · 종료 코드 0 · 1.23초')
    await wrapper.setProps({ short: true })
    expect(status(wrapper)).toBe('✓ 성공 1.23초')
    await wrapper.setProps({ state: failed })
    expect(status(wrapper)).toBe('✗ 실패 종료 코드 3 · 1.23초')
  })

  it('counts the seconds of a step that runs, while somebody sees it', async () => {
    vi.useFakeTimers()
    const wrapper = mount(DemoStep, { props: { ...base, state: running } })
    expect(status(wrapper)).toBe('◐ 실행 중 · 0초')
    vi.advanceTimersByTime(2000)
    await nextTick()
    expect(status(wrapper)).toBe('◐ 실행 중 · 2초')
    await wrapper.setProps({ active: false })
    vi.advanceTimersByTime(2000)
    await nextTick()
    expect(status(wrapper)).toBe('◐ 실행 중 · 2초')
    await wrapper.setProps({ active: true })
    expect(status(wrapper)).toBe('◐ 실행 중 · 4초')
  })

  it('shows the command as typed, with what the deck has added on request, and copies what it shows', async () => {
    const wrapper = mount(DemoStep, { props: { ...base, state: passed } })
    expect(wrapper.get('code').text()).toBe('$docker image build .')
    await wrapper.get('button.prompt').trigger('click')
    await wrapper.setProps({ showAll: true })
    expect(wrapper.findAll('.added').map(each => each.text())).toEqual(['--label', 'ch01.demo=hello'])
    await wrapper.get('button.prompt').trigger('click')
    expect(wrapper.emitted('copy')).toEqual([['docker image build .'], ['docker image build --label ch01.demo=hello .']])
  })

  it('says what was checked, what was not found, and why it ended', async () => {
    const wrapper = mount(DemoStep, { props: { ...base, state: failed } })
    const lines = wrapper.findAll('.checks li').map(each => each.text().replaceAll(/\s+/g, ' '))
    expect(lines).toEqual(['✗ 끝납니다 — 출력에 "끝"이 없습니다', '✗ 멈췄습니다.'])
  })

  it('leaves the output to others, but a failed step\'s', async () => {
    const wrapper = mount(DemoStep, { props: { ...base, state: passed, withOutput: false } })
    expect(wrapper.find('[role="log"]').exists()).toBe(false)
    await wrapper.setProps({ state: failed })
    expect(wrapper.find('[role="log"]').exists()).toBe(true)
  })

  it('is one line when nobody talks about it, opens, and keeps what it printed for who listens', async () => {
    const wrapper = mount(DemoStep, { props: { ...base, state: passed, marks: ['done'], shows: 'quiet', short: true } })
    expect(wrapper.find('.command').text()).toBe('docker image build .')
    expect(wrapper.get('button').text().replaceAll(/\s+/g, ' ')).toBe('✓ 성공 docker image build . done 1.2초')
    expect(wrapper.get('[role="log"]').text()).toBe('done')
    expect(wrapper.attributes()).toMatchObject({ 'data-state': 'passed', 'data-exit-code': '0' })
    await wrapper.get('button').trigger('click')
    expect(wrapper.emitted('open')).toHaveLength(1)
  })

  it('has a sign of its own for a failure that was expected', async () => {
    const state = { ...passed, exitCode: 127, checks: [{ says: '실행 파일을 찾지 못합니다', passed: true }] }
    const wrapper = mount(DemoStep, { props: { ...base, state } })
    expect(status(wrapper)).toBe('⊘ 예상한 실패 · 종료 코드 127 · 1.23초')
    expect(wrapper.get('.checks li').text()).toBe('⊘ 실행 파일을 찾지 못합니다')
    expect(wrapper.find('.passed').exists()).toBe(false)
    expect(wrapper.attributes('data-state')).toBe('passed')
    await wrapper.setProps({ short: true })
    expect(status(wrapper)).toBe('⊘ 예상한 실패 · 종료 코드 127')
    await wrapper.setProps({ shows: 'quiet' })
    expect(wrapper.get('button').text()).toContain('⊘ 예상한 실패')
  })

  it('marks nothing when it has failed: that is no evidence', async () => {
    const wrapper = mount(DemoStep, { props: { ...base, state: passed, marks: ['done'] } })
    expect(wrapper.get('.marked').text()).toBe('done')
    await wrapper.setProps({ state: failed })
    expect(wrapper.find('.marked').exists()).toBe(false)
  })

  it('is not drawn again for what happens to another step', async () => {
    const updates = [0, 0]
    const counters = updates.map((_, index) => () => void (updates[index]! += 1))
    const states = shallowRef([running, running])
    mount(defineComponent(
      () => () => h(
        'div',
        states.value.map((state, index) => h(DemoStep, {
          ...base,
          marks: base.marks,
          key: index,
          index,
          state,
          onVnodeUpdated: counters[index]!,
        })),
      ),
    ))
    states.value = [passed, running]
    await nextTick()
    expect(updates).toEqual([1, 0])
  })
})
