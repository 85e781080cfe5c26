// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import DemoOutput from '../../../components/panel/DemoOutput.vue'

const log = readFileSync(join(import.meta.dirname, '../../fixtures/builder-logs/buildx-0.13.1-uncached.txt'), 'utf8')
const whole = (text: string): { head: string, omitted: number, tail: string } => ({ head: text, omitted: 0, tail: '' })

describe('an output', () => {
  it('is text, whatever it says', () => {
    const wrapper = mount(DemoOutput, { props: { label: '출력', marks: [], output: whole('<img src=x onerror=alert(1)>\n') } })
    expect(wrapper.find('img').exists()).toBe(false)
    expect(wrapper.text()).toBe('<img src=x onerror=alert(1)>')
  })

  it('has its colours, and marks what the step is expected to show', () => {
    const wrapper = mount(DemoOutput, { props: { label: '출력', marks: ['found'], output: whole('\u001B[1mbold\u001B[0m, found\n') } })
    expect(wrapper.get('span').attributes('style')).toContain('bold')
    expect(wrapper.get('.marked').text()).toBe('found')
  })

  it('folds the builder\'s own work, and asks to unfold it', async () => {
    const wrapper = mount(DemoOutput, { props: { label: '출력', marks: [], folds: true, output: whole(log) } })
    expect(wrapper.text()).not.toContain('[internal]')
    await wrapper.get('button').trigger('click')
    expect(wrapper.emitted('unfold')).toHaveLength(1)
    await wrapper.setProps({ folds: false })
    expect(wrapper.text()).toContain('[internal]')
  })

  it('says how much is left out between head and tail', () => {
    const wrapper = mount(DemoOutput, { props: { label: '출력', marks: [], output: { head: 'first\n', omitted: 12_345, tail: 'last\n' } } })
    expect(wrapper.text()).toMatch(/first[\s\S]*12\.3 kB 생략[\s\S]*last/)
  })
})
