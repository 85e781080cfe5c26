import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '두 번 빌드하면',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'first', title: '첫 번째 빌드', command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'reproducible:1', '.'] },
    {
      id: 'second',
      title: '두 번째 빌드',
      command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'reproducible:2', '.'],
      expect: [{ says: '같은 Dockerfile인데 ID가 다릅니다', differsFrom: 'first' }],
    },
    {
      id: 'run',
      title: 'ID로 실행하기',
      command: ['docker', 'container', 'run', '--rm', '{first}', 'cat', '/built.txt'],
    },
    {
      id: 'again',
      title: 'ID로 한 번 더',
      command: ['docker', 'container', 'run', '--rm', '{first}', 'cat', '/built.txt'],
      expect: [{ says: '같은 ID는 언제 실행해도 같은 바이트입니다', sameAs: 'run' }],
    },
  ],
})
