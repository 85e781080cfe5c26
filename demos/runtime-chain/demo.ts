import { defineDemo } from '../define.ts'

const host = { elsewhere: 'Docker Desktop에서는 리눅스 가상 머신 안에, 원격 엔진에서는 그 서버에 이 프로세스들이 있습니다.' }

export default defineDemo({
  title: '실행 사슬의 프로세스',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '컨테이너 띄우기', command: ['docker', 'container', 'run', '-d', '--name', 'ch01-chain', 'busybox:stable', 'sleep', '60'] },
    {
      title: '엔진의 프로세스',
      command: ['ps', '-C', 'dockerd,containerd', '-o', 'pid,ppid,comm'],
      host,
      expect: [{ says: 'dockerd와 containerd는 서로 다른 프로세스입니다', output: /(?=[\s\S]*dockerd)[\s\S]*containerd/ }],
    },
    { title: '컨테이너의 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-chain'] },
    { title: '컨테이너의 부모', command: ['ps', '-o', 'ppid=', '-p', '{2}'], host },
    { title: '부모의 이름', command: ['ps', '-o', 'pid,comm', '-p', '{3}'], host, expect: [{ says: '컨테이너를 돌보는 것은 shim입니다', output: 'containerd-shim' }] },
    { title: '런타임', command: ['docker', 'info', '--format', '{{.DefaultRuntime}}'], expect: [{ says: '컨테이너를 시작한 런타임은 runc입니다. 이미 끝나서 프로세스 목록에는 없습니다', output: /runc|crun/ }] },
  ],
})
