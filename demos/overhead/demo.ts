import { defineDemo } from '../define.ts'

const onHost = ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable'] as const

export default defineDemo({
  title: '오버헤드 재기',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman에서는 컨테이너를 containerd-shim이 아니라 conmon이 돌봅니다.' },
  steps: [
    { id: 'ask', title: '데몬에 묻기만 하기', command: ['docker', 'version', '--format', '{{.Server.Version}}'] },
    { id: 'container', title: '컨테이너 시작', command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'true'] },
    {
      id: 'sleep',
      title: '컨테이너 재워 두기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-nap', 'busybox:stable', 'sleep', '60'],
    },
    { id: 'process', title: '떠 있는 컨테이너에서 프로세스 시작', command: ['docker', 'container', 'exec', 'ch01-nap', 'true'] },
    {
      id: 'memory',
      title: '컨테이너의 메모리',
      command: ['docker', 'container', 'stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', 'ch01-nap'],
      expect: [{
        says: '잠든 컨테이너 안에서는 메모리를 10 MiB도 쓰지 않습니다',
        output: /(?<=h01-nap )(?:\d{1,4}(?:\.\d+)?KiB|\d(?:\.\d+)?MiB)(?= )/,
        falsify: {
          commands: {
            sleep: [
              'docker', 'container', 'run', '-d', '--name', 'ch01-nap', 'busybox:stable', 'sh', '-c',
              'head -c 30000000 /dev/zero > /dev/shm/x; sleep 60',
            ],
            process: ['docker', 'container', 'exec', 'ch01-nap', 'sleep', '1'], // until it has taken the memory
          },
        },
      }],
    },
    { id: 'pid', title: '컨테이너의 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-nap'] },
    { id: 'parent', title: '그 부모의 PID', command: [...onHost, 'cut', '-d', ' ', '-f', '4', '/proc/{pid}/stat'] },
    {
      id: 'shim',
      title: '돌보는 프로세스의 메모리',
      command: [...onHost, 'grep', '-E', 'Name|VmRSS', '/proc/{parent}/status'],
      expect: [{
        says: '밖에서 돌보는 containerd-shim이 쓰는 메모리는 따로입니다',
        output: /(?<=Name:\s+containerd-shim\s+VmRSS:\s+)\d+ kB/,
        falsify: { commands: { shim: [...onHost, 'grep', '-E', 'Name|VmRSS', '/proc/{pid}/status'] } },
      }],
    },
  ],
})
