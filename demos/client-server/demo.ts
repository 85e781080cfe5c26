import { defineDemo } from '../define.ts'

export default defineDemo({
  title: 'CLI와 데몬',
  files: [],
  baseImages: [],
  steps: [
    {
      id: 'version',
      title: '버전 묻기',
      command: ['docker', 'version', '--format', 'Client {{.Client.Version}} · Server {{.Server.Version}}'],
      expect: [{ says: 'Client와 Server가 따로 대답합니다', output: /Client \d\S+ · Server \d\S+/ }],
    },
    {
      id: 'http',
      title: '같은 것을 HTTP로 묻기',
      command: ['curl', '--silent', '--unix-socket', '/var/run/docker.sock', 'http://localhost/version'],
      host: {
        elsewhere: '원격 엔진이나 Docker Desktop의 소켓은 다른 곳에 있습니다.',
        probe: ['curl', '--silent', '--fail', '--unix-socket', '/var/run/docker.sock', 'http://localhost/_ping'],
      },
      expect: [{ says: 'docker 명령 없이도 데몬이 같은 버전을 JSON으로 대답합니다', output: /"Version":"\d[^"]+"/ }],
    },
  ],
})
