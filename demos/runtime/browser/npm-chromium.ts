import type { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { createHash, hash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { brotliDecompress, createBrotliDecompress } from 'node:zlib'
import { parseTar } from 'nanotar'
import { ProblemError } from '../model/problem.ts'

/** The Chromium that npm installs, for Linux on x64: the package @sparticuz/chromium holds it compressed, with its libraries and a font. */

const modules = join(import.meta.dirname, '../../../node_modules')
const archives = join(modules, '@sparticuz/chromium/bin')
/** SHA-256 of what the archives of @sparticuz/chromium 153.0.0 hold. */
const DIGESTS = {
  chromium: '53a15d6c3a3d27dfb54c4ba60278b1683136f70cf1e67e989da7dfbd3d451ef0',
  libraries: '395fa5e215cc097034be54ad0d710550e847679f336e1db9d61a03731b8ad2bc',
  fonts: '9cbd36ee6455bb09f49ed77ffd5302a6da316c7bd9266a25a8e69f3aea657c37',
}
/** One system font, without which Chromium shows no text at all, not even in the fonts that a page brings. */
const FONTS_CONF = '<?xml version="1.0"?>\n<fontconfig><dir prefix="relative">fonts</dir></fontconfig>\n'
/** Where it is unpacked to, in the project and not in the machine's shared temporary folder. */
const cache = join(modules, '.cache/docker-basics')

/** Where the program lies, or will lie once it is unpacked; null where npm's does not run. */
export function npmChromiumPath(folder = cache): string | null {
  const runsHere = process.platform === 'linux' && process.arch === 'x64' && existsSync(archives)
  return runsHere ? join(folder, `chromium-${hash('sha256', Object.values(DIGESTS).join()).slice(0, 12)}`, 'chromium') : null
}

/** The environment in which the program finds its libraries and its font: a bare machine has none of a browser's. */
export function npmChromiumEnv(program: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    LD_LIBRARY_PATH: [join(program, '../lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    FONTCONFIG_FILE: join(program, '../fonts.conf'),
  }
}

/** Whether Chromium's sandbox starts: npm's has no helper that root owns, so it needs the kernel's user namespaces. */
export function hasUserNamespaces(): boolean {
  try {
    execFileSync('unshare', ['--user', 'true'], { stdio: 'ignore' })
    return true
  }
  catch {
    return false
  }
}

/**
 * Unpacks the program and what it needs into a folder that only this user enters, once: whoever sees the program sees all of it.
 * @throws {ProblemError} when an archive holds something else than it should, or the folder cannot be written.
 */
export async function unpackNpmChromium(program: string, digests = DIGESTS): Promise<void> {
  if (existsSync(program))
    return
  const folder = join(program, '..')
  await mkdir(join(folder, '..'), { recursive: true })
  const part = await mkdtemp(`${folder}-`)
  try {
    await unpackProgram(join(part, 'chromium'), digests.chromium)
    await unpackTar('al2023.tar.br', digests.libraries, join(part, 'lib'))
    await unpackTar('fonts.tar.br', digests.fonts, join(part, 'fonts'))
    await writeFile(join(part, 'fonts.conf'), FONTS_CONF)
    await rename(part, folder)
  }
  catch (error) {
    await rm(part, { recursive: true, force: true })
    if (!existsSync(program)) { // another process may have been faster
      throw new ProblemError({
        message: 'npm이 설치한 브라우저를 풀지 못했습니다.',
        hint: 'npm ci를 다시 실행하거나, 설치된 크롬의 경로를 CHROME_PATH에 적으세요.',
        detail: String(error),
      }, { cause: error })
    }
  }
}

async function unpackProgram(path: string, digest: string): Promise<void> {
  const digester = createHash('sha256')
  await pipeline(createReadStream(join(
    archives,
    'chromium.br',
  )), createBrotliDecompress(), async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      digester.update(chunk)
      yield chunk
    }
  }, createWriteStream(path, { mode: 0o700 }))
  checkDigest('chromium.br', digester.digest('hex'), digest)
}

/** Unpacks an archive's files into one folder, whatever folders they lie in. */
async function unpackTar(archive: string, digest: string, folder: string): Promise<void> {
  const tar = await promisify(brotliDecompress)(await readFile(join(archives, archive)))
  checkDigest(archive, hash('sha256', tar), digest)
  await mkdir(folder)
  for (const { type, name, data } of parseTar(tar)) {
    if (type === 'file')
      await writeFile(join(folder, basename(name)), data!)
  }
}

function checkDigest(archive: string, found: string, expected: string): void {
  if (found !== expected)
    throw new Error(`${archive} holds ${found} instead of ${expected}`)
}
