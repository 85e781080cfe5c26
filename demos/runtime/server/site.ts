import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { execa, ExecaError } from 'execa'
import { ProblemError } from '../model/problem.ts'

const root = join(import.meta.dirname, '../../..')

/** The folder of the static site. */
export const siteFolder = join(root, 'dist')

/** Says for which lecture (LECTURE) the site was built. */
const lectureFile = join(siteFolder, 'lecture.txt')

/** What the site is made of; a change in any of it makes the site old. */
const sources = [
  'slides.md', 'slide-bottom.vue', 'global-top.vue', 'index.html', 'vite.config.ts', 'package-lock.json',
  'components', 'demos', 'layouts', 'pages', 'public', 'setup', 'styles',
]

/**
 * Builds the static site. Its addresses are relative: it works from any folder of a plain file server.
 * @throws {ProblemError} when it cannot be built.
 */
export async function buildSite(): Promise<void> {
  try {
    // A dev server that runs in this process has set NODE_ENV to something else.
    await execa('slidev', ['build', 'slides.md', '--base', './', '--out', 'dist'], {
      cwd: root,
      preferLocal: true,
      localDir: root,
      env: { NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    // Slidev's own page for wrong addresses finds its files at one depth alone.
    await Promise.all([
      writeFile(lectureFile, process.env.LECTURE ?? ''),
      copyFile(join(import.meta.dirname, 'not-found.html'), join(siteFolder, '404.html')),
    ])
  }
  catch (error) {
    throw new ProblemError({
      message: '정적 사이트를 만들지 못했습니다.',
      hint: '아래 원문이 가리키는 파일을 고친 뒤 다시 실행하세요.',
      detail: error instanceof ExecaError ? String(error.stderr) : String(error),
    }, { cause: error })
  }
}

/** Whether the site is there, of this lecture, and younger than all that it is made of. */
export async function isSiteFresh(): Promise<boolean> {
  if (await readFile(lectureFile, 'utf8').catch(() => null) !== (process.env.LECTURE ?? ''))
    return false
  const built = await changedAt(join(siteFolder, 'index.html'))
  const changes = await Promise.all(sources.map(source => newest(join(root, source))))
  return built > Math.max(...changes)
}

/** When a file, or the youngest file of a folder, was changed, in milliseconds since 1970; 0 when there is none. */
async function newest(path: string): Promise<number> {
  const files = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
  if (!files)
    return changedAt(path)
  return Math.max(0, ...await Promise.all(files.filter(file => file.isFile()).map(file => changedAt(join(file.parentPath, file.name)))))
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)
}
