import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The version in which what demos/runtime/client/slidev-internals.ts uses was last seen. */
const SEEN_IN = '53.0.0'

const folder = dirname(createRequire(import.meta.url).resolve('@slidev/client/package.json'))
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

describe(`what the pages use of Slidev ${SEEN_IN} beyond its API`, () => {
  it('is of the version that is installed', () => {
    expect(JSON.parse(read('package.json')), 'Slidev was updated: look at slidev-internals.ts, then set SEEN_IN').toMatchObject({
      version: SEEN_IN,
    })
  })

  it('tells of changes from other windows', () => {
    expect(read('state/shared.ts')).toMatch(/\bonPatch\b/)
    expect(read('state/shared.ts')).toMatch(/lastUpdate\?: \{/)
  })

  it('has switches for what a window sends', () => {
    const text = read('state/storage.ts')
    expect(text).toMatch(/export const syncDirections\b/)
    expect(text).toMatch(/presenterSend: /)
    expect(text).toMatch(/viewerSend: /)
  })

  it('has a clock that all windows share', () => {
    expect(read('composables/useTimer.ts')).toMatch(/return \{[^}]*status,[^}]*resume,[^}]*passed,[^}]*duration,/)
  })

  it('has an empty part in the presenter view\'s lower bar', () => {
    const text = read('pages/presenter.vue')
    expect(text).toContain('slidev-presenter')
    expect(text).toMatch(/class="grid-section bottom[^"]*"[\s\S]*?<div flex-auto \/>/)
  })

  it('turns pages by one object, whose functions keys, buttons and swipes take when they are set up', () => {
    expect(read('setup/root.ts')).toMatch(/nav: useNav\(\)[\s\S]*app\.provide\(injectionSlidevContext, context\)[\s\S]*for \(const setup of setups\)/)
    expect(read('composables/useNav.ts')).toMatch(/const localNav = toRaw\(context\)\.nav[\s\S]*\.\.\.nav,\s*\.\.\.localNav/)
    expect(read('setup/shortcuts.ts')).toMatch(/\{[^}]*\bnext,[^}]*\bprev,[^}]*\} = useNav\(\)/)
  })
})
