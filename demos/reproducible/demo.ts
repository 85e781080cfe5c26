import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '두 번 빌드하면',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '첫 번째 빌드', command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'ch01/reproducible:1', '.'], expect: [{ says: '이미지 ID가 나옵니다', output: 'sha256:' }] },
    {
      title: '두 번째 빌드',
      command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'ch01/reproducible:2', '.'],
      expect: [{ says: '같은 Dockerfile인데 ID가 다릅니다', differsFrom: 0 }],
    },
    {
      title: 'ID로 실행하기',
      command: ['docker', 'container', 'run', '--rm', '{0}', 'cat', '/built.txt'],
      expect: [{ says: '빌드한 그 순간이 이미지에 남아 있습니다', output: /\d{2}:\d{2}:\d{2}/ }],
    },
    {
      title: 'ID로 한 번 더',
      command: ['docker', 'container', 'run', '--rm', '{0}', 'cat', '/built.txt'],
      expect: [{ says: '같은 ID는 언제 실행해도 같은 바이트입니다', sameAs: 2 }],
    },
  ],
})
