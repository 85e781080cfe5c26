import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '실행 중인 컨테이너에 들어가기',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'start',
      title: '컨테이너 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-room', 'busybox:stable', 'sleep', '60'],
    },
    { id: 'write', title: '들어가서 쓰기', command: ['docker', 'container', 'exec', 'ch01-room', 'touch', '/memo.txt'] },
    {
      id: 'exec',
      title: '다시 들어가서 찾기',
      command: ['docker', 'container', 'exec', 'ch01-room', 'ls', '/memo.txt'],
      expect: [{
        says: 'exec은 같은 컨테이너에 다시 들어갑니다',
        output: /^\/memo\.txt\s*$/,
        falsify: { commands: { exec: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'ls', '/memo.txt'] } },
      }],
    },
    {
      id: 'run',
      title: 'run으로 찾기',
      command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'ls', '/memo.txt'],
      exitCode: 1,
      expect: [{
        says: 'run은 새 컨테이너를 만들어서 그 파일이 없습니다',
        output: 'No such file or directory',
        falsify: { commands: { run: ['docker', 'container', 'exec', 'ch01-room', 'ls', '/memo.txt'] } },
      }],
    },
  ],
})
