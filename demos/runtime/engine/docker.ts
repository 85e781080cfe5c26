import type { EngineStatus } from '../model/messages.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { ExecOptions, Exit } from '../run/engine.ts'
import type { HttpApi } from './transports.ts'
import process from 'node:process'
import { execa, ExecaError } from 'execa'
import { isBuild } from '../model/docker-command.ts'
import { dockerProblem, engineSilent, noCli } from '../model/docker-problems.ts'
import { NoEngineError, ProblemError } from '../model/problem.ts'
import { temporaryError } from '../run/own-folder.ts'
import { buildEnvironment, cliEnvironment } from './cli-environment.ts'
import { exec } from './exec.ts'
import { PODMAN_ENV, podmanVersion } from './podman.ts'
import { KILL_DELAY_MS, Spawner } from './spawn.ts'
import { transportOf } from './transports.ts'

/** Time that a quick question to the engine may take, in milliseconds. */
const ASK_TIMEOUT_MS = 5000
/** Time that an engine may take to say that it is still there, in milliseconds. */
const PING_TIMEOUT_MS = 2000

export interface ConnectOptions {
  /** The lecturer's environment, which chooses the engine (DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG …). */
  env?: NodeJS.ProcessEnv
  /** Starts the programs of the engine's runs; several engines may share one. */
  spawner?: Spawner
  /** Longest wait for the answer to a quick question, in milliseconds. */
  askTimeoutMs?: number
  /** The same for a ping. */
  pingTimeoutMs?: number
}

interface EngineFacts extends Required<ConnectOptions> {
  /** What the docker CLI gets, as {@link cliEnvironment} makes it of the lecturer's. */
  cliEnv: NodeJS.ProcessEnv
  version: EngineVersion
  /** The engine's address as DOCKER_HOST has it; null where the CLI does not say. */
  host: string | null
  /** The context that was chosen; null where DOCKER_HOST chooses. */
  context: string | null
  tls: boolean
}

/**
 * An engine that the docker CLI reaches. It keeps the context by which it was chosen, so that what a run checks and what it
 * does is the same engine's, whatever `docker context use` says later.
 */
export class DockerEngine {
  readonly version: EngineVersion
  readonly host: string | null
  readonly context: string | null
  readonly api: HttpApi
  readonly spawner: Spawner
  readonly askTimeoutMs: number
  readonly #pingTimeoutMs: number
  readonly #env: NodeJS.ProcessEnv
  readonly #cliEnv: NodeJS.ProcessEnv

  constructor({ version, host, context, tls, env, cliEnv, spawner, askTimeoutMs, pingTimeoutMs }: EngineFacts) {
    this.version = version
    this.host = host
    this.context = context
    this.spawner = spawner
    this.askTimeoutMs = askTimeoutMs
    this.#pingTimeoutMs = pingTimeoutMs
    this.#env = env
    this.#cliEnv = cliEnv
    this.api = transportOf({ host, tls, env: () => this.env }, askTimeoutMs)
  }

  /** The environment for the docker CLI and other programs that are to reach this engine. */
  get env(): NodeJS.ProcessEnv {
    return this.context === null ? this.#cliEnv : { ...this.#cliEnv, DOCKER_CONTEXT: this.context }
  }

  /** The same for a build. */
  get buildEnv(): NodeJS.ProcessEnv {
    return buildEnvironment(this.env)
  }

  /** Whether the engine listens on this machine; Docker Desktop's does, though its containers run in a virtual machine. */
  get isLocal(): boolean {
    return /^(?:unix|npipe):/.test(this.host ?? '')
  }

