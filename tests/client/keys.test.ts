import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findAll, MOST_HITS } from '../../demos/runtime/client/find.ts'
import { actionOf, keys } from '../../demos/runtime/client/keys.ts'

it('the table of keys in the README beside them is the deck\'s own', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../demos/runtime/client/README.md'), 'utf8')
  const rows = keys.map(({ shown, does }) => `| ${shown.map(key => `\`${key}\``).join(' ')} | ${does} |`)
  expect(readme).toContain(['| 키 | 하는 일 |', '|---|---|', ...rows, ''].join('\n'))
})

it('no key does two things', () => {
  const signs = keys.flatMap(({ signs }) => signs ?? [])
  expect(new Set(signs).size).toBe(signs.length)
})

it.each([
  ['QWERTY', 'r', 'KeyR', 'start'],
  ['QWERTY with caps lock', 'R', 'KeyR', 'start'],
  ['QWERTY, ? above /', '?', 'Slash', 'help'],
  ['QWERTY, =', '=', 'Equal', 'larger'],
  ['QWERTY, number pad', '/', 'NumpadDivide', 'search'],
  ['AZERTY, m beside l', 'm', 'Semicolon', 'big'],
  ['AZERTY, the comma where m is', ',', 'KeyM', undefined],
  ['AZERTY, q where a is', 'q', 'KeyA', 'audience'],
  ['AZERTY, a where q is', 'a', 'KeyQ', undefined],
  ['AZERTY, / above the colon', '/', 'Period', 'search'],
  ['AZERTY, - on the six', '-', 'Digit6', 'smaller'],
  ['Dvorak, r where o is', 'r', 'KeyO', 'start'],
  ['Dvorak, p where r is', 'p', 'KeyR', undefined],
  ['Dvorak, s where the semicolon is', 's', 'Semicolon', 'stop'],
  ['Dvorak, / where [ is', '/', 'BracketLeft', 'search'],
  ['QWERTZ, + on its own key', '+', 'BracketRight', 'larger'],
  ['QWERTZ, - where / is', '-', 'Slash', 'smaller'],
  ['QWERTZ, ß where - is', 'ß', 'Minus', undefined],
  ['QWERTZ, ? above ß', '?', 'Minus', 'help'],
  ['Korean, two sets', 'ㄱ', 'KeyR', 'start'],
  ['Korean, two sets, with shift', 'ㄲ', 'KeyR', 'start'],
  ['Korean, two sets, composing', 'Process', 'KeyS', 'stop'],
  ['Korean, three sets', 'ㅐ', 'KeyR', 'start'],
  ['Korean, three sets, where / is', 'ㅗ', 'Slash', 'search'],
  ['Russian', 'к', 'KeyR', 'start'],
  ['Russian, the full stop where / is', '.', 'Slash', 'blank'],
  ['a clicker\'s blank key', '.', 'Period', 'blank'],
  ['Korean, two sets, b', 'ㅠ', 'KeyB', 'blank'],
  ['Greek', 'μ', 'KeyM', 'big'],
  ['a named key', 'Enter', 'Enter', undefined],
  ['a dead key', 'Dead', 'BracketLeft', undefined],
])('on %s: %s at %s does %s', (_, key, code, action) => {
  expect(actionOf({ key, code })).toBe(action)
})

it.each([
  ['Hello hello', 'HELLO', [0, 6]],
  ['안녕, 도커! 안녕', '안녕', [0, 8]],
  ['aaaa', 'aa', [0, 2]],
  ['a.b', '.', [1]],
  ['text', '', []],
])('in %j, %j is found at %j', (text, query, hits) => {
  expect(findAll(text, query)).toEqual(hits)
})

it('a flood of hits is bounded', () => {
  expect(findAll('a'.repeat(100_000), 'a')).toHaveLength(MOST_HITS)
})
