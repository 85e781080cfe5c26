import { defineDemo } from '../define.ts'

const kinds = ['pid', 'mnt', 'uts', 'ipc', 'net', 'user'] as const

export default defineDemo({
  title: '안과 밖의 네임스페이스',
  files: [],
  baseImages: ['debian:trixie-slim', 'busybox:stable'],
  notInTab: '브라우저 안의 작은 리눅스에 있는 readlink는 파일을 한 번에 하나만 읽습니다.',
  podman: { cannot: 'Podman에서는 컨테이너를 containerd-shim이 아니라 conmon이 돌봅니다.' },
  steps: [
    {
      id: 'start',
      title: '컨테이너 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-inside', 'debian:trixie-slim', 'sleep', '60'],
    },
    { id: 'pid', title: '호스트에서 본 PID', command: ['docker', 'container', 'inspect', '--format', '{{.State.Pid}}', 'ch01-inside'] },
    {
      id: 'parent',
      title: '그 부모, shim의 PID',
      command: ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable', 'cut', '-d', ' ', '-f', '4', '/proc/{pid}/stat'],
    },
    {
      id: 'outside',
      title: '밖, 컨테이너를 돌보는 shim',
      command: [
        'docker', 'container', 'run', '--rm', '--cap-add', 'SYS_PTRACE', '--pid=host', 'debian:trixie-slim', 'readlink',
        ...kinds.map(kind => `/proc/{parent}/ns/${kind}`),
      ],
    },
    {
      id: 'inside',
      title: '안, 컨테이너의 1번 프로세스',
      command: ['docker', 'container', 'exec', 'ch01-inside', 'readlink', ...kinds.map(kind => `/proc/1/ns/${kind}`)],
      expect: [
        {
          says: 'pid, mnt, uts, ipc, net의 번호가 모두 다릅니다',
          differsFrom: 'outside',
          part: /(?:pid|mnt|uts|ipc|net):\[\d+\]/,
          falsify: {
            commands: {
              start: ['docker', 'container', 'run', '-d', '--name', 'ch01-inside', '--uts', 'host', 'debian:trixie-slim', 'sleep', '60'],
            },
          },
        },
        {
          says: 'user의 번호는 같습니다',
          sameAs: 'outside',
          part: /user:\[\d+\]/,
          falsify: {
            commands: {
              start: ['docker', 'container', 'run', '-d', '--name', 'ch01-inside', '--privileged', 'debian:trixie-slim', 'sleep', '60'],
              inside: [
                'docker', 'container', 'exec', 'ch01-inside', 'unshare', '--user', 'readlink',
                ...kinds.map(kind => `/proc/self/ns/${kind}`),
              ],
            },
          },
        },
      ],
    },
    {
      id: 'both',
      title: '같은 프로세스, 두 번호',
      command: ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable', 'grep', 'NSpid', '/proc/{pid}/status'],
      expect: [{
        says: '호스트의 번호 옆에 안의 번호 1이 있습니다',
        output: /^NSpid:\t\d+\t1$/m,
        falsify: {
          commands: { both: ['docker', 'container', 'run', '--rm', '--pid=host', 'busybox:stable', 'grep', 'NSpid', '/proc/1/status'] },
        },
      }],
    },
    {
      id: 'by-hand',
      title: '도커 없이 만든 네임스페이스',
      command: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'sh', '-c', 'hostname by-hand; hostname; ps -e -o pid,comm'],
      host: {
        elsewhere: '이 컴퓨터의 커널과 권한으로는 unshare가 새 네임스페이스를 만들지 못합니다. 리눅스의 root라면 됩니다.',
        probe: ['unshare', '--fork', '--pid', '--mount-proc', '--uts', 'true'],
      },
      expect: [{
        says: '도커 없이도 PID 1부터 다시 셉니다',
        output: /\b1 sh/,
        falsify: { commands: { 'by-hand': ['unshare', '--fork', '--uts', 'sh', '-c', 'hostname by-hand; hostname; ps -e -o pid,comm'] } },
      }],
    },
  ],
})
