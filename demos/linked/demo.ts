import { defineDemo } from '../define.ts'

const request = ['busybox:stable', 'wget', '-qO-', 'http://ch01-web/hostname'] as const

export default defineDemo({
  title: '이름으로 찾아가기',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    { id: 'network', title: '네트워크 만들기', command: ['docker', 'network', 'create', 'ch01-net'] },
    { id: 'other', title: '다른 네트워크 만들기', command: ['docker', 'network', 'create', 'ch01-other'] },
    {
      id: 'server',
      title: '웹 서버 붙이기',
      command: [
        'docker', 'container', 'run', '-d', '--name', 'ch01-web', '--hostname', 'web-server', '--network',
        'ch01-net', 'busybox:stable', 'httpd', '-f', '-h', '/etc',
      ],
    },
    {
      id: 'inside',
      title: '이름으로 요청하기',
      command: ['docker', 'container', 'run', '--rm', '--network', 'ch01-net', ...request],
      retryMs: 5000,
      expect: [{
        says: 'ch01-web이라는 이름만으로 연결되었습니다',
        output: 'web-server',
        falsify: { commands: { inside: ['docker', 'container', 'run', '--rm', '--network', 'ch01-other', ...request] } },
      }],
    },
    {
      id: 'outside',
      title: '다른 네트워크에서 요청하기',
      command: ['docker', 'container', 'run', '--rm', '--network', 'ch01-other', ...request],
      exitCode: 1,
      expect: [{
        says: '다른 네트워크에서는 그 이름을 모릅니다',
        output: 'bad address',
        falsify: { commands: { outside: ['docker', 'container', 'run', '--rm', '--network', 'ch01-net', ...request] } },
      }],
    },
  ],
})
