import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { checkoutProblem } from '../../demos/runtime/run/checkout.ts'
import { copyDeck } from '../support/deck-copy.ts'

describe('the folder of the deck', () => {
  it.each([
    'c#sharp', '100%done', 'why?', 'star*', '[old]', 'a]', '{a}', 'a}', 'o\'neil', 'say "hi"', '`x`', 'back\\slash', 'a<b', 'a|b', 'a^b',
    'two\nlines', 'tab\t', 'a:b', '$&', 'a$$b', 'two\u2028lines',
  ])('%j is named with what to do', (name) => {
    const problem = checkoutProblem(join('/home/me', name, 'docker-basics'))
    expect(problem?.message).toMatch(/^폴더 이름에 쓸 수 없는 문자가 있어 슬라이드를 열 수 없습니다: \S/)
    expect(problem?.hint).toContain('바꾼 뒤')
    expect(problem?.detail).toContain(name)
  })

  it.each([
    'docker-basics', 'a b', '강의 자료', 'docker-basics (1)', 'p+plus&x', '!x', '@x', '~x', '$HOME', '$1', 'a,b;c=d', 'été', '講義', '👩‍🏫',
  ])('%j may be', (name) => {
    expect(checkoutProblem(join('/home/me', name, 'docker-basics'))).toBeNull()
  })

  it.each(['start', 'build', 'export'])('is looked at before npm run %s opens the slides', async (command) => {
    const deck = dirname(await copyDeck('# 슬라이드\n'))
    const parent = await mkdtemp(join(tmpdir(), 'docker-basics-test-'))
    const folder = join(parent, 'c#sharp')
    try {
      await rename(deck, folder)
      const program = join(folder, 'demos/commands', `${command}.ts`)
      const { stderr, exitCode } = await execa('node', [program], { reject: false, timeout: 60_000 })
      expect(stderr).toContain('폴더 이름에 쓸 수 없는 문자가 있어 슬라이드를 열 수 없습니다: ‘#’')
      expect(exitCode).toBe(1)
    }
    finally {
      await rm(parent, { recursive: true, force: true })
    }
  })
})
