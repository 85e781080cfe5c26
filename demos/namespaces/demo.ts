import { defineDemo } from '../define.ts'

const elsewhere = 'Docker Desktop과 원격 엔진에서는 컨테이너의 프로세스가 다른 기계에 있습니다.'
const kinds = ['pid', 'mnt', 'uts', 'ipc', 'net', 'user'].map(kind => `/proc/self/ns/${kind}`)

export default defineDemo({
  title: '안과 밖의 네임스페이스',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '밖의 네임스페이스', command: ['readlink', ...kinds], host: { elsewhere } },
    { title: '컨테이너 띄우기', command: ['docker', 'container', 'run', '-d', '--name', 'ch01-inside', 'busybox:stable', 'sleep', '60'] },
    {
      title: '안의 네임스페이스',
      command: ['docker', 'container', 'exec', 'ch01-inside', 'sh', '-c', `for each in ${kinds.join(' ')}; do readlink $each; done`],
      expect: [{ says: 'pid, mnt, uts, ipc, net의 번호가 다릅니다', differsFrom: 0 }],
    },
    { title: '호스트에서 본 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-inside'], expect: [{ says: '호스트의 PID가 나옵니다', output: /^[1-9]\d*\s*$/ }] },
    {
      title: '같은 프로세스, 두 번호',
      command: ['grep', 'NSpid', '/proc/{3}/status'],
      host: { elsewhere },
      expect: [{ says: '밖에서 보는 번호와 안에서 보는 번호 1이 나란히 있습니다', output: /NSpid:\s+\d+\s+1\s*$/ }],
    },
    {
      title: '손으로 만든 컨테이너',
      command: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'sh', '-c', 'hostname by-hand; hostname; ps -e -o pid,comm'],
      host: { elsewhere, probe: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'true'] },
      expect: [{ says: '도커 없이도 PID 1부터 다시 셉니다', output: /by-hand[\s\S]* 1 sh/ }],
    },
  ],
})
