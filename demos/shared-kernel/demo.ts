import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '커널은 함께, 파일은 따로',
  files: [],
  baseImages: ['debian:trixie-slim'],
  steps: [
    { id: 'host-kernel', title: '호스트의 커널', command: ['docker', 'info', '--format', '{{.KernelVersion}}'] },
    {
      id: 'container-kernel',
      title: '컨테이너의 커널',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'uname', '-r'],
      expect: [{
        says: '호스트의 커널과 같습니다',
        sameAs: 'host-kernel',
        // The kernel itself gives this process another version.
        falsify: {
          commands: {
            'container-kernel': ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'setarch', '--uname-2.6', 'uname', '-r'],
          },
        },
      }],
    },
    { id: 'host-distro', title: '호스트의 배포판', command: ['docker', 'info', '--format', '{{.OperatingSystem}}'] },
    {
      id: 'container-distro',
      title: '컨테이너의 배포판',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'grep', 'PRETTY_NAME', '/etc/os-release'],
      expect: [{
        says: '이미지의 배포판, Debian 13입니다',
        output: /(?<=")[^"]*trixie[^"]*/,
        falsify: {
          commands: {
            'container-distro': [
              'docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'sh', '-c',
              'sed -i s/trixie/bookworm/ /etc/os-release; grep PRETTY_NAME /etc/os-release',
            ],
          },
        },
      }],
    },
  ],
})
