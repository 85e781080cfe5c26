import { defineDemo } from '../define.ts'

/**
 * A shell with a limit that starts something and shows its exit code, and how often the kernel has ended something there for want
 * of memory. What an engine says of it, `OOMKilled`, is false where it hears of the container's end first.
 */
function counted(what: string): [string, ...string[]] {
  return [
    'docker', 'container', 'run', '--rm', '--memory', '32m', 'debian:trixie-slim', 'sh', '-c',
    `${what}; echo "exit $?, $(cd /sys/fs/cgroup; grep -hs "oom_kill " memory.events memory/memory.oom_control)"`,
  ]
}

export default defineDemo({
  title: '한도를 주고 넘겨 보기',
  files: [],
  baseImages: ['debian:trixie-slim'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'limit',
      title: '한도가 적힌 파일',
      command: [
        'docker', 'container', 'run', '--rm', '--memory', '32m', 'debian:trixie-slim', 'sh', '-c',
        'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes',
      ],
      expect: [{
        says: '32 MiB, 33554432바이트가 적혀 있습니다',
        output: '33554432',
        falsify: {
          commands: {
            limit: [
              'docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'sh', '-c',
              'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes',
            ],
          },
        },
      }],
    },
    {
      id: 'exceed',
      title: '메모리 한도 넘기',
      command: [
        'docker', 'container', 'run', '--name', 'ch01-oom', '--memory', '32m', '--memory-swap', '32m',
        'debian:trixie-slim', 'tail', '/dev/zero',
      ],
      exitCode: 137,
      falsify: {
        commands: {
          exceed: [
            'docker', 'container', 'run', '--name', 'ch01-oom', '--memory', '32m', 'debian:trixie-slim', 'head', '-c', '1', '/dev/zero',
          ],
        },
      },
    },
    {
      id: 'reason',
      title: '누가 끝냈나',
      command: counted('tail /dev/zero'),
      expect: [{
        says: '커널이 메모리 부족으로 끝냈습니다',
        output: 'exit 137, oom_kill 1',
        // The same signal from somebody else.
        falsify: { commands: { reason: counted('sleep 9 & kill -9 $!; wait $!') } },
      }],
    },
    {
      id: 'fork',
      title: '프로세스 수 한도 넘기',
      command: [
        'docker', 'container', 'run', '--rm', '--pids-limit', '8', 'debian:trixie-slim', 'sh', '-c',
        'for each in 1 2 3 4 5 6 7 8 9; do sleep 1 & done',
      ],
      exitCode: 2,
      expect: [{
        says: '프로세스를 더 만들 수 없습니다',
        output: 'Cannot fork',
        falsify: {
          commands: {
            fork: [
              'docker', 'container', 'run', '--rm', '--pids-limit', '64', 'debian:trixie-slim', 'sh', '-c',
              'for each in 1 2 3 4 5 6 7 8 9; do sleep 1 & done',
            ],
          },
        },
      }],
    },
  ],
})
