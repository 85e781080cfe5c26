import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '빌드에 들어가는 것',
  files: [
    'app/Dockerfile', 'app/Dockerfile.outside', 'app/Dockerfile.all', 'app/helloworld', 'app/password.txt', 'app/.dockerignore',
    'secret.txt',
  ],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    {
      id: 'both',
      title: '둘 다 있음',
      command: ['docker', 'image', 'build', '-q', '-t', 'context', 'app'],
      expect: [{
        says: 'Dockerfile과 컨텍스트가 다 있으면 이미지가 나옵니다',
        output: /^(?:sha256:)?[0-9a-f]{64}$/m,
        falsify: { files: { 'app/Dockerfile': 'FROM busybox:stable\nCOPY none /bin/\n' } },
      }],
    },
    {
      id: 'look',
      title: '컨텍스트 밖의 파일',
      command: ['ls', 'secret.txt', 'app'],
      expect: [{
        says: '폴더 app의 바깥에 secret.txt가 있습니다',
        output: /^secret\.txt$/m,
        falsify: { commands: { look: ['ls', 'app'] } },
      }],
    },
    {
      id: 'outside',
      title: '컨텍스트 밖의 파일 복사하기',
      command: ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile.outside', '-t', 'context:outside', 'app'],
      exitCode: 1,
      expect: [{
        says: '있는 파일인데, 컨텍스트 밖이라 찾지 못합니다',
        output: /"\/secret\.txt"(?::| not found:) not found|outside the build context|escaping context directory|does not exist/,
        falsify: {
          commands: { outside: ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile.outside', '-t', 'context:outside', '.'] },
        },
      }],
    },
    {
      id: 'no-dockerfile',
      title: 'Dockerfile 없음',
      command: ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile.none', '-t', 'context:none', 'app'],
      exitCode: 1,
      expect: [{
        says: '실행 파일만으로는 만들 수 없습니다',
        output: /failed to read dockerfile|no such file or directory/,
        falsify: { commands: { 'no-dockerfile': ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile', '-t', 'context:none', 'app'] } },
      }],
    },
    {
      id: 'all',
      title: '컨텍스트를 모두 복사',
      command: ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile.all', '-t', 'context:all', 'app'],
    },
    {
      id: 'leak',
      title: '딸려 들어간 파일',
      command: ['docker', 'container', 'run', '--rm', 'context:all', 'cat', '/app/password.txt'],
      expect: [{
        says: '비밀번호가 이미지에 들어 있습니다',
        output: 'PASSWORD=1234',
        falsify: { files: { 'app/Dockerfile.all': 'FROM busybox:stable\nCOPY helloworld /app/password.txt\n' } },
      }],
    },
    { id: 'ignore', title: '컨텍스트에서 빼기', command: ['echo', 'password.txt'], into: 'app/.dockerignore' },
    {
      id: 'again',
      title: '다시 빌드',
      command: ['docker', 'image', 'build', '-q', '-f', 'app/Dockerfile.all', '-t', 'context:safe', 'app'],
    },
    {
      id: 'safe',
      title: '이제 없는 파일',
      command: ['docker', 'container', 'run', '--rm', 'context:safe', 'ls', '/app/helloworld', '/app/password.txt'],
      exitCode: 1,
      expect: [
        {
          says: 'password.txt는 이미지에 없습니다',
          output: '/app/password.txt: No such file or directory',
          falsify: { commands: { ignore: ['echo', 'nothing.txt'] } },
        },
        {
          says: 'helloworld는 들어 있습니다',
          output: /^\/app\/helloworld\s*$/m,
          falsify: { commands: { ignore: ['echo', '*'] } },
        },
      ],
    },
  ],
})
