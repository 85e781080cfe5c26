import { expect, it } from 'vitest'
import { withoutFalsehoods } from '../../demos/runtime/server/without-falsehoods.ts'

it('a page gets a definition without what makes its claims false, and all the rest', () => {
  const source = `export default defineDemo({
  steps: [{
    id: 'one',
    expect: [{ says: 'falsify', output: /falsify: {}/, falsify: { files: { a: '},' } } }, { says: 'b' }],
    falsify: { commands: { one: ['x'] } },
  }],
})`
  expect(withoutFalsehoods(source).replaceAll(/\s/g, '')).toBe(`export default defineDemo({
  steps: [{
    id: 'one',
    expect: [{ says: 'falsify', output: /falsify: {}/, }, { says: 'b' }],
  }],
})`.replaceAll(/\s/g, ''))
})
