import type { AddressInfo, Server } from 'node:net'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { engine } from './engine.ts'

/** Why no second engine can be started here, in Korean, or null. */
export const noSecondEngine: string | null
  = process.platform !== 'linux'
    ? '리눅스가 아니라서 두 번째 엔진을 띄울 수 없습니다.'
    : process.getuid?.() !== 0
      ? '두 번째 엔진을 띄우려면 root여야 합니다.'
      : `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter).some(folder => existsSync(join(folder, 'dockerd')))
        ? engine === null ? '베이스 이미지를 받아 올 이 컴퓨터의 엔진이 응답하지 않습니다.' : null
        : '이 컴퓨터에 dockerd가 없습니다.'

interface Options {
  /** A folder with certificates: it answers those who bring the right one on the loopback address too. */
  certificates?: string | null
  /** Whether it has a bridge, as usual; one with certificates has. Without, builds need `--network none`. */
  bridge?: boolean
  /** What it gets from the machine's own. */
  images?: string[]
  /** Room for its data, as mount writes it: little, so that a build can fill it. */
  room?: string
}

/**
 * An engine of its own beside the machine's, for tests that harm one: own socket, data, processes, and a network
 * namespace of its own. In the machine's one it would share the bridge docker0, or with `--bridge none` remove it.
 */
export class SecondEngine {
  readonly socket: string
  readonly host: string
  /** Where it answers with TLS too; null when it has no certificates. */
  tlsHost: string | null = null
  readonly #folder: string
  readonly #certificates: string | null
  readonly #bridge: boolean
  #daemon: ReturnType<typeof start> | null = null

  private constructor(folder: string, { certificates = null, bridge = certificates !== null }: Options) {
    this.#folder = folder
    this.#certificates = certificates
    this.#bridge = bridge
    this.socket = join(folder, 'e.sock')
    this.host = `unix://${this.socket}`
  }

  /**
   * Makes the folder and starts the engine.
   * @throws {Error} when it does not start or an image is not there; then nothing is left of it.
   */
  static async open({ images = ['busybox:stable'], room = '96m', ...options }: Options = {}): Promise<SecondEngine> {
    const engine = new SecondEngine(await mkdtemp('/tmp/ch01-e-'), options) // short: a socket's path has at most 107 bytes
    try {
      await engine.#fill(images, room)
    }
    catch (error) {
      await engine.remove()
      throw error
    }
    return engine
  }

  /** Starts the engine with room for its data, and brings the images over. */
  async #fill(images: readonly string[], room: string): Promise<void> {
    await mkdir(join(this.#folder, 'data'))
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${room}`, 'tmpfs', join(this.#folder, 'data')])
    await this.start()
    await execa('docker', ['image', 'save', ...images], { buffer: false }).pipe('docker', ['--host', this.host, 'image', 'load'])
  }

  async start(): Promise<void> {
    // Where nobody reaps, as in a container, the dead ones that these files name still seem to live.
    for (const file of ['pid', 'exec/containerd/containerd.pid'])
      await rm(join(this.#folder, file), { force: true })
    const listener = this.#certificates === null ? null : createServer().listen(0, '127.0.0.1')
    if (listener) {
      await once(listener, 'listening')
      this.tlsHost = `tcp://127.0.0.1:${(listener.address() as AddressInfo).port}`
    }
    this.#daemon = start({ folder: this.#folder, host: this.host, certificates: this.#certificates, bridge: this.#bridge, listener })
    listener?.close() // the daemon has it now
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

/**
 * A listening socket stays in the network namespace that it was opened in: the daemon gets this machine's as systemd would
 * hand it over.
 */
function start({ folder, host, certificates, bridge, listener }: {
  folder: string
  host: string
  certificates: string | null
  bridge: boolean
  listener: Server | null
}) {
  const network = bridge ? [] : ['--bridge', 'none', '--iptables=false', '--ip6tables=false']
  const tls = certificates === null
    ? []
    : [
        '--host',
        'fd://',
        '--tlsverify',
        '--tlscacert',
        join(certificates, 'ca.pem'),
        '--tlscert',
        join(certificates, 'server.pem'),
        '--tlskey',
        join(certificates, 'server-key.pem'),
      ]
  return execa('unshare', [
    '--net',
    'sh',
    '-c',
    'ip link set lo up; LISTEN_PID=$$ exec dockerd "$@"',
    'sh',
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
    ...network,
    ...tls,
  ], {
    stdio: ['ignore', 'ignore', { file: join(folder, 'log'), append: true }, ...listener ? [fileDescriptor(listener)] : []],
    buffer: false,
    reject: false,
    env: { PATH: `${process.env.PATH}${delimiter}/usr/sbin`, ...listener && { LISTEN_FDS: '1' } },
  })
}

/** Node shares a socket only with its own kind; for any other program its number is needed. */
function fileDescriptor(server: Server): 3 {
  return (server as unknown as { _handle: { fd: number } })._handle.fd as 3 // or any other: execa's types know but a few
}
