import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '여섯 가지 실수',
  files: ['Dockerfile.name', 'Dockerfile.path', 'Dockerfile.crlf', 'helloworld'],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '실행 권한 없이 빌드', command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.name', '-t', 'ch01/mistakes:name', '.'] },
    { title: '① chmod를 잊음', command: ['docker', 'container', 'run', '--rm', 'ch01/mistakes:name'], exitCode: 127, expect: [{ says: '127: 실행할 수 있는 파일을 PATH에서 찾지 못함 → 권한과 이름 확인', output: /executable file not found in \$PATH/ }] },
    { title: '절대 경로로 빌드', command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.path', '-t', 'ch01/mistakes:path', '.'] },
    { title: '② 절대 경로, 역시 권한 없음', command: ['docker', 'container', 'run', '--rm', 'ch01/mistakes:path'], exitCode: 126, expect: [{ says: '126: 파일은 있으나 실행 권한이 없음 → chmod +x', output: /permission denied/ }] },
    { title: '윈도우 줄바꿈으로 빌드', command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.crlf', '-t', 'ch01/mistakes:crlf', '.'] },
    { title: '③ 윈도우 줄바꿈', command: ['docker', 'container', 'run', '--rm', 'ch01/mistakes:crlf'], exitCode: [1, 255], expect: [{ says: '없다는 것은 파일이 아니라 #! 뒤의 /bin/sh\\r → 줄바꿈을 LF로', output: /no such file or directory/ }] },
    { title: '④ 데몬이 꺼져 있음', command: ['docker', '--host', 'unix:///tmp/ch01-no-docker.sock', 'container', 'run', 'busybox:stable'], exitCode: 125, expect: [{ says: '125: CLI가 데몬을 찾지 못함 → 도커를 켜기', output: /Cannot connect to the Docker daemon|failed to connect to the docker API/ }] },
    { title: '⑤ Dockfile', command: ['docker', 'image', 'build', '-f', 'Dockfile', '-t', 'ch01/mistakes:dockfile', '.'], exitCode: 1, expect: [{ says: 'Dockerfile이라는 이름을 찾지 못함 → 철자 확인', output: /failed to read dockerfile|no such file or directory/ }] },
    { title: '⑥ docker container fun', command: ['docker', 'container', 'fun'], exitCode: 1, expect: [{ says: '그런 명령이 없음 → docker container --help', output: /unknown command|not a docker command|Usage:/ }] },
  ],
})