  /** Whether the engine is still there. Over a socket this takes about a millisecond. */
  async ping(): Promise<boolean> {
    return this.api.request('GET', '/_ping', { timeoutMs: this.#pingTimeoutMs }).then(({ status }) => status === 200, () => false)
  }

  /**
   * Makes ready what a run needs of this machine: the process that starts its programs, and the docker CLI's configuration.
   * @throws {ProblemError} when the process does not start.
   */
  async prepare(): Promise<void> {
    await Promise.all([this.spawner.start(), cliEnvironment(this.#env)])
  }

  /**
   * What the docker CLI prints on stdout.
   * @throws {ProblemError} when there is no CLI, no answer in time, or an exit code other than 0.
   */
  async docker(args: readonly string[]): Promise<string> {
    return ask(args, this.env, this.askTimeoutMs)
  }

  /**
   * Runs an argument list, without a shell, in the folder `cwd`.
   * @throws {ProblemError} when the program cannot be started.
   */
  async exec(args: string[], options: ExecOptions & { cwd: string }): Promise<Exit> {
    const env = isBuild(args) ? this.buildEnv : this.env
    const ofPodman = podmanVersion(this.version) === null ? {} : PODMAN_ENV
    return exec(args, { ...options, env: { ...env, ...ofPodman }, spawner: this.spawner })
  }
}

/**
 * Finds the engine that the docker CLI reaches from an environment, and its version.
 * @throws {NoEngineError} when there is no CLI or the engine does not answer.
 */
export async function connectEngine({
  env = process.env,
  spawner = new Spawner(),
  askTimeoutMs = ASK_TIMEOUT_MS,
  pingTimeoutMs = PING_TIMEOUT_MS,
}: ConnectOptions = {}): Promise<DockerEngine> {
  try {
    const cliEnv = await cliEnvironment(env).catch((error: unknown) => Promise.reject(temporaryError(error)))
    const [version, builder, context, store] = await Promise.all([
      ask(['version', '--format', '{{json .}}'], cliEnv, askTimeoutMs),
      ask(['buildx', 'version'], cliEnv, askTimeoutMs).catch(() => null),
      ask(['context', 'inspect'], cliEnv, askTimeoutMs).then(contextOf, () => null),
      ask(['info', '--format', '{{json .}}'], cliEnv, askTimeoutMs).then(storeOf, () => undefined),
    ])
    return new DockerEngine({
      version: { ...versionOf(version, builder), ...store !== undefined && { store } },
      host: context?.host ?? env.DOCKER_HOST ?? null,
      context: env.DOCKER_HOST ? null : context?.name ?? null,
      tls: Boolean(context?.tls || env.DOCKER_TLS || env.DOCKER_TLS_VERIFY),
      env,
      cliEnv,
      spawner,
      askTimeoutMs,
      pingTimeoutMs,
    })
  }
  catch (error) {
    if (error instanceof ProblemError)
      throw new NoEngineError(error.problem, { cause: error })
    throw error
  }
}

/** Whether an engine answers, and with what; never throws for a known reason. */
export async function engineStatus(options?: ConnectOptions): Promise<EngineStatus> {
  try {
    const { version } = await connectEngine(options)
    return { reachable: true, version }
  }
  catch (error) {
    if (error instanceof NoEngineError)
      return { reachable: false, problem: error.problem }
    throw error
  }
}

async function ask(args: readonly string[], env: NodeJS.ProcessEnv, timeout: number): Promise<string> {
  try {
    const { stdout } = await execa('docker', args, { env, extendEnv: false, timeout, forceKillAfterDelay: KILL_DELAY_MS, stdin: 'ignore' })
    return stdout
  }
  catch (error) {
    if (!(error instanceof ExecaError))
      throw error
    if (error.code === 'ENOENT')
      throw new ProblemError(noCli, { cause: error })
    if (error.timedOut)
      throw new ProblemError({ ...engineSilent, detail: error.shortMessage }, { cause: error })
    const detail = String(error.stderr ?? '').trim() || error.shortMessage
    throw new ProblemError(dockerProblem(detail) ?? { message: 'docker 명령이 실패했습니다.', hint: '아래 원문을 확인하세요.', detail }, { cause: error })
  }
}

/** Of `docker version --format '{{json .}}'` and `docker buildx version`. */
function versionOf(version: string, builder: string | null): EngineVersion {
  const { Client, Server: { Version, Os, Arch, Components } } = JSON.parse(version) as {
    Client: { Version: string }
    Server: { Version: string, Os: string, Arch: string, Components?: { Name: string }[] }
  }
  const podman = Components?.some(({ Name }) => Name === 'Podman Engine')
  return {
    engine: podman ? `Podman ${Version}` : Version,
    builder: podman ? 'Buildah' : builder && `buildx ${/v?(\d+\.\d+\.\d+)/.exec(builder)?.[1] ?? builder}`,
    platform: `${Os}/${Arch}`,
    cli: Client.Version,
  }
}

/** Of `docker info --format '{{json .}}'`. */
function storeOf(output: string): string | undefined {
  const { Driver, DriverStatus } = JSON.parse(output) as { Driver?: string, DriverStatus?: [name: string, value: string][] | null }
  return DriverStatus?.some(([, value]) => value.startsWith('io.containerd.snapshotter.')) ? 'containerd' : Driver
}

/** Of `docker context inspect`, which without a name shows the context in use. */
function contextOf(output: string): { name: string, host: string | null, tls: boolean } | null {
  const [context] = JSON.parse(output) as {
    Name: string
    Endpoints?: { docker?: { Host?: string, SkipTLSVerify?: boolean } }
    TLSMaterial?: { docker?: string[] }
  }[]
  if (!context)
    return null
  const { Host, SkipTLSVerify } = context.Endpoints?.docker ?? {}
  return { name: context.Name, host: Host ?? null, tls: Boolean(SkipTLSVerify) || (context.TLSMaterial?.docker ?? []).length > 0 }
}
