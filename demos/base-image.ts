import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { docker } from './docker.ts'
import { ProblemError } from './problem.ts'

/** Longest pull, in milliseconds: a hall's network may be slow, but it must not hang. */
const PULL_TIMEOUT_MS = 10 * 60_000
const SOURCES = '/etc/apt'

/**
 * Whether the engine has an image of that name.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function hasImage(image: string): Promise<boolean> {
  return (await docker('image', 'ls', '--quiet', image)) !== ''
}

/**
 * Pulls a base image; where no registry is reached, a Debian machine's root makes it from Debian's packages.
 * Progress goes to `onProgress` line by line.
 * @throws {ProblemError} when neither works; nothing is left behind then.
 */
export async function prepareBaseImage(image: string, onProgress: (line: string) => void): Promise<void> {
  onProgress(`docker image pull ${image}`)
  const pull = execa('docker', ['image', 'pull', image], { stdin: 'ignore', all: true, reject: false, timeout: PULL_TIMEOUT_MS })
  for await (const line of pull.iterable({ from: 'all' }))
    onProgress(line)
  const pulled = await pull
  if (pulled.exitCode === 0)
    return
  const suite = /^debian:(\w+)-slim$/.exec(image)?.[1]
  if (!suite || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new ProblemError({
      says: `베이스 이미지 ${image}을(를) 레지스트리에서 받지 못했습니다.`,
      next: '네트워크를 확인하고 다시 실행하세요. 다른 기계에서 docker image save로 저장한 파일을 docker image load로 읽어도 됩니다.',
      detail: pulled.all,
    })
  }
  onProgress(`레지스트리에 닿지 않아 데비안 패키지로 ${image}을 만듭니다.`)
  await makeFromPackages(image, suite, onProgress)
}

async function makeFromPackages(image: string, suite: string, onProgress: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-base-'))
  const run = async (program: string, ...args: string[]): Promise<void> => {
    const child = execa(program, args, { stdin: 'ignore', all: true, env: { DEBIAN_FRONTEND: 'noninteractive' } })
    for await (const line of child.iterable({ from: 'all' }))
      onProgress(line)
    await child
  }
  try {
    if (!existsSync('/usr/sbin/debootstrap'))
      await run('apt-get', 'install', '--yes', '--no-install-recommends', 'debootstrap')
    await run('debootstrap', '--variant=minbase', suite, folder, await debianMirror())
    const tar = execa('tar', ['-C', folder, '-c', '.'], { buffer: false })
    await tar.pipe('docker', ['image', 'import', '--change', 'CMD ["bash"]', '--change', 'LABEL ch01.base=made-from-debian-packages', '-', image])
  }
  catch (error) {
    throw new ProblemError({ says: `데비안 패키지로 ${image}을(를) 만들지 못했습니다.`, next: '아래 원문을 확인하고 다시 실행하세요.', detail: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The mirror from which this machine has its own packages, so that a local one is used too. */
async function debianMirror(): Promise<string> {
  const files = [join(SOURCES, 'sources.list'), ...(await readdir(join(SOURCES, 'sources.list.d'))).filter(name => /\.(?:list|sources)$/.test(name)).map(name => join(SOURCES, 'sources.list.d', name))]
  for (const file of files.filter(existsSync)) {
    const uri = /^(?:URIs:|deb(?:\s+\[.*?\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(await readFile(file, 'utf8'))?.[1]
    if (uri)
      return uri
  }
  throw new ProblemError({ says: '이 기계의 데비안 미러를 찾지 못했습니다.', next: '/etc/apt/sources.list.d를 확인하세요.' })
}
