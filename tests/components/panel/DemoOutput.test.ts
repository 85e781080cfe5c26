// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import DemoOutput from '../../../components/panel/DemoOutput.vue'

const log = readFileSync(join(import.meta.dirname, '../../fixtures/builder-logs/buildx-0.13.1-uncached.txt'), 'utf8')
const base = { label: '출력', fold: 'nothing', marks: [] } as const
const whole = (text: string): { head: string, omitted: number, tail: string } => ({ head: text, omitted: 0, tail: '' })

describe('an output', () => {
  it('is text, whatever it says', () => {
    const wrapper = mount(DemoOutput, { props: { ...base, output: whole('<img src=x onerror=alert(1)>\n') } })
    expect(wrapper.find('img').exists()).toBe(false)
    expect(wrapper.text()).toBe('<img src=x onerror=alert(1)>')
  })

  it('has its colours, and marks what the step is expected to show', () => {
    const wrapper = mount(DemoOutput, { props: { ...base, marks: ['found'], output: whole('\u001B[1mbold\u001B[0m, found\n') } })
    expect(wrapper.get('span').attributes('style')).toContain('bold')
    expect(wrapper.get('.marked').text()).toBe('found')
  })

  it('folds the builder\'s own work, and asks to unfold it', async () => {
    const wrapper = mount(DemoOutput, { props: { ...base, fold: 'aside', output: whole(log) } })
    expect(wrapper.text()).not.toContain('[internal]')
    await wrapper.get('button').trigger('click')
    expect(wrapper.emitted('unfold')).toHaveLength(1)
    await wrapper.setProps({ fold: 'nothing' })
    expect(wrapper.text()).toContain('[internal]')
  })

  it('cuts IDs, which are there for who asks', async () => {
    const id = 'f6f02d533372ac4f5d717078038944049281ff8e8673b9e3b218ef9a6f00a674'
    const wrapper = mount(DemoOutput, { props: { ...base, output: whole(`${id}\n`) } })
    expect(wrapper.text()).toBe('f6f02d533372…')
    expect(wrapper.get('span').attributes('title')).toBe(id)
    await wrapper.setProps({ whole: true })
    expect(wrapper.text()).toBe(id)
  })

  it('says how much is left out between head and tail', () => {
    const wrapper = mount(DemoOutput, { props: { ...base, output: { head: 'first\n', omitted: 12_345, tail: 'last\n' } } })
    expect(wrapper.text()).toMatch(/first[\s\S]*12\.3 kB 생략[\s\S]*last/)
  })
})
