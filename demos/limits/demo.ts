import { defineDemo } from '../define.ts'

export default defineDemo({
  title: 'root여도 못 하는 일',
  files: [],
  baseImages: ['debian:trixie-slim'],
  steps: [
    {
      title: '나는 누구인가',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'id', '-u'],
      expect: [{ says: 'uid 0, root입니다', output: /^0\s*$/ }],
    },
    {
      title: '마운트',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'],
      exitCode: 32,
      expect: [{ says: '마운트가 거부됩니다', output: /permission denied/i }],
    },
    {
      title: '호스트 이름 바꾸기',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'hostname', 'x'],
      exitCode: 1,
      expect: [{ says: '호스트 이름을 바꿀 수 없습니다', output: /must be root|not permitted/i }],
    },
    {
      title: '시계 돌리기',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'date', '-s', '2030-01-01'],
      exitCode: 1,
      expect: [{ says: '시계를 돌릴 수 없습니다', output: /not permitted/i }],
    },
    {
      title: '1번 프로세스',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'cat', '/proc/1/comm'],
      expect: [{ says: 'PID 1은 init이 아니라 내 명령입니다', output: /^cat\s*$/ }],
    },
  ],
})
