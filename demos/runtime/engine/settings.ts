import type { Finding } from '../model/messages.ts'
import type { DockerConfig } from '../run/docker-config.ts'
import type { DockerEngine } from './docker.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withParticle } from '../model/korean.ts'
import { configFolder, readDockerConfig } from '../run/docker-config.ts'
import { credentialHelpers, isProgram, proxyCatchesLocal } from './cli-environment.ts'

/**
 * Settings of the lecturer's that his own docker commands follow and the demos' do not, since a run leaves them out
 * (cli-environment.ts). They are told because an exercise that he types beside the slide would fail.
 */
export async function findSettings(env: NodeJS.ProcessEnv, engine: Pick<DockerEngine, 'host' | 'context'> | null): Promise<Finding[]> {
  let config: DockerConfig = {}
  const findings: Finding[] = []
  const tell = (name: string, what: string, hint: string, detail?: string): unknown => findings.push({
    name,
    state: 'warn',
    message: `${what} 데모는 이 설정 없이 실행합니다.`,
    hint,
    ...detail !== undefined && { detail },
  })
  try {
    config = readDockerConfig(env)
  }
  catch (error) {
    const file = join(configFolder(env), 'config.json')
    findings.push({
      name: '도커 설정',
      state: 'warn',
      message: `도커 설정 파일 ${withParticle(file, '을/를')} 읽을 수 없습니다. 데모는 빈 설정으로 실행합니다.`,
      hint: hintOf(error, env),
      detail: (error as Error).message,
    })
  }
  if (env.DOCKER_API_VERSION)
    tell('API 버전', `docker 명령이 쓸 API의 버전이 ${withParticle(env.DOCKER_API_VERSION, '으로/로')} 정해져 있습니다.`, 'DOCKER_API_VERSION을 지우세요.')
  const builder = env.BUILDX_BUILDER || await builderInUse(env, engine)
  if (builder) {
    tell(
      '고른 빌더',
      `빌드할 때 엔진의 빌더가 아니라 ${withParticle(builder, '을/를')} 쓰게 되어 있습니다.`,
      env.BUILDX_BUILDER ? 'BUILDX_BUILDER를 지우세요.' : 'docker buildx use default를 실행하세요.',
    )
  }
  if (env.DOCKER_DEFAULT_PLATFORM)
    tell('플랫폼', `기본 플랫폼이 ${withParticle(env.DOCKER_DEFAULT_PLATFORM, '으로/로')} 정해져 있습니다.`, 'DOCKER_DEFAULT_PLATFORM을 지우세요.')
  if (env.DOCKER_CONTENT_TRUST && !/^(?:0|f|false)$/i.test(env.DOCKER_CONTENT_TRUST))
    tell('이미지 서명', '서명된 이미지만 쓰게 되어 있습니다.', 'DOCKER_CONTENT_TRUST를 지우세요.')
  if (/^(?:0|f|false)$/i.test(env.DOCKER_BUILDKIT ?? ''))
    tell('BuildKit', 'BuildKit이 꺼져 있습니다.', 'DOCKER_BUILDKIT을 지우세요.')
  const missing = credentialHelpers(config).filter(program => !isProgram(program, env))
  if (missing.length > 0) {
    tell(
      '로그인 정보',
      `로그인 정보를 꺼내는 프로그램이 없습니다: ${missing.join(', ')}.`,
      `설치하거나, ${join(configFolder(env), 'config.json')}의 credsStore와 credHelpers에서 지우세요.`,
    )
  }
  if (config.proxies && Object.keys(config.proxies).length > 0) {
    findings.push({
      name: '컨테이너 프록시',
      state: 'warn',
      message: '모든 컨테이너와 빌드에 프록시를 넘기게 되어 있습니다. 데모는 빌드에만 넘기고, 컨테이너는 프록시 없이 실행합니다.',
      hint: '컨테이너끼리 주고받는 연습이라면 명령에 --env http_proxy= 를 더하세요.',
    })
  }
  if (proxyCatchesLocal(env))
    tell('프록시', '프록시가 이 컴퓨터 자신의 주소까지 가로챕니다.', 'NO_PROXY에 localhost,127.0.0.1을 더하세요. 브라우저의 프록시 예외도 확인합니다.')
  return findings
}

/** What to do about a configuration file that cannot be read. */
function hintOf(error: unknown, env: NodeJS.ProcessEnv): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM')
    return `이 파일의 주인을 자신으로 바꾸세요. 리눅스와 macOS에서는 sudo chown -R "$USER" ${configFolder(env)}`
  return error instanceof SyntaxError
    ? '아래 원문이 가리키는 JSON 문법이나 값을 고치거나, 파일을 다른 이름으로 옮기고 다시 로그인하세요. 앞머리의 BOM과 주석도 쓸 수 없습니다.'
    : '그 자리에 보통 파일만 두세요. DOCKER_CONFIG가 있으면 config.json이 든 폴더를 적습니다.'
}

/** The builder that `docker buildx use` has chosen for an engine; null where it is the engine's own. */
async function builderInUse(env: NodeJS.ProcessEnv, engine: Pick<DockerEngine, 'host' | 'context'> | null): Promise<string | null> {
  const file = join(env.BUILDX_CONFIG || join(configFolder(env), 'buildx'), 'current')
  try {
    const { Key, Name, Global } = JSON.parse(await readFile(file, 'utf8')) as { Key?: string, Name?: string, Global?: boolean }
    const isOwn = !Name || Name === 'default' || Name === engine?.context
    return !isOwn && (Global || Key === engine?.host || Key === engine?.context) ? Name : null
  }
  catch {
    return null // nobody has chosen one
  }
}
