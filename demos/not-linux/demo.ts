import { defineDemo } from '../define.ts'

export default defineDemo({
  title: 'FreeBSD를 달라고 하면',
  files: ['Dockerfile', 'hello.freebsd'], // the program in base64; programs/ has what it is made from
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'build',
      title: 'FreeBSD용 빌드',
      command: ['docker', 'image', 'build', '-q', '--platform', 'freebsd/amd64', '-t', 'not-linux', '.'],
      exitCode: [0, 1], // containerd's image store takes it, the older one refuses it
      expect: [{
        says: '저장소가 담아 주거나, 지원하지 않는 운영 체제라고 거절합니다',
        output: /^(?:sha256:)?[0-9a-f]{64}$|operating system is not supported/m,
        falsify: { files: { Dockerfile: 'FROM scratch\nCOPY none /\n' } }, // a build that fails for another reason
      }],
    },
    {
      id: 'run',
      title: 'FreeBSD용 실행',
      command: ['docker', 'container', 'run', '--rm', '--pull', 'never', 'not-linux'],
      exitCode: [125, 139, 255], // no such image, a program that this kernel does not understand, another CPU's program
      expect: [{
        says: 'FreeBSD의 프로그램은 리눅스에서 실행되지 않습니다',
        output: /^(?![\s\S]*Hello, FreeBSD!)/,
        falsify: { commands: { run: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', 'Hello, FreeBSD!'] } },
      }],
    },
  ],
})
