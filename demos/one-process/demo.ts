import { defineDemo } from '../define.ts'

const onHost = ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable'] as const

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
      expect: [{
        says: '안에서는 sleep이 1번입니다',
        output: /^sleep\s*$/,
        falsify: {
          commands: {
            start: ['docker', 'container', 'run', '-d', '--name', 'ch01-sleeper', 'busybox:stable', 'sh', '-c', 'sleep 60; true'],
          },
        },
      }],
    },
    { id: 'pid', title: '호스트에서 몇 번인가', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-sleeper'] },
    {
      id: 'outside',
      title: '엔진의 호스트에서 보기',
      command: [...onHost, 'grep', '-E', 'Name|NSpid', '/proc/{pid}/status'],
      expect: [
        {
          says: '호스트에서도 같은 sleep이 보입니다',
          output: /^Name:\s+sleep/m,
          falsify: {
            commands: {
              start: ['docker', 'container', 'run', '-d', '--name', 'ch01-sleeper', 'busybox:stable', 'tail', '-f', '/dev/null'],
              inside: ['echo', 'sleep'], // what the container says of itself
            },
          },
        },
        {
          says: '밖의 번호와 안의 번호 1이 나란히 있습니다',
          output: /^NSpid:\t\d+\t1$/m,
          falsify: { commands: { outside: [...onHost, 'sh', '-c', 'sleep 9 & sleep 1; grep -E "Name|NSpid" /proc/$!/status'] } },
        },
      ],
    },
  ],
})
