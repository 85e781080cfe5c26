import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '도커 스타일 체험하기',
  files: ['helloworld', 'Dockerfile'],
  baseImages: ['debian:trixie-slim'],
  steps: [
    {
      id: 'build',
      title: '이미지 빌드',
      command: ['docker', 'image', 'build', '-t', 'helloworld:latest', '.'],
      expect: [{
        says: 'ch01/helloworld:latest 이미지가 만들어집니다',
        output: 'ch01/helloworld:latest',
        falsify: { commands: { build: ['docker', 'image', 'build', '-t', 'helloworld:1', '.'] } },
      }],
    },
    {
      id: 'run',
      title: '컨테이너 실행',
      command: ['docker', 'container', 'run', 'helloworld:latest'],
      expect: [{
        says: '“Hello, World!”가 출력됩니다',
        output: 'Hello, World!',
        falsify: { files: { helloworld: '#!/bin/sh\n\necho "Bye!"\n' } },
      }],
    },
  ],
})
