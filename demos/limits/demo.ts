import { defineDemo } from '../define.ts'

const inside = ['docker', 'container', 'run', '--rm', 'busybox:stable'] as const
const privileged = ['docker', 'container', 'run', '--rm', '--privileged', 'busybox:stable'] as const

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
      expect: [{
        says: 'uid 0, root입니다',
        output: /^0\s*$/,
        falsify: { commands: { whoami: ['docker', 'container', 'run', '--rm', '--user', '1000', 'busybox:stable', 'id', '-u'] } },
      }],
    },
    {
      id: 'mount',
      title: '마운트',
      command: [...inside, 'mount', '-t', 'tmpfs', 'none', '/tmp'],
      exitCode: 1,
      expect: [{
        says: '마운트가 거부됩니다',
        output: /permission denied/i,
        falsify: { commands: { mount: [...privileged, 'mount', '-t', 'tmpfs', 'none', '/tmp'] } },
      }],
    },
    {
      id: 'hostname',
      title: '호스트 이름 바꾸기',
      command: [...inside, 'hostname', 'x'],
      exitCode: 1,
      expect: [{
        says: '호스트 이름을 바꿀 수 없습니다',
        output: /operation not permitted/i,
        falsify: { commands: { hostname: [...privileged, 'hostname', 'x'] } },
      }],
    },
    {
      id: 'clock',
      title: '시각 바꾸기',
      command: [...inside, 'date', '-s', '2030-01-01'],
      exitCode: [0, 1],
      expect: [{
        says: '시각을 바꿀 수 없습니다',
        output: /operation not permitted/i,
        falsify: { commands: { clock: [...inside, 'date', '-d', '2030-01-01'] } }, // nobody's clock is set for a test
      }],
    },
    {
      id: 'time',
      title: '지금의 시각',
      command: [...inside, 'date'],
      expect: [{
        says: '2030년이 아닙니다. 앞의 시각은 바꾸려던 값입니다',
        output: /\b20(?!30)\d\d\s*$/,
        falsify: { commands: { time: [...inside, 'date', '-d', '2030-01-01'] } },
      }],
    },
    {
      id: 'allowed',
      title: '정책을 풀고 호스트 이름 바꾸기',
      command: ['docker', 'container', 'run', '--rm', '--cap-add', 'SYS_ADMIN', 'busybox:stable', 'sh', '-c', 'hostname x; hostname'],
      expect: [{
        says: '권한을 하나 더 주면 바꿀 수 있습니다',
        output: /^x\s*$/,
        falsify: { commands: { allowed: [...inside, 'sh', '-c', 'hostname x; hostname'] } },
      }],
    },
    {
      id: 'init',
      title: '1번 프로세스',
      command: [...inside, 'cat', '/proc/1/comm'],
      expect: [{
        says: 'PID 1은 init이 아니라 내 명령입니다',
        output: /^cat\s*$/,
        falsify: { commands: { init: [...inside, 'sh', '-c', 'cat /proc/1/comm; true'] } },
      }],
    },
    {
      id: 'modules',
      title: '커널 모듈',
      command: [...inside, 'ls', '/lib/modules'],
      exitCode: 1,
      expect: [{
        says: '바꿔 끼울 자기 커널이 없습니다',
        output: 'No such file or directory',
        falsify: { commands: { modules: [...inside, 'sh', '-c', 'mkdir -p /lib/modules; ls /lib/modules'] } },
      }],
    },
  ],
})
