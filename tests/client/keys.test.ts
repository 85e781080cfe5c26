import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findAll, MOST_HITS } from '../../demos/runtime/client/find.ts'
import { keys } from '../../demos/runtime/client/keys.ts'

it('the table of keys in the README beside them is the deck\'s own', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../demos/runtime/client/README.md'), 'utf8')
  const rows = keys.map(({ shown, does }) => `| ${shown.map(key => `\`${key}\``).join(' ')} | ${does} |`)
  expect(readme).toContain(['| 키 | 하는 일 |', '|---|---|', ...rows, ''].join('\n'))
})

it('no key does two things', () => {
  const codes = keys.flatMap(({ codes }) => codes ?? [])
  expect(new Set(codes).size).toBe(codes.length)
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
