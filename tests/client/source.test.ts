import { describe, expect, it } from 'vitest'
import { defineDemo } from '../../demos/define.ts'
import { browserCannot, sourceOf } from '../../demos/runtime/client/source.ts'

describe('sourceOf', () => {
  const nothing = { live: null, reachable: null, browser: null, browserFirst: false }

  it.each([
    ['a live engine', { ...nothing, live: 'idle', reachable: true }, 'live'],
    ['a live engine, and one in the tab', { ...nothing, live: 'idle', reachable: true, browser: 'passed' }, 'live'],
    ['the same, where the deck runs in the tab first', {
      ...nothing,
      live: 'idle',
      reachable: true,
      browser: 'idle',
      browserFirst: true,
    }, 'browser'],
    ['a run in the tab when an engine turns up', { ...nothing, live: 'idle', reachable: true, browser: 'running' }, 'browser'],
    ['a run whose engine has died', { ...nothing, live: 'failed', reachable: false }, 'live'],
    ['the same, and an engine in the tab', { ...nothing, live: 'failed', reachable: false, browser: 'idle' }, 'browser'],
    ['a server without an engine', { ...nothing, live: 'idle', reachable: false }, 'recorded'],
    ['a static site', nothing, 'recorded'],
    ['a static site that is set to the tab, before it is loaded', { ...nothing, browserFirst: true }, 'recorded'],
    ['a static site with an engine in the tab', { ...nothing, browser: 'idle' }, 'browser'],
  ] as const)('%s', (_, offers, source) => {
    expect(sourceOf(offers)).toBe(source)
  })
})

describe('browserCannot', () => {
  const demo = defineDemo({ title: '', files: [], baseImages: ['busybox:stable'], steps: [{ id: 'one', title: '', command: ['true'] }] })

  it('says what keeps a demo from the engine in the tab', () => {
    expect(browserCannot(demo, ['busybox:stable'])).toBeNull()
    expect(browserCannot(demo, [])).toContain('busybox:stable')
    expect(browserCannot({ ...demo, notInTab: '까닭' }, ['busybox:stable'])).toBe('까닭')
  })
})
