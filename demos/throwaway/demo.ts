import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '만들고, 쓰고, 버리기',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'repeat',
      title: '열 번 만들고 버리기',
      command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'hostname'],
      times: 10,
      expect: [{
        says: 'ID가 다른 컨테이너 열 개가 생겼다 사라집니다',
        output: /^(?:([0-9a-f]{12})\n(?![\s\S]*\1)){10}$/,
        falsify: {
          commands: { repeat: ['docker', 'container', 'run', '--rm', '--hostname', 'c0ffee000001', 'busybox:stable', 'hostname'] },
        },
      }],
    },
    {
      id: 'write',
      title: '파일 하나 쓰기',
      command: ['docker', 'container', 'run', '--name', 'ch01-memo', 'busybox:stable', 'touch', '/memo.txt'],
    },
    {
      id: 'diff',
      title: '쓰기 레이어 들여다보기',
      command: ['docker', 'container', 'diff', 'ch01-memo'],
      expect: [{
        says: '쓰기 레이어에 /memo.txt가 추가(A)되었습니다',
        output: 'A /memo.txt',
        falsify: { commands: { write: ['docker', 'container', 'run', '--name', 'ch01-memo', 'busybox:stable', 'true'] } },
      }],
    },
    {
      id: 'find',
      title: '다음 컨테이너에서 찾기',
      command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'ls', '/memo.txt'],
      exitCode: 1,
      expect: [{
        says: '다음 컨테이너에는 그 파일이 없습니다',
        output: 'No such file or directory',
        falsify: { commands: { find: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'ls', '/bin/sh'] } },
      }],
    },
  ],
})
