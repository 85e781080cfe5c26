import type { Problem } from './problem.ts'

/** Known failures of the docker CLI and what to do, also on the engine in the tab where that differs; the first match counts. */
const known: readonly [pattern: RegExp, message: string, hint: string, inTab?: string][] = [
  [
    /permission denied[^\n]{0,200}docker\.sock|docker\.sock[^\n]{0,200}permission denied|permission denied while trying to connect/i,
    '도커 소켓에 접근할 권한이 없습니다.',
    '사용자를 docker 그룹에 넣고(sudo usermod -aG docker 사용자) 다시 로그인하세요.',
  ],
  [
    /tls: (?!first record)|x509: |certificate/i,
    '도커 엔진의 TLS 인증서가 맞지 않습니다.',
    'DOCKER_CERT_PATH나 컨텍스트의 ca.pem, cert.pem, key.pem과 엔진의 주소를 확인하세요.',
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
    'docker context ls로 확인하고 docker context use default로 바꾸세요.',
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
    /failed to resolve source metadata|pull access denied|failed to do request|manifest unknown|Unable to find image|dial tcp: lookup/i,
    '이미지를 찾을 수 없습니다. 로컬에 없고 레지스트리에서도 받지 못했습니다.',
    'npm run doctor -- --prepare로 베이스 이미지를 준비하세요.',
    '이 엔진에는 네트워크가 없습니다. 베이스 이미지는 debian:trixie-slim이나 busybox:stable만 쓸 수 있습니다.',
  ],
  [/unknown instruction|dockerfile parse error/i, 'Dockerfile에 오류가 있습니다.', '출력에 나온 줄을 고치거나 되돌리기를 누르세요.'],
  [/did not complete successfully|returned a non-zero code/i, 'Dockerfile의 RUN 명령이 실패했습니다.', '출력에 나온 줄을 고치거나 되돌리기를 누르세요.'],
  [
    /buildx[^\n]{0,200}(is not a docker command|component is missing)|unknown command: docker buildx/i,
    'buildx가 설치되어 있지 않습니다.',
    'npm run doctor로 설치 방법을 확인하세요.',
  ],
]

export const noCli: Problem = { message: 'docker 명령을 찾을 수 없습니다.', hint: 'Docker Engine 또는 Docker Desktop을 설치한 뒤 npm run doctor로 확인하세요.' }
export const engineSilent: Problem = { message: '도커 엔진이 응답하지 않습니다.', hint: '도커를 다시 시작한 뒤 기다리세요.' }

/** How much of a text is looked at for a known failure: its end, and of each line the beginning, in characters. */
const READ_END = 16 * 1024
const READ_LINE = 1024

/** The problem that a text printed by the docker CLI tells of, or null when it is not a known one. */
export function dockerProblem(text: string, inTab = false): Problem | null {
  const lines = text.slice(-READ_END).split('\n').map(line => line.slice(0, READ_LINE)).join('\n')
  const found = known.find(([pattern]) => pattern.test(lines))
  return found ? { message: found[1], hint: inTab ? found[3] ?? found[2] : found[2], detail: lines.trim() } : null
}
