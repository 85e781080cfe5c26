import type { IncomingMessage } from 'node:http'
import type { Step } from '../../define.ts'
import type { EngineStatus } from '../model/messages.ts'
import type { Problem } from '../model/problem.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { ExecOptions, Exit } from '../run/run.ts'
import { once } from 'node:events'
import { request } from 'node:http'
import { hostname, release } from 'node:os'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { execa, ExecaError } from 'execa'
import { dockerProblem } from '../model/docker-problems.ts'
import { withParticle } from '../model/korean.ts'
import { ProblemError } from '../model/problem.ts'
import { KILL_DELAY_MS, launch } from './spawn.ts'

/** Time that a quick question to the engine may take, in milliseconds. */
const ASK_TIMEOUT_MS = 5000
/** Time that an engine on this machine may take to say that it is there, in milliseconds. */
const PING_TIMEOUT_MS = 2000
/** Time that a server that has been started may take to answer, and the pause before it is asked again, in milliseconds. */
const ANSWER_TIMEOUT_MS = 20_000
const ANSWER_PAUSE_MS = 50

const noCli: Problem = { message: 'docker 명령을 찾을 수 없습니다.', hint: 'Docker Engine 또는 Docker Desktop을 설치한 뒤 npm run doctor로 확인하세요.' }
const silent: Problem = { message: '도커 엔진이 응답하지 않습니다.', hint: '도커를 다시 시작한 뒤 기다리세요.' }

/**
 * What the docker CLI prints on stdout for a short question.
 * @throws {ProblemError} when there is no CLI, no answer in 5 s, or an exit code other than 0.
 */
export async function docker(...args: string[]): Promise<string> {
  return dockerWithin(ASK_TIMEOUT_MS, ...args)
}

/** The same for what may take longer. */
export async function dockerWithin(timeout: number, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execa('docker', args, { timeout, forceKillAfterDelay: KILL_DELAY_MS, stdin: 'ignore' })
    return stdout
  }
  catch (error) {
    if (!(error instanceof ExecaError))
      throw error
    if (error.code === 'ENOENT')
      throw new ProblemError(noCli, { cause: error })
    if (error.timedOut)
      throw new ProblemError({ ...silent, detail: error.shortMessage }, { cause: error })
    const detail = String(error.stderr ?? '').trim() || error.shortMessage
    throw new ProblemError(dockerProblem(detail) ?? { message: 'docker 명령이 실패했습니다.', hint: '아래 원문을 확인하세요.', detail }, { cause: error })
  }
}

/** The engine's socket on this machine; null when it is reached otherwise (ssh, TLS) or not asked yet. */
let localSocket: string | null = null

/** Chooses the engine once, so that what a run checks and what it does is the same engine's, whatever `docker context use` says later. */
async function pinContext(): Promise<void> {
  if (!process.env.DOCKER_HOST)
    process.env.DOCKER_CONTEXT ??= await docker('context', 'show')
  const host = await docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}')
  localSocket = host.startsWith('unix://') ? host.slice('unix://'.length) : null
}

/** Whether an engine on this machine that has answered before still does; false where only the CLI can tell. */
export async function pingEngine(): Promise<boolean> {
  return localSocket !== null && await get(localSocket, '/_ping', PING_TIMEOUT_MS).then(({ status }) => status === 200, () => false)
}

/** What the engine says of an image, of what we need (https://docs.docker.com/reference/api/engine/, ImageInspect). */
export interface ImageInspect {
  Id: string
  RepoTags: string[] | null
  Config: { Labels: Record<string, string> | null }
}

/**
 * An image by its name or id; null when there is none.
 * A run waits for this, so a local engine is asked directly; otherwise, or when that cannot be reached, the CLI is.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function inspectImage(name: string): Promise<ImageInspect | null> {
  const answer = localSocket === null
    ? null
    : await get(localSocket, `/images/${encodeURIComponent(name)}/json`).catch((error: unknown) => {
        if (error instanceof ProblemError)
          throw error
        return null
      })
  if (answer?.status === 200)
    return JSON.parse(answer.body) as ImageInspect
  if (answer?.status === 404)
    return null
  try {
    return (JSON.parse(await docker('image', 'inspect', name)) as ImageInspect[])[0] ?? null
  }
  catch (error) {
    if (error instanceof ProblemError && /no such (?:image|object)/i.test(error.problem.detail ?? ''))
      return null
    throw error
  }
}

/**
 * One request to the Engine API over its socket.
 * @throws {ProblemError} when the engine takes it and does not answer.
 */
