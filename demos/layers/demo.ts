import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '명령의 순서와 캐시',
  files: ['Dockerfile.bad', 'Dockerfile.good', 'version.txt'],
  baseImages: ['debian:trixie-slim'],
  steps: [
    {
      id: 'build-bad',
      title: '순서 A, 첫 빌드',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.bad', '-t', 'layers:bad-1', '.'],
    },
    {
      id: 'build-good',
      title: '순서 B, 첫 빌드',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.good', '-t', 'layers:good-1', '.'],
    },
    { id: 'edit', title: '파일 고치기', command: ['date'], into: 'version.txt' },
    {
      id: 'rebuild-bad',
      title: '순서 A, 다시 빌드',
      command: ['docker', 'image', 'build', '-f', 'Dockerfile.bad', '-t', 'layers:bad-2', '.'],
      expect: [{
        says: '무거운 RUN이 다시 실행됩니다',
        output: /(?<=RUN tar[^\n]*\n(?:#\d+ sha256:\S+\n)?)(?:#\d+ DONE \S+| ---> Running in \S+|--> [0-9a-f]{11,})/,
        falsify: { commands: { edit: ['echo', '처음'] } },
      }],
    },
    {
      id: 'rebuild-good',
      title: '순서 B, 다시 빌드',
      command: ['docker', 'image', 'build', '-f', 'Dockerfile.good', '-t', 'layers:good-2', '.'],
      expect: [{
        says: '무거운 RUN은 캐시를 씁니다',
        output: /(?<=RUN tar[^\n]*\n(?:#\d+ sha256:\S+\n)?)(?:#\d+ CACHED| ?-{2,3}> Using cache)/,
        falsify: {
          commands: { 'rebuild-good': ['docker', 'image', 'build', '--no-cache', '-f', 'Dockerfile.good', '-t', 'layers:good-2', '.'] },
        },
      }],
    },
  ],
})
