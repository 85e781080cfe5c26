import { defineDemo } from '../define.ts'

const elsewhere = 'Docker Desktop과 원격 엔진에서는 컨테이너의 프로세스가 다른 기계에 있습니다.'
const kinds = ['pid', 'mnt', 'uts', 'ipc', 'net', 'user'].map(kind => `/proc/self/ns/${kind}`)

export default defineDemo({
  title: '안과 밖의 네임스페이스',
  files: [],
  baseImages: ['debian:trixie-slim'],
  notInTab: '브라우저 안의 작은 리눅스에 있는 readlink는 파일을 한 번에 하나만 읽습니다.',
  steps: [
    {
      id: 'start',
      title: '컨테이너 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-inside', 'debian:trixie-slim', 'sleep', '60'],
    },
    { id: 'outside', title: '밖의 네임스페이스', command: ['readlink', ...kinds], host: { elsewhere } },
    {
      id: 'inside',
      title: '안의 네임스페이스',
      command: ['docker', 'container', 'exec', 'ch01-inside', 'readlink', ...kinds],
      expect: [{ says: 'pid, mnt, uts, ipc, net의 번호가 다릅니다', differsFrom: 'outside' }],
    },
    { id: 'pid', title: '호스트에서 본 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-inside'] },
    {
      id: 'both',
      title: '같은 프로세스, 두 번호',
      command: ['grep', 'NSpid', '/proc/{pid}/status'],
      host: { elsewhere },
      expect: [{ says: '호스트의 번호 옆에 안의 번호 1이 있습니다', output: /(?<!\d)\d+\s+1\s*$/ }],
    },
    {
      id: 'by-hand',
      title: '손으로 만든 컨테이너',
      command: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'sh', '-c', 'hostname by-hand; hostname; ps -e -o pid,comm'],
      host: { elsewhere, probe: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'true'] },
      expect: [{ says: '도커 없이도 PID 1부터 다시 셉니다', output: /\b1 sh/ }],
    },
  ],
})
