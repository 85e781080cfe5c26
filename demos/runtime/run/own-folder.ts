import type { Problem } from '../model/problem.ts'
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ProblemError } from '../model/problem.ts'

/**
 * A folder for temporary files that is this user's alone: nobody else reads it, and nobody exchanges one of its folders
 * for a link while it is removed. It lies in XDG_RUNTIME_DIR, which is such a place (https://specifications.freedesktop.org/basedir/),
 * else in the shared temporary folder under the user's number.
 * Where somebody else has taken that name, it is a new one each time.
 */
export function ownFolder(): string {
  const { XDG_RUNTIME_DIR } = process.env
  const candidates = [
    ...XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker-basics')] : [],
    join(tmpdir(), `docker-basics-${userInfo().uid}`),
  ]
  return candidates.find(isOwn) ?? mkdtempSync(join(tmpdir(), 'docker-basics-'))
}

/** An error of the system's about a temporary folder with its words for people; any other error as it is. */
export function temporaryError(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  return code === undefined ? error : new ProblemError(temporaryProblem({ code, detail: message }), { cause: error })
}

/** What to do about a temporary folder in which nothing can be made, by the system's error. */
export function temporaryProblem({ code, detail }: { code: string | null, detail: string }): Problem {
  const folder = tmpdir()
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { message: `임시 폴더에 남은 공간이 없습니다: ${folder}`, hint: '공간을 비우거나 TMPDIR에 다른 폴더를 적은 뒤 다시 실행하세요.', detail }
    case 'ENOENT':
      return { message: `임시 폴더를 찾을 수 없습니다: ${folder}`, hint: '그 폴더를 만들거나 TMPDIR에 있는 폴더를 적은 뒤 다시 실행하세요.', detail }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { message: `임시 폴더에 쓸 수 없습니다: ${folder}`, hint: 'TMPDIR에 쓸 수 있는 폴더를 적은 뒤 다시 실행하세요.', detail }
    case 'EINVAL':
    case 'ENAMETOOLONG':
      return { message: '임시 폴더의 경로가 너무 길어 소켓을 만들 수 없습니다.', hint: 'TMPDIR에 /tmp처럼 짧은 경로를 적은 뒤 다시 실행하세요.', detail }
    default:
      return { message: `임시 폴더를 쓸 수 없습니다: ${folder}`, hint: 'TMPDIR에 다른 폴더를 적은 뒤 다시 실행하세요.', detail }
  }
}

/** Whether a folder is there, or could be made, that is this user's and nobody else's. */
function isOwn(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      return false
  }
  const found = lstatSync(path, { throwIfNoEntry: false })
  // Windows has no such modes, and its temporary folder is the user's own.
  return found?.isDirectory() === true && (process.platform === 'win32' || (found.uid === process.getuid!() && (found.mode & 0o077) === 0))
}
