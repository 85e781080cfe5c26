import { describe, expect, it } from 'vitest'
import { dockerProblem } from '../../demos/runtime/model/docker-problems.ts'

const baseImages = ['busybox:stable', 'debian:trixie-slim']
const NO_NETWORK = 'dial tcp: lookup registry-1.docker.io: connect: network is unreachable'
function unresolved(image: string): string {
  return `failed to resolve source metadata for docker.io/${image}: failed to do request: ${NO_NETWORK}`
}
function build(line: string, image: string): string {
  return `#2 [internal] load metadata for docker.io/${image}
#2 ERROR: failed to do request: Head "https://registry-1.docker.io/v2/${image.replace(':', '/manifests/')}": ${NO_NETWORK}
------
Dockerfile:1
--------------------
   1 | >>> ${line}
--------------------
ERROR: failed to solve: ${image.replace('library/', '')}: ${unresolved(image)}`
}
function run(image: string): string {
  return `Unable to find image '${image}' locally
docker: Error response from daemon: Get "https://registry-1.docker.io/v2/": ${NO_NETWORK}`
}
function syntax(image: string): string {
  return `#2 resolve image config for docker-image://docker.io/${image}
#2 ERROR: failed to do request: ${NO_NETWORK}
ERROR: failed to solve: ${unresolved(image)}`
}

describe('a known failure of the docker CLI', () => {
  it.each([
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', '도커 엔진에 연결할 수 없습니다.'],
    ['permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock', '도커 소켓에 접근할 권한이 없습니다.'],
    ['error during connect: Get "https://127.0.0.1:2376/v1.50/version": remote error: tls: certificate required', '도커 엔진의 TLS 인증서가 맞지 않습니다.'],
    ['Failed to initialize: unable to resolve docker endpoint: open /home/kim/.docker/ca.pem: no such file or directory', '도커 엔진의 TLS 인증서가 맞지 않습니다.'],
    ['Failed to initialize: failed to retrieve context tls info: ca.pem seems invalid', '도커 엔진의 TLS 인증서가 맞지 않습니다.'],
    ['error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": net/http: invalid header field name "X Meta"', '도커 명령이 엔진에 보내는 HTTP 헤더가 올바르지 않습니다.'],
    ['Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version', 'docker 명령과 엔진의 버전이 서로 맞지 않습니다.'],
    ['Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.45', 'docker 명령과 엔진의 버전이 서로 맞지 않습니다.'],
    ['error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -T -l kim -- lab docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=kim@lab: Permission denied (publickey).', 'SSH로 도커 엔진이 있는 기계에 접속하지 못했습니다.'],
    ['error during connect: Get "http://lab:2375/v1.50/version": dial tcp: lookup lab on 10.0.0.1:53: no such host', '선택한 도커 엔진의 주소로 연결할 수 없습니다.'],
    ['error during connect: Get "http://127.0.0.1:99999/v1.50/version": dial tcp: address 99999: invalid port', '선택한 도커 엔진의 주소로 연결할 수 없습니다.'],
    ['Failed to initialize: unable to resolve docker endpoint: invalid bind address format: http://', '선택한 도커 엔진의 주소로 연결할 수 없습니다.'],
    ['Failed to initialize: ssh host connection is not valid: invalid SSH URL: hostname is empty', '선택한 도커 엔진의 주소로 연결할 수 없습니다.'],
    ['x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before', '인증서의 기간이 지금 시각과 맞지 않습니다.'],
    ['Get "http://localhost:5055/v2/": dial tcp [::1]:5055: connect: connection refused', '이 컴퓨터의 레지스트리가 아직 응답하지 않습니다.'],
    ['#5 ERROR: write /x: no space left on device', '디스크가 가득 찼습니다.'],
    ['ERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: COPI', 'Dockerfile에 오류가 있습니다.'],
    ['ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1', 'Dockerfile의 RUN 명령이 실패했습니다.'],
    ['#5 ERROR: process "/bin/sh -c true" did not complete successfully: network bridge not found', '엔진에 기본 네트워크(bridge)가 없습니다.'],
    ['docker: Error response from daemon: failed to set up container networking: adding interface veth1 to bridge docker0 failed', '엔진에 기본 네트워크(bridge)가 없습니다.'],
    ['ERROR: no builder "gone" found', '고른 빌더가 없습니다.'],
    ['docker: Error: error contacting notary server: dial tcp: lookup notary.docker.io', '서명된 이미지만 받는 설정(DOCKER_CONTENT_TRUST)에 막혔습니다.'],
    ['Error: remote trust data does not exist for docker.io/ch01/x', '서명된 이미지만 받는 설정(DOCKER_CONTENT_TRUST)에 막혔습니다.'],
    ['error getting credentials - err: exec: "docker-credential-desktop": executable file not found in $PATH', '레지스트리의 로그인 정보를 꺼내는 프로그램이 없거나 실패했습니다.'],
    ['unknown flag: --progress\n\nUsage:  docker image build [OPTIONS] PATH | URL | -', 'buildx가 설치되어 있지 않습니다.'],
    ['proxyconnect tcp: dial tcp: lookup proxy.corp: no such host', '프록시에 연결할 수 없습니다.'],
    ['exec /usr/local/bin/helloworld: no such file or directory', '실행할 파일이나, 그 첫 줄(#!)에 적힌 프로그램이 이미지에 없습니다.'],
    ['/usr/bin/env: ‘sh\\r’: No such file or directory', '실행할 파일이나, 그 첫 줄(#!)에 적힌 프로그램이 이미지에 없습니다.'],
    ['exec /bin/hello: exec format error', '이 엔진의 플랫폼(운영 체제와 CPU)에 맞지 않는 이미지나 프로그램입니다.'],
    ['docker: Error response from daemon: image with reference busybox:stable was found but does not match the specified platform: wanted linux/arm64', '이 엔진의 플랫폼(운영 체제와 CPU)에 맞지 않는 이미지나 프로그램입니다.'],
  ])('is told: «%s»', (text, message) => {
    expect(dockerProblem(text)).toMatchObject({ message, hint: expect.stringMatching(/\S/), detail: text })
  })

  it('tells of a context that is gone how to leave it, wherever it was chosen', () => {
    const { hint } = dockerProblem('Failed to initialize: unable to resolve docker endpoint: context "lab": context not found')!
    expect(hint).toMatch(/docker context use default.*DOCKER_CONTEXT/)
  })

  it('is not guessed', () => {
    expect(dockerProblem('something else')).toBeNull()
  })
})

