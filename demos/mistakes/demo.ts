import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '여섯 가지 실수',
  files: ['Dockerfile', 'helloworld'],
  baseImages: ['busybox:stable'],
  notInTab: '브라우저 안의 엔진은 런타임이 runc가 아니라 crun이어서 오류를 알리는 글이 다릅니다.',
  podman: { cannot: 'Podman은 시작하지 못한 컨테이너의 종료 코드 126과 127을 도커 CLI에 전하지 않습니다.' },
  steps: [
    {
      id: 'build',
      title: 'chmod 없이 빌드',
      command: ['docker', 'image', 'build', '-q', '-t', 'mistakes', '.'],
      expect: [{
        says: '빌드는 성공합니다',
        output: 'sha256:[..]',
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nCOPY none /bin/\n' } },
      }],
    },
    {
      id: 'no-chmod',
      title: '① chmod를 잊음',
      command: ['docker', 'container', 'run', '--rm', 'mistakes'],
      exitCode: 127,
      expect: [{
        says: '127: PATH에서 실행할 수 있는 파일을 찾지 못했습니다',
        output: /executable file not found in \$PATH/,
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nCOPY helloworld /bin/\nRUN chmod +x /bin/helloworld\nCMD ["helloworld"]\n' } },
      }],
    },
    {
      id: 'absolute-path',
      title: '② 절대 경로로 실행',
      command: ['docker', 'container', 'run', '--rm', 'mistakes', '/bin/helloworld'],
      exitCode: 126,
      expect: [{
        says: '126: 파일은 있지만 실행 권한이 없습니다',
        output: /permission denied/,
        falsify: { commands: { 'absolute-path': ['docker', 'container', 'run', '--rm', 'mistakes', 'sh', '/bin/helloworld'] } },
      }],
    },
    {
      id: 'lf',
      title: '③ 줄 끝이 LF인 파일',
      command: ['docker', 'container', 'run', '--rm', 'mistakes', 'lf'],
      expect: [{
        says: '실행됩니다',
        output: 'Hello, World!',
        falsify: { commands: { lf: ['docker', 'container', 'run', '--rm', 'mistakes', 'crlf'] } },
      }],
    },
    {
      id: 'line-ends',
      title: '③ 윈도우의 줄 끝',
      command: ['docker', 'container', 'run', '--rm', 'mistakes', 'crlf'],
      exitCode: [1, 255],
      expect: [{
        says: '줄 끝만 다른 같은 파일인데 없다고 합니다',
        output: /no such file or directory/,
        falsify: { commands: { 'line-ends': ['docker', 'container', 'run', '--rm', 'mistakes', 'lf'] } },
      }],
    },
    {
      id: 'bytes',
      title: '③ 첫 줄의 바이트',
      command: ['docker', 'container', 'run', '--rm', 'mistakes', 'sh', '-c', 'head -n 1 /bin/crlf | od -c'],
      expect: [{
        says: '없는 것은 파일이 아니라 #! 뒤의 /bin/sh\\r입니다',
        output: /\\r\s+\\n/,
        falsify: { commands: { bytes: ['docker', 'container', 'run', '--rm', 'mistakes', 'sh', '-c', 'head -n 1 /bin/lf | od -c'] } },
      }],
    },
    {
      id: 'daemon-off',
      title: '④ 데몬이 꺼져 있음',
      command: ['docker', '--host', 'unix:///tmp/off.sock', 'container', 'run', 'busybox:stable'],
      exitCode: 125,
      expect: [{
        says: '125: CLI가 데몬을 찾지 못했습니다',
        output: /Cannot connect to the Docker daemon|failed to connect to the docker API/,
        falsify: { commands: { 'daemon-off': ['docker', 'container', 'run', '--rm', 'busybox:stable'] } },
      }],
    },
    {
      id: 'dockfile',
      title: '⑤ Dockfile',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockfile', '-t', 'mistakes:typo', '.'],
      exitCode: 1,
      expect: [{
        says: '그런 이름의 Dockerfile이 없습니다',
        output: /failed to read dockerfile|no such file or directory/,
        falsify: { commands: { dockfile: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile', '-t', 'mistakes:typo', '.'] } },
      }],
    },
    {
      id: 'unknown-command',
      title: '⑥ docker container fun',
      command: ['docker', 'container', 'fun'],
      exitCode: 1,
      expect: [{
        says: '그런 명령이 없습니다',
        output: /unknown command|not a docker command|Usage:/,
        falsify: { commands: { 'unknown-command': ['docker', 'container', 'ls'] } },
      }],
    },
  ],
})
