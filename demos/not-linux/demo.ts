import { defineDemo } from '../define.ts'

export default defineDemo({
  title: 'FreeBSD를 달라고 하면',
  files: ['Dockerfile', 'hello'],
  baseImages: [],
  podman: { cannot: 'Podman의 빌더는 FROM scratch라면 다른 운영 체제의 이미지도 만듭니다.' },
  steps: [
    {
      id: 'build',
      title: 'FreeBSD용 빌드',
      command: ['docker', 'image', 'build', '-q', '--platform', 'freebsd/amd64', '-t', 'not-linux', '.'],
      exitCode: 1,
      expect: [{
        says: '이 운영 체제는 지원하지 않는다고 거절합니다',
        output: /operating system is not supported|does not match|unsupported/i,
        falsify: { commands: { build: ['docker', 'image', 'build', '-q', '-t', 'not-linux', '.'] } },
      }],
    },
  ],
})
