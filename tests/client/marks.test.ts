import type { Step } from '../../demos/define.ts'
import { describe, expect, it } from 'vitest'
import { marksOf } from '../../demos/runtime/client/marks.ts'

const steps: Step[] = [
  { id: 'one', title: '하나', command: ['a'] },
  { id: 'two', title: '둘', command: ['b'], expect: [{ says: '같습니다', sameAs: 'one' }, { says: '나옵니다', output: 'OK' }] },
  { id: 'three', title: '셋', command: ['c'], expect: [{ says: '나옵니다', output: /v\d/ }] },
]
function marked(index: number, output: string) {
  return marksOf(steps, index).map(mark => typeof mark === 'string'
    ? mark
    : mark.exec(output)?.[0])
}

describe('what is highlighted in a step\'s output', () => {
  it('is what it is expected to show', () => {
    expect(marked(2, 'about\nv7')).toEqual(['v7'])
  })

  it('is the line that is compared, in both steps', () => {
    expect(marked(0, '\nsha256:1\nrest')).toEqual(['sha256:1'])
    expect(marked(1, 'sha256:1 OK')).toEqual(['OK', 'sha256:1 OK'])
  })
})
