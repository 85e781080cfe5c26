// @vitest-environment happy-dom
import type { Source } from '../../../demos/runtime/client/source.ts'
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import DemoHead from '../../../components/panel/DemoHead.vue'
import { idleRun } from '../../../demos/runtime/model/run-events.ts'

function sourceWith(some: Partial<Source> = {}): Source {
  return {
    kind: 'live',
    name: '라이브 · Docker 26.1.5',
    run: idleRun(1),
    files: {},
    mayAct: true,
    mayEdit: true,
    offersBrowser: false,
    start: () => {},
    advance: () => {},
    stop: () => {},
    clean: () => {},
    notice: () => null,
    toggleName: () => null,
    ...some,
  }
}

const base = { title: '인사', status: 'idle', running: false, hasRun: false, mayAct: true, loaded: true, part: null, showAll: false } as const
const buttons = (wrapper: ReturnType<typeof mount>): string[] => wrapper.findAll('button').map(button => button.text())

describe('a panel\'s head', () => {
  it('names what it shows and where that comes from', () => {
    const wrapper = mount(DemoHead, { props: { ...base, source: sourceWith({ kind: 'recorded', name: '녹화 · 2026-11-24' }) } })
    expect(wrapper.get('strong').text()).toBe('인사')
    expect(wrapper.get('.badge').classes()).toContain('recorded')
    expect(wrapper.get('.badge').text()).toBe('녹화 · 2026-11-24')
  })

  it('has no button for who may not act', () => {
    expect(buttons(mount(DemoHead, { props: { ...base, mayAct: false, source: sourceWith() } }))).toEqual([])
  })

  it('starts what is idle and stops what runs', async () => {
    const stop = vi.fn()
    const wrapper = mount(DemoHead, { props: { ...base, source: sourceWith({ stop }) } })
    expect(buttons(wrapper)).toEqual(['▶ 실행R', '정리'])
    await wrapper.get('button').trigger('click')
    expect(wrapper.emitted('start')).toHaveLength(1)
    await wrapper.setProps({ running: true, hasRun: true, status: 'running' })
    expect(buttons(wrapper)).toEqual(['■ 중지S', '모두 보기', '정리'])
    expect(wrapper.findAll('button').at(-1)!.attributes('disabled')).toBeDefined()
    await wrapper.get('button').trigger('click')
    expect(stop).toHaveBeenCalledOnce()
  })

  it('says which part of the slide it runs next', async () => {
    const wrapper = mount(DemoHead, { props: { ...base, part: '1/2', source: sourceWith() } })
    expect(wrapper.get('button').text()).toBe('▶ 실행1/2R')
    expect(wrapper.get('button').attributes('title')).toContain('1/2')
  })

  it('waits for the definition', () => {
    expect(mount(DemoHead, { props: { ...base, loaded: false, source: sourceWith() } }).get('button').attributes('disabled')).toBeDefined()
  })

  it('offers what the source names instead, and cleans only what has made something', async () => {
    const source = sourceWith({ clean: null, toggleName: status => status === 'failed' ? '녹화로 보기' : null })
    const wrapper = mount(DemoHead, { props: { ...base, hasRun: true, status: 'failed', source } })
    expect(buttons(wrapper)).toEqual(['▶ 실행R', '녹화로 보기V'])
    expect(wrapper.findAll('button').map(button => button.classes('quiet'))).toEqual([true, false])
    await wrapper.findAll('button')[1]!.trigger('click')
    expect(wrapper.emitted('toggleRecording')).toHaveLength(1)
  })

  it('shows all of commands and logs on request', async () => {
    const wrapper = mount(DemoHead, { props: { ...base, hasRun: true, source: sourceWith() } })
    await wrapper.findAll('button')[1]!.trigger('click')
    expect(wrapper.emitted('update:showAll')).toEqual([[true]])
  })
})
