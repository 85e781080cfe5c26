import type { Problem } from './problem.ts'
import { withParticle } from './korean.ts'

/** Known failures of the docker CLI and what to do, also on the engine in the tab where that differs; the first match counts. */
const known: readonly [pattern: RegExp, message: string, hint: string, inTab?: string][] = [
  [
    /permission denied[^\n]{0,200}docker\.sock|docker\.sock[^\n]{0,200}permission denied|permission denied while trying to connect/i,
    '도커 소켓에 접근할 권한이 없습니다.',
    '사용자를 docker 그룹에 넣고(sudo usermod -aG docker 사용자) 다시 로그인하세요.',
  ],
  [
    /certificate has expired or is not yet valid/i,
    '인증서의 기간이 지금 시각과 맞지 않습니다.',
    '이 컴퓨터와 엔진의 시계를 맞추세요. 시계가 맞다면 인증서를 새로 받으세요.',
  ],
  [
    /proxyconnect tcp/i,
    '프록시에 연결할 수 없습니다.',
    '도커 엔진의 프록시 설정(Docker Desktop의 Settings나 daemon.json)과 HTTP_PROXY를 확인하세요.',
  ],
  [
    /invalid header field (?:name|value)/i,
    '도커 명령이 엔진에 보내는 HTTP 헤더가 올바르지 않습니다.',
    '~/.docker/config.json의 HttpHeaders와 DOCKER_CUSTOM_HEADERS를 고치거나 지우세요.',
  ],
  [
    /client version \S{1,20} is too (?:old|new)/i,
    'docker 명령과 엔진의 버전이 서로 맞지 않습니다.',
    'docker 명령과 엔진 가운데 오래된 쪽을 업데이트하세요. DOCKER_API_VERSION이 있으면 지웁니다.',
  ],
  [
    /command \[ssh /i,
    'SSH로 도커 엔진이 있는 기계에 접속하지 못했습니다.',
    '터미널에서 ssh 사용자@기계 docker version을 실행해, 아무것도 묻지 않고 답이 나오는지 확인하세요.',
  ],
  [
    /tls: (?!first record)|x509: |certificate|\b(?:ca|cert|key)\.pem\b/i,
    '도커 엔진의 TLS 인증서가 맞지 않습니다.',
    'DOCKER_CERT_PATH나 컨텍스트의 ca.pem, cert.pem, key.pem과 엔진의 주소를 확인하세요.',
  ],
  [
    /invalid bind address|invalid SSH URL|unable to parse docker host|error during connect[^\n]{0,500}(?:no such host|invalid port|i\/o timeout|no route to host|network is unreachable)/i,
    '선택한 도커 엔진의 주소로 연결할 수 없습니다.',
    'DOCKER_HOST나 컨텍스트에 적힌 주소와 네트워크를 확인하세요. 이 컴퓨터의 엔진을 쓰려면 DOCKER_HOST를 지웁니다.',
  ],
  [
    /Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect|Is the docker daemon running/i,
    '도커 엔진에 연결할 수 없습니다.',
    '도커를 켠 뒤 기다리세요. 리눅스는 sudo systemctl start docker, 그 밖에는 Docker Desktop을 실행합니다.',
    '페이지를 새로 고친 뒤 엔진을 다시 불러오세요.',
  ],
  [
    /error waiting for container|error reading from server: EOF|code = Unavailable/i,
    '실행하는 동안 도커 엔진과의 연결이 끊겼습니다.',
    '도커를 다시 켜면 패널이 라이브로 돌아옵니다. 그동안 V를 누르면 녹화를 보여 줍니다.',
    '페이지를 새로 고친 뒤 엔진을 다시 불러오세요.',
  ],
  [
    /context "[^"\n]*" does not exist|context not found|Failed to initialize: unable to resolve docker endpoint/i,
    '선택한 도커 컨텍스트를 쓸 수 없습니다.',
    'docker context ls로 확인하고 docker context use default로 바꾸세요. DOCKER_CONTEXT가 있으면 지웁니다.',
  ],
  [
    /container name "[^"\n]*" is already in use|network with name \S* already exists/i,
    '같은 이름의 컨테이너나 네트워크가 이미 있습니다. 건드리지 않았습니다.',
    '이름을 바꾸거나 지운 뒤 다시 실행하세요. 이 강의가 남긴 것이라면 정리를 누르세요.',
  ],
  [/port is already allocated|address already in use/i, '데모가 쓰는 포트를 다른 프로그램이 쓰고 있습니다.', '출력에 나온 포트를 쓰는 프로그램을 끈 뒤 다시 실행하세요.'],
  [/"http:\/\/localhost:\d+\/v2\//, '이 컴퓨터의 레지스트리가 아직 응답하지 않습니다.', '레지스트리가 시작될 때까지 잠시 기다렸다가 다시 실행하세요.'],
  [
    /no space left on device/i,
    '디스크가 가득 찼습니다.',
    '공간을 비운 뒤 다시 실행하세요. 이 강의가 만든 것은 npm run demo -- clean으로 지울 수 있습니다.',
    '이 엔진의 디스크는 탭의 메모리입니다. 정리를 누르거나 페이지를 새로 고친 뒤 다시 불러오세요.',
  ],
  [
    /network bridge not found|to bridge docker0 failed|network bridge: .*not found/i,
    '엔진에 기본 네트워크(bridge)가 없습니다.',
    '도커 엔진을 다시 시작하세요. daemon.json에 "bridge": "none"이 있으면 지웁니다.',
    '페이지를 새로 고친 뒤 엔진을 다시 불러오세요.',
  ],
  [
    /no builder ".*" found/i,
    '고른 빌더가 없습니다.',
    'docker buildx use default를 실행하고, BUILDX_BUILDER가 있으면 지우세요.',
  ],
  [
    /error contacting notary server|remote trust data does not exist/i,
    '서명된 이미지만 받는 설정(DOCKER_CONTENT_TRUST)에 막혔습니다.',
    'DOCKER_CONTENT_TRUST를 지우고 다시 실행하세요.',
  ],
  [
    /error getting credentials|docker-credential-\S.*executable file not found/i,
    '레지스트리의 로그인 정보를 꺼내는 프로그램이 없거나 실패했습니다.',
    'npm run doctor로 어느 프로그램인지 확인하고 설치하거나, ~/.docker/config.json의 credsStore와 credHelpers를 고치세요.',
  ],
  [
    /does not match the specified platform|no match for platform in|operating system is not supported|exec format error/i,
    '이 엔진의 플랫폼(운영 체제와 CPU)에 맞지 않는 이미지나 프로그램입니다.',
    '--platform을 지우거나, 이 엔진에 맞는 이미지를 쓰세요.',
  ],
  [
    /^exec \/\S+: no such file or directory|exec user process caused: no such file|bad interpreter|^\S*env: .*(?:\r|\\r)/im,
    '실행할 파일이나, 그 첫 줄(#!)에 적힌 프로그램이 이미지에 없습니다.',
    '줄 끝이 윈도우의 CRLF여도 이렇게 됩니다. 되돌리기를 누르거나, 편집기에서 줄 끝을 LF로 바꾸세요.',
  ],
  [/unknown instruction|dockerfile parse error/i, 'Dockerfile에 오류가 있습니다.', '출력에 나온 줄을 고치거나 되돌리기를 누르세요.'],
  [/did not complete successfully|returned a non-zero code/i, 'Dockerfile의 RUN 명령이 실패했습니다.', '출력에 나온 줄을 고치거나 되돌리기를 누르세요.'],
  [
    /buildx[^\n]{0,200}(is not a docker command|component is missing)|unknown command: docker buildx|^unknown flag: --(?:progress|output|secret|ssh|load)$/im,
    'buildx가 설치되어 있지 않습니다.',
    'npm run doctor로 설치 방법을 확인하세요.',
  ],
]

