import { defineDemo } from '../define.ts'

export default defineDemo({
  title: 'RUN과 CMD',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman의 빌더는 BuildKit이 아니어서 --progress를 모릅니다.' },
  steps: [
    {
      id: 'build',
      title: '빌드',
      command: ['docker', 'image', 'build', '--no-cache', '--progress', 'plain', '-t', 'build-vs-run', '.'],
      expect: [{
        says: 'RUN의 출력은 빌드할 때 나옵니다',
        output: /^(?:#\d+ [\d.]+ )?RUN: 빌드할 때 한 번/m,
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nCMD ["echo", "RUN: 빌드할 때 한 번"]\n' } },
      }],
    },
    {
      id: 'run',
      title: '실행',
      command: ['docker', 'container', 'run', '--rm', 'build-vs-run'],
      expect: [{
        says: 'CMD는 컨테이너를 시작할 때 실행됩니다',
        output: /^CMD: 시작할 때마다\s*$/,
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nRUN echo "RUN: 빌드할 때 한 번"\nRUN echo "CMD: 시작할 때마다"\n' } },
      }],
    },
    {
      id: 'override',
      title: 'CMD 바꾸기',
      command: ['docker', 'container', 'run', '--rm', 'build-vs-run', 'echo', '안녕, 도커!'],
      expect: [{
        says: '뒤에 적은 명령이 CMD를 대신합니다',
        output: /^안녕, 도커!\s*$/,
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nRUN echo "RUN: 빌드할 때 한 번"\nENTRYPOINT ["sh", "-c", "echo CMD: 시작할 때마다"]\n' } },
      }],
    },
  ],
})
