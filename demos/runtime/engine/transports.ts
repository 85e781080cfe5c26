import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import type { EngineApi } from './api.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { Duplex as DuplexStream, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { dockerProblem, engineSilent } from '../model/docker-problems.ts'
import { ProblemError } from '../model/problem.ts'

/** The port of an engine without TLS, where its address names none. */
const PLAIN_PORT = 2375

/** An engine's API over HTTP, which also gives a connection away. */
export interface HttpApi extends EngineApi {
  /**
   * Posts and takes the connection over: what is written goes to a container's terminal, what is read comes from it.
   * @throws {ProblemError} when the engine refuses.
   */
  hijack: (path: string) => Promise<Duplex>
}

/** Where an engine is: its address, whether TLS lies on the way, and the environment that the docker CLI needs for it. */
export interface EngineAddress {
  /** As DOCKER_HOST has it, e.g. `unix:///var/run/docker.sock`; null where the CLI does not say. */
  host: string | null
  tls: boolean
  env: () => NodeJS.ProcessEnv
}

/**
 * The way to an engine: its socket or pipe, or its TCP port where that is plain; else `docker system dial-stdio`, which
 * honours contexts, ssh and TLS as the CLI does and costs a process for each request.
 */
export function transportOf({ host, tls, env }: EngineAddress, timeoutMs: number): HttpApi {
  const socketPath = /^(?:unix|npipe):\/\/(.+)/.exec(host ?? '')?.[1]
  const over = (options: RequestOptions): HttpApi => httpApi(timeoutMs, () => ({ options, failure: error => socketFailure(host!, error) }))
  if (socketPath !== undefined)
    return over({ socketPath })
  const plain = tls ? null : /^tcp:\/\/(.+)/.exec(host ?? '')?.[1]
  if (plain) {
    const { hostname, port } = new URL(`http://${plain}`)
    return over({ hostname: hostname.replaceAll(/[[\]]/g, ''), port: port || PLAIN_PORT })
  }
  return httpApi(timeoutMs, () => dialStdio(env()))
}

/** One connection: how it is made, and what the docker CLI would say where it fails. */
interface Connection {
  options: RequestOptions
  failure: (error: Error) => string | Promise<string>
}

function socketFailure(host: string, { message }: Error): string {
  return /EACCES|EPERM/.test(message)
    ? `permission denied while trying to connect to the Docker daemon socket at ${host}: ${message}`
    : `Cannot connect to the Docker daemon at ${host}: ${message}`
}

function dialStdio(env: NodeJS.ProcessEnv): Connection {
  let stderr = ''
  let closed: Promise<unknown> = Promise.resolve()
  const createConnection = (): Duplex => {
    const cli = spawn('docker', ['system', 'dial-stdio'], { env, stdio: 'pipe' })
    // The CLI closes its stdin when the engine has answered; what it has printed by then is still to be read.
    const writable = new Writable({
      write: (chunk, encoding, done) => void cli.stdin.write(chunk, encoding, done),
      final: done => void cli.stdin.end(done),
    })
    cli.stdin.on('error', () => {}) // the write tells of it
    const connection = DuplexStream.from({ readable: cli.stdout, writable })
    cli.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr += chunk)
    closed = once(cli, 'close').catch(() => {})
    cli.once('error', error => connection.destroy(error))
    connection.on('error', () => {}) // the request has it too
    connection.once('close', () => cli.kill())
    return connection
  }
  const failure = async ({ message }: Error): Promise<string> => {
    await closed // the reason may come after the end of the connection
    return stderr.trim() || `Cannot connect to the Docker daemon: ${message}`
  }
  return { options: { createConnection }, failure }
}

function httpApi(defaultTimeoutMs: number, connect: () => Connection): HttpApi {
  return {
    request: async (method, path, { timeoutMs = defaultTimeoutMs } = {}) => {
      const { options, failure } = connect()
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const sent = send({ ...options, method, path, signal, headers: { Host: 'docker', Connection: 'close' } })
        const [response] = await once(sent, 'response') as [IncomingMessage]
        return { status: response.statusCode ?? 500, body: await text(response) }
      }
      catch (error) {
        throw signal.aborted
          ? new ProblemError({ ...engineSilent, detail: `${method} ${path}: no answer in ${timeoutMs} ms` }, { cause: error })
          : unreachable(await failure(error as Error), error)
      }
    },
    hijack: async (path) => {
      const { options, failure } = connect()
      const sent = send({ ...options, method: 'POST', path, headers: { Host: 'docker', Connection: 'Upgrade', Upgrade: 'tcp' } })
      const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
      sent.once('upgrade', (_, connection: Duplex, head) => {
        connection.unshift(head)
        resolve(connection)
      })
      sent.once('error', async error => reject(unreachable(await failure(error), error)))
      sent.once('response', response => void text(response).then((detail) => {
        reject(new ProblemError({ message: '컨테이너의 터미널에 연결하지 못했습니다.', hint: '아래 원문을 확인하세요.', detail }))
      }, reject))
      return promise
    },
  }
}

/** Sends a request without a body over a connection of its own: one that was kept would be dead after the engine's restart. */
function send(options: RequestOptions): ClientRequest {
  return request({ ...options, ...!options.createConnection && { agent: false } }).end()
}

function unreachable(detail: string, cause: unknown): ProblemError {
  return new ProblemError(dockerProblem(detail) ?? { message: '도커 엔진에 연결할 수 없습니다.', hint: 'npm run doctor로 확인하세요.', detail }, { cause })
}
