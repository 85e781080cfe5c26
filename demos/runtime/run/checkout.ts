import type { Problem } from '../model/problem.ts'
import { join } from 'node:path'
import process from 'node:process'

/** The folder of this repository. */
export const checkout = join(import.meta.dirname, '../../..')

/**
 * Signs that mean something where Vite and Slidev take a path for an address (`#`, `%`, `?`, `:`), a pattern (`*`, `[`, `{`),
 * what to put in a text (`$&`, `$$`), or the text of a program (quotes, the backslash, what ends a line).
 */
const SPECIAL = /[#%?:*[\]{}'"`\\<>|^\p{Cc}\p{Zl}\p{Zp}]|\$[$&]/u

/** Why slides cannot be opened in a folder of that name, or null. */
export function checkoutProblem(folder = checkout): Problem | null {
  const sign = SPECIAL.exec(process.platform === 'win32' ? folder.replace(/^[a-z]:/i, '').replaceAll('\\', '/') : folder)?.[0]
  if (sign === undefined)
    return null
  const shown = /[\p{Cc}\p{Zl}\p{Zp}]/u.test(sign) ? '제어 문자' : `‘${sign}’`
  return {
    message: `폴더 이름에 쓸 수 없는 문자가 있어 슬라이드를 열 수 없습니다: ${shown}`,
    hint: '저장소의 폴더와 그 위의 폴더 이름을 글자, 숫자, 빈칸, -, _만으로 바꾼 뒤 다시 실행하세요.',
    detail: folder,
  }
}
