// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { copyText } from '../../demos/runtime/client/clipboard.ts'
import { note } from '../../demos/runtime/client/view-settings.ts'

afterEach(() => Reflect.deleteProperty(document, 'execCommand'))

it.each([
  ['that lets it', true, '명령을 복사했습니다.'],
  ['that refuses', false, '브라우저가 복사를 허락하지 않았습니다.'],
])('a page without HTTPS tells whether it has copied, in a browser %s', async (_, copied, told) => {
  document.execCommand = () => copied // happy-dom has none
  await copyText('docker version', '명령을 복사했습니다.')
  expect(note.value).toBe(told)
  expect(document.querySelector('textarea')).toBeNull()
})
