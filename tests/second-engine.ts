import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'

/** Why no second engine can be started here, in Korean, or null. */
export const noSecondEngine: string | null
  = process.platform !== 'linux'
    ? '리눅스가 아니라서 두 번째 엔진을 띄울 수 없습니다.'
    : process.getuid?.() !== 0
      ? '두 번째 엔진을 띄우려면 root여야 합니다.'
      : `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter).some(folder => existsSync(join(folder, 'dockerd')))
        ? null
        : '이 기계에 dockerd가 없습니다.'

/** Room for the second engine's data: little, so that a build can fill it. */
const DATA_SIZE = '96m'

/**
 * An engine of its own beside the machine's, for tests that harm one: own socket, data, processes, and a network
 * namespace of its own. In the machine's one it would share the bridge docker0, or with `--bridge none` remove it.
 * Builds need `--network none`.
 */
export class SecondEngine {
  readonly socket: string
  readonly host: string
  readonly #folder: string
  #daemon: ReturnType<typeof start> | null = null

  private constructor(folder: string) {
    this.#folder = folder
    this.socket = join(folder, 'e.sock')
    this.host = `unix://${this.socket}`
  }

  /** Makes the folder and starts the engine, with busybox from the machine's own. */
  static async open(): Promise<SecondEngine> {
    const engine = new SecondEngine(await mkdtemp('/tmp/ch01-e-')) // short: a socket's path has at most 107 bytes
    await mkdir(join(engine.#folder, 'data'))
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${DATA_SIZE}`, 'tmpfs', join(engine.#folder, 'data')])
    await engine.start()
    await execa('docker', ['image', 'save', 'busybox:stable']).pipe('docker', ['--host', engine.host, 'image', 'load'])
    return engine
  }

  async start(): Promise<void> {
    // Where nobody reaps, as in a container, the dead ones that these files name still seem to live.
    for (const file of ['pid', 'exec/containerd/containerd.pid'])
      await rm(join(this.#folder, file), { force: true })
    this.#daemon = start(this.#folder, this.host)
    for (let tries = 0; tries < 200; tries++) {
      if ((await this.docker('version')).exitCode === 0)
        return
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    throw new Error(`the second engine did not start:\n${(await readFile(join(this.#folder, 'log'), 'utf8')).slice(-1000)}`)
  }

  /** Sends the daemon a signal; after one that ends it, waits for the end. */
  async signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    this.#daemon?.kill(signal)
    if (signal === 'SIGKILL' || signal === 'SIGTERM')
      await this.#daemon
  }

  /** Asks this engine itself, whatever the environment says. */
  docker(...args: string[]) {
    return execa('docker', ['--host', this.host, ...args], { reject: false, stdin: 'ignore', timeout: 10_000, env: { DOCKER_CONTEXT: '' } })
  }

  /** Ends the engine and all of its processes and removes what it has written. */
  async remove(): Promise<void> {
    this.#daemon?.kill('SIGCONT')
    const all = await this.docker('container', 'ls', '--all', '--quiet')
    if (all.exitCode === 0 && all.stdout !== '')
      await this.docker('container', 'rm', '--force', ...all.stdout.split('\n'))
    this.#daemon?.kill('SIGTERM')
    await this.#daemon
    // What a killed daemon has left: its containerd and shims carry the folder on their command line.
    await execa('pkill', ['-KILL', '-f', this.#folder], { reject: false })
    await execa('sh', ['-c', `grep -o '${this.#folder}[^ ]*' /proc/self/mounts | sort -r | xargs -r umount -l`], { reject: false })
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function start(folder: string, host: string) {
  return execa('unshare', [
    '--net',
    'dockerd',
    '--host',
    host,
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '--pidfile',
    join(folder, 'pid'),
    '--containerd-namespace',
    'ch01-test',
    '--containerd-plugins-namespace',
    'ch01-test-plugins',
    '--bridge',
    'none',
    '--iptables=false',
    '--ip6tables=false',
  ], { stdin: 'ignore', stdout: 'ignore', stderr: { file: join(folder, 'log'), append: true }, buffer: false, reject: false, env: { PATH: `${process.env.PATH}${delimiter}/usr/sbin` } })
}