export const noCli: Problem = { message: 'docker 명령을 찾을 수 없습니다.', hint: 'Docker Engine 또는 Docker Desktop을 설치한 뒤 npm run doctor로 확인하세요.' }
export const engineSilent: Problem = { message: '도커 엔진이 응답하지 않습니다.', hint: '도커를 다시 시작한 뒤 기다리세요.' }

/** How much of a text is looked at for a known failure: its end, and of each line the beginning, in characters. */
const READ_END = 16 * 1024
const READ_LINE = 1024

/** What is known of a command that has failed, besides what it has printed. */
export interface ProblemContext {
  /** Whether its engine is the one in the tab. */
  inTab?: boolean
  /** The images that `npm run doctor -- --prepare` brings. */
  baseImages?: readonly string[]
}

/** The problem that a text printed by the docker CLI tells of, or null when it is not a known one. */
export function dockerProblem(text: string, { inTab = false, baseImages = [] }: ProblemContext = {}): Problem | null {
  const lines = text.slice(-READ_END).split('\n').map(line => line.slice(0, READ_LINE)).join('\n')
  const found = known.find(([pattern]) => pattern.test(lines))
  const problem = found && { message: found[1], hint: inTab ? found[3] ?? found[2] : found[2] }
  const told = problem ?? missingImage(lines, { inTab, baseImages })
  return told && { ...told, detail: lines.trim() }
}

