import { defineDemo } from '../define.ts'

const onHost = ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable'] as const

export default defineDemo({
  title: '실행 사슬의 프로세스',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman에는 dockerd도 containerd도 없습니다. 컨테이너마다 conmon이 곁에서 돌봅니다.' },
  notInTab: '브라우저 안의 엔진은 내려받을 양을 줄이려고 실행 사슬의 이름이 다릅니다.',
  steps: [
    {
      id: 'start',
      title: '컨테이너 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-chain', 'busybox:stable', 'sleep', '60'],
    },
    { id: 'pid', title: '컨테이너의 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-chain'] },
    { id: 'parent', title: '그 부모의 PID', command: [...onHost, 'cut', '-d', ' ', '-f', '4', '/proc/{pid}/stat'] },
    {
      id: 'chain',
      title: '사슬의 프로세스',
      command: [...onHost, 'sh', '-c', 'ps -o pid,ppid,comm | grep -E "PID|dockerd|containerd$|(^| )({parent}|{pid}) "'],
      expect: [
        {
          says: 'sleep의 부모(PPID)는 dockerd가 아니라 containerd-shim입니다',
          // Of the line whose PID is the PPID of sleep's.
          output: /(?<=^ *(\d+) +\d+ +)containerd-shim(?=\n(?:.*\n)*? *\d+ +\1 +sleep$)/m,
          falsify: { commands: { parent: [...onHost, 'echo', '0'] } },
        },
        {
          says: '그 자식 가운데 runc는 없습니다. 시작시키고 끝났습니다',
          output: /sleep(?<! runc\n[\s\S]+)(?![\s\S]+ runc\n)/,
          falsify: {
            commands: {
              start: [
                'docker', 'container', 'run', '-d', '--name', 'ch01-chain', 'busybox:stable', 'sh', '-c',
                'printf "#!/bin/sh\\nsleep 60\\n" > /tmp/runc; chmod +x /tmp/runc; /tmp/runc & exec sleep 60',
              ],
            },
          },
        },
      ],
    },
    {
      id: 'runtime',
      title: '런타임',
      command: ['docker', 'info', '--format', '{{.DefaultRuntime}}'],
      expect: [{
        says: '이 엔진의 기본 런타임은 runc입니다',
        output: /^runc\s*$/,
        falsify: { commands: { runtime: ['docker', 'info', '--format', '{{.Driver}}'] } },
      }],
    },
  ],
})
