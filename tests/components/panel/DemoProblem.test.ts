// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import DemoProblem from '../../../components/panel/DemoProblem.vue'

it('a problem is announced with what to do next; the original is there on request', async () => {
  const wrapper = mount(DemoProblem, { props: { problem: { message: '도커가 없습니다.', hint: '켜세요.' } } })
  expect(wrapper.attributes('role')).toBe('alert')
  expect(wrapper.text()).toBe('도커가 없습니다. 켜세요.')
  expect(wrapper.find('details').exists()).toBe(false)
  await wrapper.setProps({ problem: { message: '도커가 없습니다.', hint: '켜세요.', detail: 'connection refused' } })
  expect(wrapper.get('details pre').text()).toBe('connection refused')
})
