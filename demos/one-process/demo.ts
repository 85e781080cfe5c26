import { defineDemo } from '../define.ts'

const elsewhere = 'Docker Desktop과 원격 엔진에서는 컨테이너의 프로세스가 다른 기계에 있습니다.'

export default defineDemo({
  title: '한 프로세스, 두 번호',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    {
      id: 'start',
      title: '컨테이너 재워 두기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-sleeper', 'busybox:stable', 'sleep', '60'],
    },
    {
      id: 'inside',
      title: '안에서 보기',
      command: ['docker', 'container', 'exec', 'ch01-sleeper', 'cat', '/proc/1/comm'],
      retryMs: 3000,
      expect: [{ says: '안에서는 sleep이 1번입니다', output: /^sleep\s*$/ }],
    },
    { id: 'pid', title: '호스트에서 몇 번인가', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-sleeper'] },
    {
      id: 'outside',
      title: '호스트에서 보기',
      command: ['grep', '-E', 'Name|NSpid', '/proc/{pid}/status'],
      host: { elsewhere },
      expect: [
        { says: '호스트에서도 같은 sleep이 보입니다', output: 'sleep' },
        { says: '밖의 번호와 안의 번호 1이 나란히 있습니다', output: /(?<!\d)\d+\s+1\s*$/ },
      ],
    },
  ],
})
