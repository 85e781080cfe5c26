import { describe, expect, it } from 'vitest'
import { check, findExpected } from '../../demos/runtime/model/expectation.ts'

describe('an expected text', () => {
  const output = 'Client:\n Version:   26.1.5\n API:   1.45\nServer:\r\n Version:   29.0 (a+b)\n'

  it.each([
    ['26.1.5'],
    ['Version: [..]26[..]'],
    ['Client:\n...\nServer:'],
    ['Client:\nVersion:[..]\nAPI:[..]'],
    ['...\nAPI:   1.45'],
    ['\n  Client:\n  ...\n  Version:   29.0\n'],
    ['29.0 (a+b)'],
    ['API:[..]\n...'],
    ['Client:\n...\nAPI:   1.45\nServer:\nVersion:   29'],
    ['Client:\n[..]\n[..]1.45'],
  ])('%j is found', (text) => {
    expect(findExpected(text, output)).not.toBeNull()
  })

  it.each([
    ['26x1.5'],
    ['Client:[..]API'],
    ['Client:\nAPI:[..]'],
    ['Server:\n...\nClient:'],
    ['29.0 (aab)'],
    ['Client\nVersion:[..]'],
    ['Client:\n26.1.5'],
    ['Version:[..]6.1\nAPI:[..]'],
    ['API:[..]\n...\nAPI:[..]'],
  ])('%j is not found', (text) => {
    expect(findExpected(text, output)).toBeNull()
  })

  it.each([
    ['API:[..]', 'API:   1.45'],
    ['26[..]5', '26.1.5'],
    ['Client:\n...\nAPI:', 'Client:\n Version:   26.1.5\n API:'],
    ['Server:\nVersion:', 'Server:\r\n Version:'],
  ])('%j stands where it is', (text, found) => {
    const [from, to] = findExpected(text, output)!
    expect(output.slice(from, to)).toBe(found)
  })

  it('of dots alone is those dots', () => {
    expect(findExpected('...', 'Loading…')).toBeNull()
    expect(findExpected('...', 'Loading...')).not.toBeNull()
  })
})

it('a failed check says what was looked for', () => {
  const step = { expect: [
    { says: '인사', output: 'Hello[..]!' },
    { says: '숫자', output: /^\d+$/ },
    { says: '같음', sameAs: 'one' },
    { says: '다름', differsFrom: 'two' },
    { says: '나옴', output: 'bye' },
  ] }
  expect(check(step, 'bye\n', { one: 'b\n', two: 'bye' })).toEqual([
    { says: '인사', passed: false, missed: '출력에 없는 것: Hello[..]!' },
    { says: '숫자', passed: false, missed: '출력에 없는 것: /^\\d+$/' },
    { says: '같음', passed: false, missed: 'one 단계의 출력과 다릅니다: b' },
    { says: '다름', passed: false, missed: 'two 단계의 출력과 같습니다: bye' },
    { says: '나옴', passed: true },
  ])
})

it('a step that was skipped is compared with nothing', () => {
  const expectations = [{ says: '같음', sameAs: 'one' }, { says: '나옴', output: 'x' }]
  expect(check({ expect: expectations }, 'x', { one: undefined })).toEqual([{ says: '나옴', passed: true }])
})

describe('two outputs', () => {
  const passes = (text: string, other: string, expectation: object): boolean =>
    check({ expect: [{ says: '', ...expectation }] }, text, { one: other })[0]!.passed

  it('differ when no line of the one is in the other', () => {
    expect(passes('a 1\nb 2\n', 'a 3\nb 4\n', { differsFrom: 'one' })).toBe(true)
    expect(passes('a 1\nb 2\n', 'a 3\nb 2\n', { differsFrom: 'one' })).toBe(false)
  })

  it('are compared by the part that is named', () => {
    const part = /sha256:[0-9a-f]+/
    expect(passes('Digest: sha256:ab\n', '1: digest: sha256:ab size: 5', { sameAs: 'one', part })).toBe(true)
    expect(passes('Digest: sha256:ab\n', '1: digest: sha256:ac size: 5', { sameAs: 'one', part })).toBe(false)
  })

  it('of which one has nothing to compare are neither the same nor different', () => {
    for (const expectation of [{ sameAs: 'one' }, { differsFrom: 'one' }]) {
      expect(passes('', '', expectation)).toBe(false)
      expect(passes('a', '', expectation)).toBe(false)
    }
  })
})
