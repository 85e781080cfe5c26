import type { ExecOptions, Exit } from '../run/engine.ts'
import type { Spawner } from './spawn.ts'
import { existsSync } from 'node:fs'
import { noCli } from '../model/docker-problems.ts'
import { ProblemError } from '../model/problem.ts'

/**
 * What a run's programs get besides the engine's environment: a log that can be read line by line, no advertising,
 * no search for a Git repository around the working copy, and no garbage collection in a Go program that holds less
 * than that (https://go.dev/doc/gc-guide#Memory_limit): the docker CLI lives for half a second.
 */
const RUN_ENV = { BUILDKIT_PROGRESS: 'plain', DOCKER_CLI_HINTS: 'false', BUILDX_GIT_INFO: 'false', GOGC: 'off', GOMEMLIMIT: '256MiB' }

/**
 * Runs an argument list, without a shell, in the folder `cwd`.
 * @throws {ProblemError} when the program cannot be started.
 */
export async function exec(
  args: string[],
  { cwd, env, spawner, signal, timeoutMs, onOutput }: ExecOptions & { cwd: string, env: NodeJS.ProcessEnv, spawner: Spawner },
): Promise<Exit> {
  if (signal.aborted)
    return { exitCode: null, ended: 'cancelled' }
  const result = await spawner.run({ args, cwd, timeoutMs, env: { ...env, ...RUN_ENV } }, { signal, onOutput })
  if ('exitCode' in result)
    return result
  const [program = ''] = args
  if (result.code === 'ENOENT' && !existsSync(cwd))
    throw new ProblemError({ message: '데모의 작업 폴더가 사라졌습니다.', hint: '다시 실행하면 새로 만듭니다. 고친 파일도 그대로입니다.', detail: result.detail })
  if (result.code !== 'ENOENT')
    throw new ProblemError({ message: `${program} 명령을 시작하지 못했습니다.`, hint: 'npm run doctor로 확인하세요.', detail: result.detail })
  throw new ProblemError(program === 'docker' ? noCli : { message: `${program} 명령을 찾을 수 없습니다.`, hint: '설치한 뒤 다시 실행하세요.' })
}
