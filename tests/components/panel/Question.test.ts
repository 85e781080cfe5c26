// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import Question from '../../../components/panel/Question.vue'

const answers = [{ says: '같다', sameAs: 'first' }, { says: '다르다', differsFrom: 'first' }, { says: '오류가 난다', output: 'Error' }]
const base = { question: '두 번 빌드하면 ID는?', answers, settlement: { state: 'open' } } as const

const marks = (wrapper: ReturnType<typeof mount>): string[] => wrapper.findAll('li').map(each => each.classes().join(' '))

it('a question names its answers and marks none before the run', () => {
  const wrapper = mount(Question, { props: { ...base } })
  expect(wrapper.get('.question').text()).toBe('두 번 빌드하면 ID는?')
  expect(wrapper.findAll('li').map(each => each.text().split(/\s+/).slice(0, 2).join(' '))).toEqual(['가 같다', '나 다르다', '다 오류가'])
  expect(marks(wrapper)).toEqual(['', '', ''])
  expect(wrapper.findAll('.mark:not(.off)')).toEqual([])
  expect(wrapper.find('[role="status"]').exists()).toBe(false)
})

it('the answer that the run confirms is marked, in a word too, and the others are not', () => {
  const wrapper = mount(Question, { props: { ...base, settlement: { state: 'settled', answer: 1 } } })
  expect(wrapper.attributes('data-settlement')).toBe('settled')
  expect(marks(wrapper)).toEqual(['wrong', 'right', 'wrong'])
  expect(wrapper.findAll('.mark:not(.off)').map(each => each.text())).toEqual(['✓ 출력이 확인한 답'])
})

it('a run that confirms no answer marks none and says why', () => {
  const wrapper = mount(Question, { props: { ...base, settlement: { state: 'unsettled', reason: '이 단계를 건너뛰어 답을 알 수 없습니다.' } } })
  expect(wrapper.get('[role="status"]').text()).toBe('이 단계를 건너뛰어 답을 알 수 없습니다.')
  expect(marks(wrapper)).toEqual(['', '', ''])
  expect(wrapper.findAll('.mark:not(.off)')).toEqual([])
})
