import { defineDemo } from '../define.ts'

const host = { elsewhere: 'Docker Desktop에서는 리눅스 가상 머신 안에, 원격 엔진에서는 그 서버에 이 프로세스들이 있습니다.' }

export default defineDemo({
  title: '실행 사슬의 프로세스',
  files: [],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman에는 dockerd도 containerd도 없습니다. 컨테이너마다 conmon이 곁에서 돌봅니다.' },
  steps: [
    {
      id: 'start',
      title: '컨테이너 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-chain', 'busybox:stable', 'sleep', '60'],
    },
    { id: 'pid', title: '컨테이너의 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-chain'] },
    { id: 'parent', title: '그 부모의 PID', command: ['ps', '-o', 'ppid=', '-p', '{pid}'], host },
    {
      id: 'chain',
      title: '사슬의 프로세스',
      command: ['ps', '-o', 'pid,ppid,comm', '-C', 'dockerd,containerd', '-p', '{parent},{pid}'],
      host,
      expect: [{ says: 'sleep의 부모(PPID)는 dockerd가 아니라 containerd-shim입니다', output: 'containerd-shim' }],
    },
    {
      id: 'runtime',
      title: '런타임',
      command: ['docker', 'info', '--format', '{{.DefaultRuntime}}'],
      expect: [{ says: '시작시킨 것은 runc, 이미 끝나서 목록에 없습니다', output: /runc|crun/ }],
    },
  ],
})
