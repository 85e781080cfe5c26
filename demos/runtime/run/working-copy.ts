import type { Demo } from '../../define.ts'
import { Buffer } from 'node:buffer'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { withParticle } from '../model/korean.ts'
import { FILE_LIMIT } from '../model/messages.ts'
import { ProblemError } from '../model/problem.ts'
import { demosFolder } from './catalogue.ts'
import { ownFolder, temporaryError } from './own-folder.ts'
import { isDead, temporaryPrefix } from './process-name.ts'

/** The files of one demo, copied to a folder of their own where they may be edited and built. */
export interface WorkingCopy {
  readonly folder: string
  /** The texts as they stand now, by file name. */
  readonly files: Readonly<Record<string, string>>
  /**
   * Writes a file of the demo.
   * @throws {ProblemError} when the demo has no such file or the text is over 64 KiB.
   */
  edit: (file: string, text: string) => Promise<void>
  /** Puts the original back and gives its text. */
  reset: (file: string) => Promise<string>
  /** Makes it anew, as it was last, where somebody has removed it, e.g. a cleaner of temporary files. */
  restore: () => Promise<void>
  /** Settles when all edits that were asked for before have been written, or refused. */
  written: () => Promise<void>
  remove: () => Promise<void>
  /** The same at once, for a process that is about to end. */
  removeSync: () => void
}

/**
 * Removes the working copies of processes that died; what cannot be removed stays.
 * @throws {ProblemError} when there is no folder for them.
 */
export async function removeOrphanedCopies(): Promise<void> {
  try {
    const folder = ownFolder()
    const names = (await readdir(folder)).filter(isDead)
    await Promise.all(names.map(name => rm(join(folder, name), { recursive: true, force: true }).catch(() => {})))
  }
  catch (error) {
    throw temporaryError(error)
  }
}

/** A text as a container needs it, however the checkout holds it: a script with CRLF or a byte order mark does not start. */
function withUnixLines(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}

/**
 * Copies a demo's files to a new temporary folder, with line ends that containers understand.
 * @throws {ProblemError} when there is no room for it, or no such folder; nothing is left of it then.
 */
export async function workingCopy(id: string, demo: Demo, from = join(demosFolder, id)): Promise<WorkingCopy> {
  let root: string | undefined
  try {
    root = await mkdtemp(temporaryPrefix())
    return await copyTo(join(root, id), demo, from)
  }
  catch (error) {
    if (root !== undefined)
      await rm(root, { recursive: true, force: true })
    throw temporaryError(error)
  }
}

async function copyTo(folder: string, demo: Demo, from: string): Promise<WorkingCopy> {
  const root = dirname(folder)
  const files: Record<string, string> = {}

  /** Settles when the last write that was asked for is done: they go one after the other, so that the last text stays. */
  let written = Promise.resolve()

  // A new file is renamed into place: where a step has put a link, nothing outside the folder is written.
  const write = (file: string, read: () => string | Promise<string>): Promise<string> => {
    const done = written.then(async () => {
      const text = await read()
      const next = join(root, 'next')
      await writeFile(next, text, { mode: 0o644 }).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOSPC' || error.code === 'EDQUOT' ? temporaryError(error) : error
      })
      const parent = dirname(join(folder, file))
      if (relative(await realpath(folder), await realpath(parent)).startsWith('..'))
        throw new ProblemError({ message: `${withParticle(file, '이/가')} 있는 폴더가 작업 폴더 밖을 가리켜 쓰지 않았습니다.`, hint: '정리를 누른 뒤 다시 시도하세요.' })
      await rename(next, join(folder, file))
      files[file] = text
      return text
    })
    written = done.then(() => {}, () => {})
    return done
  }
  const known = (file: string): void => {
    if (!demo.files.includes(file)) {
      throw new ProblemError({
        message: `이 데모에는 고칠 수 있는 파일 ${withParticle(JSON.stringify(file), '이/가')} 없습니다.`,
        hint: `고칠 수 있는 파일: ${demo.files.join(', ')}`,
      })
    }
  }
  const reset = async (file: string): Promise<string> => {
    known(file)
    return write(file, async () => withUnixLines(await readFile(join(from, file), 'utf8')))
  }

  const makeFolders = async (): Promise<void> => {
    for (const parent of [folder, ...demo.files.map(file => dirname(join(folder, file)))])
      await mkdir(parent, { recursive: true })
  }
  await makeFolders()
  for (const file of demo.files)
    await reset(file)
  return {
    folder,
    files,
    edit: async (file, text) => {
      known(file)
      if (Buffer.byteLength(text) > FILE_LIMIT)
        throw new ProblemError({ message: `파일이 ${FILE_LIMIT / 1024} KiB를 넘어 저장하지 않았습니다.`, hint: '내용을 줄이거나 되돌리기를 누르세요.' })
      await write(file, () => text)
    },
    reset,
    restore: async () => {
      if (existsSync(folder))
        return
      await makeFolders()
      for (const [file, text] of Object.entries(files))
        await write(file, () => text)
    },
    written: () => written,
    remove: async () => {
      await written
      await rm(root, { recursive: true, force: true })
    },
    removeSync: () => rmSync(root, { recursive: true, force: true }),
  }
}