describe('the hint for an image that is not there', () => {
  const hint = (text: string, inTab = false): string => dockerProblem(text, { inTab, baseImages })?.hint ?? ''

  it.each([
    ['in a Dockerfile', build('FROM busybox:stable', 'library/busybox:stable')],
    ['in a run', run('busybox:stable')],
    ['for the old builder', `Step 1/1 : FROM debian:trixie-slim\nGet "https://registry-1.docker.io/v2/": ${NO_NETWORK}`],
  ])('names --prepare for a base image of the demo, %s', (_, text) => {
    expect(hint(text)).toContain('npm run doctor -- --prepare')
  })

  it.each([
    ['another image in a Dockerfile', build('FROM node:lts-alpine', 'library/node:lts-alpine'), 'node:lts-alpine'],
    ['another image in COPY --from', build('COPY --from=nginx:1 / /', 'library/nginx:1'), 'nginx:1'],
    ['another image in a run', run('node:20'), 'node:20'],
    ['somebody’s image', `pull access denied for someone/app, repository does not exist`, 'someone/app'],
    ['a newer tag of a base image', build('FROM busybox:99', 'library/busybox:99'), 'busybox:99'],
    ['the image of a # syntax= line', syntax('docker/dockerfile:1'), '# syntax='],
    ['the image of a # syntax= line with a label', syntax('docker/dockerfile:1.7-labs'), '# syntax='],
    ['a base image for another platform', build('FROM --platform=linux/arm64 busybox:stable', 'library/busybox:stable'), 'linux/arm64'],
  ])('does not name it for %s, and says what is missing', (_, text, named) => {
    const problem = dockerProblem(text, { baseImages })!
    expect(problem.hint).not.toContain('--prepare')
    expect(problem.message + problem.hint).toContain(named)
  })

  it('says in the tab what its engine has', () => {
    expect(hint(build('FROM node:24', 'library/node:24'), true)).toContain('네트워크가 없습니다')
    expect(hint(syntax('docker/dockerfile:1'), true)).toContain('그 줄을 지우고')
    expect(hint('unknown instruction: COPI', true)).toContain('되돌리기')
  })
})