const NOT_FOUND = /failed to resolve source metadata|pull access denied|failed to do request|manifest unknown|Unable to find image|dial tcp: lookup/i
/** Where the docker CLI and its builder name the image that they have not found. */
const NAMES_IMAGE = [
  /failed to resolve source metadata for (\S+):/,
  /Unable to find image '([^']+)' locally/,
  /pull access denied for ([^\s,]+)/,
  /manifest for (\S+) not found/,
  /^Step \d+\/\d+ : FROM (?:--\S+ )*(\S+)/im,
]
/** The registry that a name without one stands for, as the builder spells it out. */
const DEFAULT_REGISTRY = /^docker\.io\/(?:library\/)?/

/** What to say of an image that is neither on the engine nor to be had from a registry; null when the text is of something else. */
function missingImage(text: string, { inTab, baseImages }: Required<ProblemContext>): Problem | null {
  if (!NOT_FOUND.test(text))
    return null
  const image = NAMES_IMAGE.map(pattern => pattern.exec(text)?.[1]).find(name => name !== undefined)?.replace(DEFAULT_REGISTRY, '')
  if (/resolve image config for/.test(text)) {
    return {
      message: 'Dockerfile의 # syntax= 줄에 적힌 빌더의 이미지를 레지스트리에서 받지 못했습니다.',
      hint: '그 줄을 지우고 다시 실행하세요. 지우면 엔진에 든 빌더가 같은 Dockerfile을 읽습니다.',
    }
  }
  const platform = />>> .*--platform[= ](\S+)/.exec(text)?.[1] ?? /^Step .*--platform=(\S+)/m.exec(text)?.[1]
  if (platform !== undefined) {
    return {
      message: `플랫폼 ${platform}용 이미지는 이 엔진에 없고, 레지스트리에서도 받지 못했습니다.`,
      hint: '--platform을 지우고 다시 실행하세요.',
    }
  }
  const message = image === undefined
    ? '이미지를 찾을 수 없습니다. 이 엔진에 없고, 레지스트리에서도 받지 못했습니다.'
    : `이미지 ${withParticle(image, '을/를')} 찾을 수 없습니다. 이 엔진에 없고, 레지스트리에서도 받지 못했습니다.`
  if (inTab)
    return { message, hint: '이 엔진에는 네트워크가 없습니다. 베이스 이미지는 debian:trixie-slim이나 busybox:stable만 쓸 수 있습니다.' }
  if (image !== undefined && baseImages.includes(image))
    return { message, hint: '터미널에서 npm run doctor -- --prepare를 실행한 뒤 다시 시도하세요.' }
  return { message, hint: '이미지의 이름과 네트워크를 확인하세요.' }
}
