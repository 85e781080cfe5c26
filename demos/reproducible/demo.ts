import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '두 번 빌드하면',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '첫 번째 빌드', command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'ch01/reproducible:1', '.'] },
    {
      title: '두 번째 빌드',
      command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'ch01/reproducible:2', '.'],
      expect: [{ says: '같은 Dockerfile인데 ID가 다릅니다', differsFrom: 0 }],
    },
    {
      title: 'ID로 실행하기',
      command: ['docker', 'container', 'run', '--rm', '{0}', 'cat', '/built.txt'],
    },
    {
      title: 'ID로 한 번 더',
      command: ['docker', 'container', 'run', '--rm', '{0}', 'cat', '/built.txt'],
      expect: [{ says: '같은 ID는 언제 실행해도 같은 바이트입니다', sameAs: 2 }],
    },
  ],
})
