import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '빌드에 들어가는 것',
  files: ['Dockerfile', 'Dockerfile.outside', 'helloworld'],
  baseImages: ['busybox:stable'],
  steps: [
    {
      id: 'both',
      title: '둘 다 있음',
      command: ['docker', 'image', 'build', '-q', '-t', 'context', '.'],
      expect: [{ says: 'Dockerfile과 컨텍스트가 다 있으면 이미지가 나옵니다', output: /^(?:sha256:)?[0-9a-f]{64}$/m }],
    },
    {
      id: 'outside',
      title: '컨텍스트 밖의 파일',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.outside', '-t', 'context:outside', '.'],
      exitCode: 1,
      expect: [{ says: '컨텍스트 밖의 파일은 보이지 않습니다', output: /"\/secret\.txt"(?::| not found:) not found|outside the build context|escaping context directory|does not exist/ }],
    },
    {
      id: 'no-dockerfile',
      title: 'Dockerfile 없음',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.none', '-t', 'context:none', '.'],
      exitCode: 1,
      expect: [{ says: '실행 파일만으로는 만들 수 없습니다', output: /failed to read dockerfile|no such file or directory/ }],
    },
  ],
})
