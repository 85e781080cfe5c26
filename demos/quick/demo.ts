import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '세 줄로 만드는 웹 서버',
  files: ['Dockerfile', 'index.html'],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'quick', '.'] },
    { id: 'serve', title: '서버 띄우기', command: ['docker', 'container', 'run', '-d', '--name', 'ch01-quick', 'quick'] },
    {
      id: 'request',
      title: '요청 보내기',
      command: ['docker', 'container', 'exec', 'ch01-quick', 'wget', '-qO-', 'http://127.0.0.1/'],
      retryMs: 5000,
      expect: [{ says: '웹 서버가 대답합니다', output: '컨테이너에서 온 페이지' }],
    },
    { id: 'remove', title: '버리기', command: ['docker', 'container', 'rm', '--force', 'ch01-quick'] },
  ],
})
