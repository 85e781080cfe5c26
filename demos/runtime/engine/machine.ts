import type { Finding } from '../model/messages.ts'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, constants, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, relative, resolve } from 'node:path'
import process from 'node:process'
import { ProblemError } from '../model/problem.ts'
import { demosFolder } from '../run/catalogue.ts'
import { temporaryError } from '../run/own-folder.ts'
import { temporaryPrefix } from '../run/process-name.ts'
import { findingOf } from './finding.ts'

/** What a lecture needs of this machine besides its engine; a check gives null where nothing is amiss. */

/** What a run writes to the temporary folder at most, in bytes: a saved image. */
const TRIAL_SIZE = 8 * 1024 ** 2
/** How far two clocks may be apart, in milliseconds: certificates and caches do not mind that much. */
const CLOCK_TOLERANCE_MS = 60_000

/** Does in the folder for temporary files what a run does there: makes a folder, writes, and takes connections at a socket. */
export async function checkTemporaryFolder(): Promise<Finding | null> {
  let folder: string | null = null
  try {
    folder = await mkdtemp(temporaryPrefix())
    await writeFile(join(folder, 'trial'), randomBytes(TRIAL_SIZE))
    if (process.platform !== 'win32') { // where a socket is a pipe with a name of its own
      const server = createServer().listen(join(folder, 'output'))
      await once(server, 'listening')
      server.close()
    }
    return null
  }
  catch (error) {
    return findingOf('임시 폴더', temporaryError(error))
  }
  finally {
    if (folder !== null)
      await rm(folder, { recursive: true, force: true })
  }
}

/** Whether this user may write where Vite and the builds of the site do. */
export async function checkCheckout(root = resolve(demosFolder, '..')): Promise<Finding | null> {
  for (const part of ['node_modules', 'node_modules/.vite', 'node_modules/.vite-temp', 'node_modules/.cache', 'demos']) {
    const folder = join(root, part)
    try {
      await access(folder, constants.W_OK)
    }
    catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT')
        continue
      const { uid } = await stat(folder)
      const isOwn = uid === process.getuid?.()
      return {
        name: '저장소',
        state: 'bad',
        message: `${folder}에 쓸 수 없습니다.${isOwn ? '' : ` 주인이 다른 사용자(${uid === 0 ? 'root' : `번호 ${uid}`})입니다.`}`,
        hint: code === 'EROFS' || process.platform === 'win32'
          ? '자신이 쓸 수 있는 폴더에 다시 복제하세요.'
          : `${isOwn ? 'chmod -R u+w' : 'sudo chown -R "$USER"'} ${JSON.stringify(root)}을 실행하세요.`,
        detail: (error as Error).message,
      }
    }
  }
  return null
}

/**
 * Checks before the deck is opened what would make it fail on the way.
 * @throws {ProblemError} when there is no folder for temporary files, or the checkout cannot be written to.
 */
export async function requireMachine(): Promise<void> {
  const found = await checkTemporaryFolder() ?? await checkCheckout()
  if (found) {
    const { message, hint = '', detail } = found
    throw new ProblemError({ message, hint, ...detail !== undefined && { detail } })
  }
}

/**
 * Files of the demos whose lines end as Windows ends them. Containers get them with LF; what somebody builds by hand from the
 * checkout does not.
 */
export async function checkLineEnds(folder = demosFolder): Promise<Finding | null> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && entry.parentPath !== folder && !/\.(?:ts|vue|cast)$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(file => !/^(?:runtime|commands)[/\\]/.test(file))
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')))
  const found = files.filter((_, index) => texts[index]!.includes('\r\n'))
  return found.length === 0
    ? null
    : {
        name: '줄 끝',
        state: 'warn',
        message: `데모의 파일 ${found.length}개가 윈도우의 줄 끝(CRLF)으로 되어 있습니다. 데모는 LF로 바꿔 실행합니다.`,
        hint: 'git config core.autocrlf input을 실행하고 저장소를 다시 복제하세요.',
        detail: found.join('\n'),
      }
}

/**
 * Whether the clocks are right: the engine's beside this machine's, and this machine's beside the last recording, which
 * cannot be of the future. Dates are ISO 8601; `asked` is this machine's time, in milliseconds, when the engine was asked.
 */
export function checkClock(engine: string | null, asked: number, lastRecording: string | null): Finding | null {
  const name = '시계'
  const apart = engine === null ? 0 : Date.parse(engine) - asked
  if (Math.abs(apart) > CLOCK_TOLERANCE_MS) {
    return {
      name,
      state: 'warn',
      message: `엔진의 시계가 이 컴퓨터보다 ${durationText(Math.abs(apart))} ${apart > 0 ? '빠릅니다' : '느립니다'}.`,
      hint: 'Docker Desktop이라면 다시 시작하고, 다른 기계의 엔진이라면 그 기계의 시계를 맞추세요.',
    }
  }
  if (lastRecording !== null && asked < Date.parse(lastRecording) - CLOCK_TOLERANCE_MS) {
    return {
      name,
      state: 'warn',
      message: `이 컴퓨터의 시계가 마지막 녹화(${lastRecording.slice(0, 10)})보다 과거를 가리킵니다.`,
      hint: '시계를 맞추세요. 틀린 시계로는 레지스트리와 사이트의 인증서가 거절됩니다.',
    }
  }
  return null
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes}분` : minutes < 48 * 60 ? `${Math.round(minutes / 60)}시간` : `${Math.round(minutes / 60 / 24)}일`
}
