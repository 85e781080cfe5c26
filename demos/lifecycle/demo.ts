import { defineDemo } from '../define.ts'

const list = ['docker', 'container', 'ls', '-a', '--filter', 'name=ch01-life', '--format', '{{.Status}}'] as const
const create = ['docker', 'container', 'create', '--name', 'ch01-life'] as const
const echo = ['busybox:stable', 'echo', '다녀갑니다'] as const

export default defineDemo({
  title: '컨테이너의 수명 주기',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'create', title: '만들기', command: [...create, ...echo] },
    {
      id: 'created',
      title: '상태 보기',
      command: list,
      expect: [{
        says: '만들어졌지만 아직 실행되지 않았습니다',
        output: 'Created',
        falsify: { commands: { create: ['docker', 'container', 'run', '--name', 'ch01-life', ...echo] } },
      }],
    },
    {
      id: 'start',
      title: '시작',
      command: ['docker', 'container', 'start', '--attach', 'ch01-life'],
      expect: [{
        says: '이제 명령이 실행되고 끝납니다',
        output: '다녀갑니다',
        falsify: { commands: { create: [...create, 'busybox:stable', 'true'] } },
      }],
    },
    {
      id: 'exited',
      title: '끝난 뒤의 상태',
      command: list,
      expect: [{
        says: '끝났지만 남아 있습니다',
        output: 'Exited (0)',
        falsify: { commands: { create: [...create, '--rm', ...echo] } },
      }],
    },
    {
      id: 'logs',
      title: '로그',
      command: ['docker', 'container', 'logs', 'ch01-life'],
      expect: [{
        says: '출력도 남아 있습니다',
        output: '다녀갑니다',
        falsify: { commands: { create: [...create, '--log-driver', 'none', ...echo] } },
      }],
    },
    { id: 'remove', title: '지우기', command: ['docker', 'container', 'rm', 'ch01-life'] },
    {
      id: 'removed',
      title: '지운 뒤의 상태',
      command: list,
      expect: [{
        says: '이제 아무것도 없습니다',
        output: /^\s*$/,
        falsify: { commands: { remove: ['docker', 'container', 'stop', 'ch01-life'] } },
      }],
    },
  ],
})
