import { defineDemo } from '../define.ts'

const read = ['docker', 'container', 'run', '--rm', '-v', 'ch01-data:/data', 'busybox:stable', 'cat', '/data/memo.txt'] as const
const write = ['sh', '-c', 'echo 남는다 > /data/memo.txt'] as const

export default defineDemo({
  title: '컨테이너보다 오래 남는 볼륨',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    { id: 'create', title: '볼륨 만들기', command: ['docker', 'volume', 'create', 'ch01-data'] },
    {
      id: 'write',
      title: '볼륨에 쓰고 버리기',
      command: ['docker', 'container', 'run', '--rm', '-v', 'ch01-data:/data', 'busybox:stable', ...write],
    },
    {
      id: 'without',
      title: '볼륨 없이 찾기',
      command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'cat', '/data/memo.txt'],
      exitCode: 1,
      expect: [{
        says: '볼륨을 연결하지 않은 컨테이너에는 없습니다',
        output: 'No such file or directory',
        falsify: { commands: { without: read } },
      }],
    },
    {
      id: 'with',
      title: '볼륨을 연결하고 찾기',
      command: read,
      expect: [{
        says: '쓴 컨테이너는 없어졌지만 쓴 것은 볼륨에 남아 있습니다',
        output: /^남는다\s*$/,
        falsify: { commands: { write: ['docker', 'container', 'run', '--rm', '--tmpfs', '/data', 'busybox:stable', ...write] } },
      }],
    },
  ],
})
