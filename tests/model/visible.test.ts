import { expect, it } from 'vitest'
import { visible, visibleStream } from '../../demos/runtime/model/visible.ts'

it.each([
  ['colours', '\u001B[1;31mred\u001B[0m', '\u001B[1;31mred\u001B[0m'],
  ['line ends and tabs', 'one\r\ntwo\n\tthree', 'one\r\ntwo\n\tthree'],
  ['the clipboard', '\u001B]52;c;aGk=\u0007', '␛]52;c;aGk=␇'],
  ['a title', '\u001B]0;forged\u001B\\', '␛]0;forged␛\\'],
  ['a cursor that goes up, and a forged ✓', '\u001B[1A\r✓', '␛[1A␍✓'],
  ['control characters of eight bits', '\u009B1A\u007F', '<U+009B>1A␡'],
  ['text that is turned round', 'a\u202Eb', 'a<U+202E>b'],
])('shows %s as it may be', (_, text, shown) => {
  expect(visible(text)).toBe(shown)
})

it('takes a colour that comes in pieces for a colour, and ends it', () => {
  let shown = ''
  const stream = visibleStream(text => shown += text)
  for (const piece of 'a\u001B[31mb\r\n\u001B[2Jc\r')
    stream.push(piece)
  stream.end()
  expect(shown).toBe('a\u001B[31mb\r\n␛[2Jc␍\u001B[0m')
})
