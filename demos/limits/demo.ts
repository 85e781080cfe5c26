import { defineDemo } from '../define.ts'

const inside = ['docker', 'container', 'run', '--rm', 'busybox:stable'] as const

export default defineDemo({
  title: 'root여도 못 하는 일',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'whoami',
      title: '나는 누구인가',
      command: [...inside, 'id', '-u'],
      expect: [{ says: 'uid 0, root입니다', output: /^0\s*$/ }],
    },
    {
      id: 'mount',
      title: '마운트',
      command: [...inside, 'mount', '-t', 'tmpfs', 'none', '/mnt'],
      exitCode: 1,
      expect: [{ says: '마운트가 거부됩니다', output: /permission denied/i }],
    },
    {
      id: 'hostname',
      title: '호스트 이름 바꾸기',
      command: [...inside, 'hostname', 'x'],
      exitCode: 1,
      expect: [{ says: '호스트 이름을 바꿀 수 없습니다', output: /operation not permitted/i }],
    },
    {
      id: 'clock',
      title: '시계 돌리기',
      command: [...inside, 'date', '-s', '2030-01-01'],
      exitCode: [0, 1],
      expect: [{ says: '시계를 돌릴 수 없습니다', output: /operation not permitted/i }],
    },
    {
      id: 'allowed',
      title: '정책을 풀고 호스트 이름 바꾸기',
      command: ['docker', 'container', 'run', '--rm', '--cap-add', 'SYS_ADMIN', 'busybox:stable', 'sh', '-c', 'hostname x && hostname'],
      expect: [{ says: '권한을 하나 더 주면 바꿀 수 있습니다', output: /^x\s*$/ }],
    },
    {
      id: 'init',
      title: '1번 프로세스',
      command: [...inside, 'cat', '/proc/1/comm'],
      expect: [{ says: 'PID 1은 init이 아니라 내 명령입니다', output: /^cat\s*$/ }],
    },
    {
      id: 'modules',
      title: '커널 모듈',
      command: [...inside, 'ls', '/lib/modules'],
      exitCode: 1,
      expect: [{ says: '바꿔 끼울 자기 커널이 없습니다', output: 'No such file or directory' }],
    },
  ],
})