async function get(socketPath: string, path: string, timeout = ASK_TIMEOUT_MS): Promise<{ status: number | undefined, body: string }> {
  const asked = request({ socketPath, path, timeout }).end()
  asked.once('timeout', () => asked.destroy(new ProblemError({ ...silent, detail: `GET ${path}: no answer in ${timeout} ms` })))
  const [response] = await once(asked, 'response') as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

/**
 * The version of the engine that the docker CLI reaches (DOCKER_HOST and context honoured).
 * @throws {ProblemError} when it does not answer.
 */
export async function engineVersion(): Promise<EngineVersion> {
  const [server, builder] = await Promise.all([
    docker('version', '--format', '{{json .Server}}'),
    docker('buildx', 'version').catch(() => null),
    pinContext().catch(() => {}), // without it the CLI answers all questions
  ])
  const { Version, Os, Arch, Components } = JSON.parse(server) as { Version: string, Os: string, Arch: string, Components?: { Name: string }[] }
  const podman = Components?.some(({ Name }) => Name === 'Podman Engine')
  return {
    engine: podman ? `Podman ${Version}` : Version,
    builder: podman ? 'Buildah' : builder && `buildx ${/v?(\d+\.\d+\.\d+)/.exec(builder)?.[1] ?? builder}`,
    platform: `${Os}/${Arch}`,
  }
}

/** Whether the engine answers, and with what; never throws for a known reason. */
export async function engineStatus(): Promise<EngineStatus> {
  try {
    return { reachable: true, version: await engineVersion() }
  }
  catch (error) {
    if (error instanceof ProblemError)
      return { reachable: false, problem: error.problem }
    throw error
  }
}

/** Why this machine cannot show a step, in Korean, or null: the engine is elsewhere, or a program or a permission is missing. */
export async function skips({ command: [program], host }: Step): Promise<string | null> {
  if (!host)
    return null
  if (!await engineIsHere())
    return `엔진이 이 기계에서 바로 돌고 있지 않습니다. ${host.elsewhere}`
  const { failed, code } = await execa(host.probe?.[0] ?? 'which', host.probe?.slice(1) ?? [program], { reject: false, stdin: 'ignore', timeout: ASK_TIMEOUT_MS })
  if (!failed)
    return null
  return code === 'ENOENT' || !host.probe ? `이 기계에 ${program} 명령이 없습니다.` : `이 기계가 ${withParticle(program!, '을/를')} 허락하지 않습니다.`
}

/** Whether the engine's host is this machine; Docker Desktop's is a virtual machine with a kernel of its own. */
export async function engineIsHere(): Promise<boolean> {
  return await docker('info', '--format', '{{.Name}} {{.KernelVersion}}') === `${hostname()} ${release()}`
}

/**
 * Waits until an address on this machine answers, whatever it says. The engine publishes a port before the program
 * behind it listens. Where the engine is elsewhere so is the port, and nothing is waited for.
 */
export async function answered(address: string, signal: AbortSignal): Promise<void> {
  if (localSocket === null)
    return
  const end = performance.now() + ANSWER_TIMEOUT_MS
  while (!signal.aborted && performance.now() < end) {
    const answer = await fetch(address, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) }).catch(() => null)
    if (answer !== null)
      return
    await new Promise(resolve => setTimeout(resolve, ANSWER_PAUSE_MS))
  }
}

/**
 * What a run's programs get besides this process's environment: a log that can be read line by line, no advertising,
 * no search for a Git repository around the working copy, and no garbage collection in a Go program that holds less
 * than that (https://go.dev/doc/gc-guide#Memory_limit): the docker CLI lives for half a second.
 */
const RUN_ENV = { BUILDKIT_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false', BUILDX_GIT_INFO: 'false', GOGC: 'off', GOMEMLIMIT: '256MiB' }

/**
 * Runs an argument list, without a shell, in a folder.
 * @throws {ProblemError} when the program cannot be started.
 */
export async function exec(args: string[], cwd: string, { signal, timeoutMs, onOutput }: ExecOptions, env: Record<string, string> = {}): Promise<Exit> {
  if (signal.aborted)
    return { exitCode: null, ended: 'cancelled' }
  const result = await launch({ args, cwd, timeoutMs, env: { ...process.env, ...RUN_ENV, ...env } }, signal, onOutput)
  if ('exitCode' in result)
    return result
  const [program] = args
  if (result.code !== 'ENOENT')
    throw new ProblemError({ message: `${program} 명령을 시작하지 못했습니다.`, hint: 'npm run doctor로 확인하세요.', detail: result.detail })
  throw new ProblemError(program === 'docker' ? noCli : { message: `${program} 명령을 찾을 수 없습니다.`, hint: '설치한 뒤 다시 실행하세요.' })
}
