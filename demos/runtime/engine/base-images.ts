import type { DockerEngine } from './docker.ts'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { withParticle } from '../model/korean.ts'
import { ProblemError } from '../model/problem.ts'
import { inspectImage, isForPlatform } from './api.ts'

/** Longest pull, in milliseconds: a hall's network may be slow, but it must not hang. */
const PULL_TIMEOUT_MS = 10 * 60_000

const REGISTRY_CONFIG = `version: 0.1
storage:
  filesystem:
    rootdirectory: /var/lib/registry
  delete:
    enabled: true
http:
  addr: :5000
`

type Run = (program: string, ...args: string[]) => Promise<void>

/** How an image that a registry would give is made from Debian's packages. */
interface Recipe {
  name: RegExp
  /** Fills a folder with the image's files. */
  fill: (folder: string, run: Run, image: string) => Promise<void>
  /** What the image is started with, as a Dockerfile says it. */
  config: string[]
}

const recipes: readonly Recipe[] = [
  {
    name: /^debian:\w+-slim$/,
    config: ['CMD ["bash"]'],
    fill: async (folder, run, image) => {
      if (!existsSync('/usr/sbin/debootstrap'))
        await run('apt-get', 'install', '--yes', '--no-install-recommends', 'debootstrap')
      await run('debootstrap', '--variant=minbase', /:(\w+)-/.exec(image)![1]!, folder, await debianMirror())
    },
  },
  {
    name: /^busybox:/,
    config: ['CMD ["sh"]'],
    fill: async (folder, run) => {
      await unpack('busybox-static', folder, run)
      await Promise.all(['etc', 'root', 'tmp', 'var'].map(each => mkdir(join(folder, each), { recursive: true })))
      const { stdout } = await execa(join(folder, 'bin/busybox'), ['--list'])
      const applets = stdout.split('\n').filter(applet => applet !== 'busybox')
      await Promise.all(applets.map(applet => symlink('busybox', join(folder, 'bin', applet))))
    },
  },
  {
    // Debian has no registry:3: its docker-registry is 2.8 in all releases, and bears no other version's name here.
    name: /^registry:2$/,
    config: ['ENTRYPOINT ["registry"]', 'CMD ["serve", "/etc/docker/registry/config.yml"]', 'EXPOSE 5000'],
    fill: async (folder, run) => {
      await unpack('docker-registry', folder, run)
      await mkdir(join(folder, 'bin'))
      await rename(join(folder, 'usr/bin/docker-registry'), join(folder, 'bin/registry'))
      await writeFile(join(folder, 'etc/docker/registry/config.yml'), REGISTRY_CONFIG)
      const { stdout } = await execa('ldd', [join(folder, 'bin/registry')])
      for (const [library] of stdout.matchAll(/\/\S+/g)) {
        await mkdir(join(folder, dirname(library)), { recursive: true })
        await run('cp', '--dereference', library, join(folder, library))
      }
    },
  },
]

/**
 * Pulls a base image; where no registry is reached, a Debian machine's root makes it from Debian's packages.
 * Progress goes to `onProgress` line by line. An image of the engine's platform that is there already is left as it is.
 * @throws {ProblemError} when neither works or a signal stops it; nothing is left behind then.
 */
