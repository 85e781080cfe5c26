import { expect, it } from 'vitest'
import { sizeText } from '../../demos/runtime/model/bytes.ts'
import { ledgerText } from '../../demos/runtime/model/ledger-text.ts'

it('sizes read as the docker CLI writes them', () => {
  expect([0, 999, 1000, 22_950_000, 999_950, 2e15].map(sizeText)).toEqual(['0 B', '999 B', '1.00 kB', '22.9 MB', '1.00 MB', '2.00e+3 TB'])
})

it('the ledger is summed up in a line; what the engine does not say counts for nothing', () => {
  expect(ledgerText([])).toBe('이 강의가 만든 것이 없습니다.')
  expect(ledgerText([
    { kind: '이미지', name: 'ch01/a:1', demo: 'a', bytes: 1000 },
    { kind: '컨테이너', name: 'b', demo: 'a', bytes: null },
    { kind: '이미지', name: 'ch01/c:1', demo: 'a', bytes: 500 },
  ])).toBe('이미지 2개, 컨테이너 1개 · 디스크 1.50 kB')
})
