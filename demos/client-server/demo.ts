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
      expect: [{
        says: 'Client와 Server가 따로 대답합니다',
        output: /Client \d\S+ · Server \d\S+/,
        falsify: { commands: { version: ['docker', 'version', '--format', 'Client {{.Client.Version}}'] } },
      }],
    },
    {
      id: 'socket',
      title: '소켓의 주소',
      // What follows unix:///, as a path.
      command: ['docker', 'context', 'inspect', '--format', '{{slice .Endpoints.docker.Host 8}}'],
    },
    {
      id: 'http',
      title: '같은 것을 HTTP로 묻기',
      command: ['curl', '--silent', '--unix-socket', '/{socket}', 'http://localhost/version'],
      host: {
        elsewhere: 'curl이 이 엔진의 소켓에 닿지 않습니다. 엔진이 다른 컴퓨터에 있거나 윈도우의 파이프로 대화합니다.',
        probe: ['curl', '--silent', '--fail', '--unix-socket', '/{socket}', 'http://localhost/_ping'],
      },
      expect: [{
        says: 'docker 명령 없이도 데몬이 같은 버전을 JSON으로 대답합니다',
        sameAs: 'version',
        part: /(?<=Server )\S+|(?<="Version":")[^"]+(?=","ApiVersion")/,
        falsify: { commands: { http: ['echo', '{"Version":"0.1","ApiVersion":"0.1"}'] } },
      }],
    },
  ],
})