export async function prepareBaseImage(engine: DockerEngine, image: string, onProgress: (line: string) => void): Promise<void> {
  const found = await inspectImage(engine.api, image)
  if (found && isForPlatform(found, engine.version.platform))
    return
  onProgress(`docker image pull ${image}`)
  const options = { env: engine.env, stdin: 'ignore', all: true, reject: false, timeout: PULL_TIMEOUT_MS } as const
  const pull = execa('docker', ['image', 'pull', image], options)
  for await (const line of pull.iterable({ from: 'all' }))
    onProgress(line)
  const pulled = await pull
  if (pulled.exitCode === 0)
    return
  const recipe = recipes.find(({ name }) => name.test(image))
  if (!recipe || process.getuid?.() !== 0 || !await isDebian()) {
    throw new ProblemError({
      message: `베이스 이미지 ${withParticle(image, '을/를')} 레지스트리에서 받지 못했습니다.`,
      hint: '네트워크를 확인하고 다시 실행하세요. 다른 기계에서 docker image save로 저장한 파일을 docker image load로 읽어도 됩니다.',
      detail: pulled.all,
    })
  }
  onProgress(`레지스트리에 닿지 않아 데비안 패키지로 ${withParticle(image, '을/를')} 만듭니다.`)
  await makeFromPackages(engine, image, recipe, onProgress)
}

/** Downloads a Debian package, which is not installed, and unpacks it. */
async function unpack(name: string, folder: string, run: Run): Promise<void> {
  const { stdout } = await execa('apt-get', ['download', '--print-uris', name], { reject: false })
  if (stdout === '')
    await run('apt-get', 'update')
  const downloads = await mkdtemp(join(tmpdir(), 'docker-basics-deb-'))
  try {
    await execa('apt-get', ['download', '-o', 'APT::Sandbox::User=root', name], { cwd: downloads, stdin: 'ignore' })
    await run('dpkg-deb', '--extract', join(downloads, (await readdir(downloads))[0]!), folder)
  }
  finally {
    await rm(downloads, { recursive: true })
  }
}

/** Debian itself: its derivatives have other mirrors. */
async function isDebian(): Promise<boolean> {
  return /^ID="?debian"?$/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''))
}

async function makeFromPackages(
  engine: DockerEngine,
  image: string,
  { fill, config }: Recipe,
  onProgress: (line: string) => void,
): Promise<void> {
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-base-'))
  const options = { stdin: 'ignore', env: { DEBIAN_FRONTEND: 'noninteractive' }, cancelSignal: stop.signal } as const
  const run: Run = async (program, ...args) => {
    const child = execa(program, args, { ...options, all: true })
    for await (const line of child.iterable({ from: 'all' }))
      onProgress(line)
    await child
  }
  try {
    await fill(folder, run, image)
    const tar = execa('tar', ['-C', folder, '-c', '.'], { ...options, buffer: false })
    const changes = [...config, 'LABEL ch01.base=made-from-debian-packages'].flatMap(each => ['--change', each])
    await tar.pipe('docker', ['image', 'import', ...changes, '-', image], { env: engine.env, cancelSignal: stop.signal })
  }
  catch (error) {
    if (stop.signal.aborted)
      throw new ProblemError({ message: `${image} 만들기를 중단했습니다.`, hint: '다시 실행하면 처음부터 만듭니다.' }, { cause: error })
    if (error instanceof ProblemError)
      throw error
    throw new ProblemError({
      message: `데비안 패키지로 ${withParticle(image, '을/를')} 만들지 못했습니다.`,
      hint: '아래 원문을 확인하고 다시 실행하세요.',
      detail: error instanceof Error ? error.message : String(error),
    }, { cause: error })
  }
  finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/**
 * The mirror from which this machine has Debian's own packages, so that a local one is used too.
 * apt is asked, because third parties (Docker among them) also serve from paths that end in `/debian`.
 */
async function debianMirror(): Promise<string> {
  const ask = async (): Promise<string | undefined> => {
    const filters = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian', 'Component: main']
    const { stdout } = await execa('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...filters])
    return stdout.split('\n')[0] || undefined
  }
  let mirror = await ask()
  if (!mirror) {
    await execa('apt-get', ['update'], { stdin: 'ignore' }) // without package lists apt does not know the origins
    mirror = await ask()
  }
  if (!mirror)
    throw new ProblemError({ message: '이 컴퓨터의 데비안 미러를 찾지 못했습니다.', hint: '/etc/apt/sources.list.d를 확인하세요.' })
  return mirror
}
