// @vitest-environment happy-dom
import type { Demo } from '../../../demos/define.ts'
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import BrowserOffer from '../../../components/panel/BrowserOffer.vue'
import { defineDemo } from '../../../demos/define.ts'
import { createDemoState } from '../../../demos/runtime/client/demo-state.ts'
import { Store, storeKey } from '../../../demos/runtime/client/store.ts'

const demo = defineDemo({ title: '인사', files: [], baseImages: [], steps: [{ id: 'version', title: '버전', command: ['docker', 'version'] }] })

function offer({ definition = demo as Demo, notice = null as string | null } = {}): { store: Store, wrapper: ReturnType<typeof mount> } {
  const store = new Store({
    page: 'site',
    folders: { ids: [], onChange: null, load: async () => null },
    browserFirst: false,
    connect: () => () => {},
  })
  const state = createDemoState('hello')
  state.definition = definition
  return { store, wrapper: mount(BrowserOffer, { props: { demo: state, notice }, global: { provide: { [storeKey as symbol]: store } } }) }
}

describe('the offer of an engine in the tab', () => {
  it('says why there is no live run, and offers one here', () => {
    expect(offer({ notice: '도커가 없습니다.' }).wrapper.text()).toBe('도커가 없습니다. 브라우저에서 실행 (실험)')
  })

  it('says why the demo cannot run here', () => {
    const { wrapper } = offer({ definition: { ...demo, notInTab: '커널에 그 기능이 없습니다.' } })
    expect(wrapper.text()).toContain('커널에 그 기능이 없습니다.')
    expect(wrapper.find('button').exists()).toBe(false)
  })

  it('shows how far loading is, and what went wrong', async () => {
    const { store, wrapper } = offer()
    store.browserEngine.state.value = { state: 'loading', bytes: 5e6, total: 20e6, secondsLeft: 12 }
    await wrapper.vm.$nextTick()
    expect(wrapper.text()).toBe('5.0 / 20.0 MB · 12초 남음 취소')
    store.browserEngine.state.value = { state: 'failed', problem: { message: '멈췄습니다.', hint: '다시 하세요.' } }
    await wrapper.vm.$nextTick()
    expect(wrapper.get('[role="alert"]').text()).toContain('멈췄습니다. 다시 하세요.')
    expect(wrapper.get('[role="alert"] button').text()).toBe('다시 시도')
  })
})
