import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '세 줄로 만드는 웹 서버',
  files: ['Dockerfile', 'index.html'],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'quick', '.'] },
    {
      id: 'serve',
      title: '서버 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-quick', '-p', '127.0.0.1:8055:80', 'quick'],
      ready: 'http://localhost:8055/',
    },
    {
      id: 'request',
      title: '컨테이너 밖에서 요청하기',
      command: ['curl', '--silent', 'http://localhost:8055/'],
      host: {
        elsewhere: '다른 컴퓨터에 있는 엔진은 포트도 그 컴퓨터에서 엽니다. 그 컴퓨터의 브라우저로 여세요.',
        probe: ['curl', '--silent', '--fail', 'http://localhost:8055/'],
      },
      expect: [{
        says: '웹 서버가 컨테이너 밖의 요청에 대답합니다',
        output: '컨테이너에서 온 페이지',
        falsify: { files: { 'index.html': '<h1>다른 페이지</h1>\n' } },
      }],
    },
    { id: 'remove', title: '버리기', command: ['docker', 'container', 'rm', '--force', 'ch01-quick'] },
  ],
})
