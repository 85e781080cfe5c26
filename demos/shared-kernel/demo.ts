import { defineDemo } from '../define.ts'

const host = { elsewhere: 'Docker Desktop이라면 리눅스 가상 머신의 커널이 보입니다.' }

export default defineDemo({
  title: '커널은 함께, 파일은 따로',
  files: [],
  baseImages: ['debian:trixie-slim'],
  steps: [
    { id: 'host-kernel', title: '호스트의 커널', command: ['uname', '-r'], host },
    {
      id: 'container-kernel',
      title: '컨테이너의 커널',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'uname', '-r'],
      expect: [{ says: '호스트의 커널과 같습니다', sameAs: 'host-kernel' }],
    },
    {
      id: 'host-distro',
      title: '호스트의 배포판',
      command: ['grep', 'PRETTY_NAME', '/etc/os-release'],
      host,
      expect: [{ says: '호스트의 배포판입니다', output: /(?<=")[^"]+/ }],
    },
    {
      id: 'container-distro',
      title: '컨테이너의 배포판',
      command: ['docker', 'container', 'run', '--rm', 'debian:trixie-slim', 'grep', 'PRETTY_NAME', '/etc/os-release'],
      expect: [{ says: '이미지의 배포판, Debian 13입니다', output: /(?<=")[^"]*trixie[^"]*/ }],
    },
  ],
})
