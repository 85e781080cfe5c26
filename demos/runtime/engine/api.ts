import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { Duplex as DuplexStream } from 'node:stream'
import { text } from 'node:stream/consumers'
import { ProblemError } from '../model/problem.ts'

/**
 * The Engine API (https://docs.docker.com/reference/api/engine/) for the little that the docker CLI cannot do without a
 * terminal. `docker system dial-stdio` is the way there: it honours contexts, DOCKER_HOST, ssh and TLS, as the CLI does.
 */
function dial(): Duplex {
  const { stdin, stdout } = spawn('docker', ['system', 'dial-stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const line = DuplexStream.from({ readable: stdout, writable: stdin })
  line.on('error', () => {}) // the request tells of it
  return line
}

function call(method: string, path: string, headers: Record<string, string> = {}) {
  return request({ method, path, headers: { Host: 'docker', ...headers }, createConnection: () => dial() })
}

/**
 * Posts to the engine, without a body.
 * @throws {ProblemError} when it refuses.
 */
export async function post(path: string): Promise<void> {
  const [response] = await once(call('POST', path, { Connection: 'close' }).end(), 'response') as [IncomingMessage]
  const body = await text(response)
  if ((response.statusCode ?? 500) >= 300)
    throw new ProblemError({ message: '도커 엔진이 요청을 거절했습니다.', hint: '아래 원문을 확인하세요.', detail: body })
}

/**
 * Posts to the engine and takes the connection over: what is written goes to a container's terminal, what is read comes from it.
 * @throws {ProblemError} when it refuses.
 */
export async function hijack(path: string): Promise<Duplex> {
  const asked = call('POST', path, { Connection: 'Upgrade', Upgrade: 'tcp' }).end()
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  asked.once('upgrade', (_, line: Duplex, head) => {
    line.unshift(head)
    resolve(line)
  })
  asked.once('error', reject)
  asked.once('response', response => void text(response).then(detail => reject(new ProblemError({ message: '컨테이너의 터미널에 연결하지 못했습니다.', hint: '아래 원문을 확인하세요.', detail })), reject))
  return promise
}
