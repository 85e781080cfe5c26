import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '파일로 옮기기',
  // The programs in base64; programs/ has what they are made from.
  files: ['Dockerfile', 'message.txt', 'Dockerfile.cpus', 'hello.x86_64', 'hello.aarch64', 'hello.i686', 'hello.ia64'],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'portable', '.'] },
    { id: 'save', title: '파일로 저장', command: ['docker', 'image', 'save', '-o', 'hello.tar', 'portable:latest'] },
    { id: 'remove', title: '이미지 지우기', command: ['docker', 'image', 'rm', 'portable:latest'] },
    {
      id: 'gone',
      title: '지운 이미지 실행',
      command: ['docker', 'container', 'run', '--rm', '--pull', 'never', 'portable'],
      exitCode: 125,
      expect: [{
        says: '이제 이 엔진에는 없습니다',
        output: /No such image/i,
        falsify: { commands: { remove: ['docker', 'image', 'tag', 'portable:latest', 'portable:kept'] } },
      }],
    },
    {
      id: 'load',
      title: '파일에서 읽기',
      command: ['docker', 'image', 'load', '-i', 'hello.tar'],
      expect: [{
        says: '이미지가 되살아납니다',
        output: /Loaded image: (?:docker\.io\/)?ch01\/portable\S*/,
        falsify: { commands: { save: ['docker', 'image', 'save', '-o', 'hello.tar', 'busybox:stable'] } },
      }],
    },
    {
      id: 'run',
      title: '실행',
      command: ['docker', 'container', 'run', '--rm', 'portable'],
      expect: [{
        says: '옮기기 전과 똑같이 실행됩니다',
        output: '어디서나 같은 이미지',
        falsify: { files: { 'message.txt': '다른 이미지\n' } },
      }],
    },
    {
      id: 'build-cpus',
      title: '두 CPU의 프로그램 담기',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.cpus', '-t', 'portable:cpus', '.'],
    },
    {
      id: 'this-cpu',
      title: '이 CPU의 프로그램 실행',
      command: ['docker', 'container', 'run', '--rm', 'portable:cpus', 'this-cpu'],
      expect: [{
        says: '이 CPU의 프로그램은 실행됩니다',
        output: '프로그램이 실행되었습니다',
        falsify: { commands: { 'this-cpu': ['docker', 'container', 'run', '--rm', 'portable:cpus', 'ia64'] } },
      }],
    },
    {
      id: 'other-cpu',
      title: '다른 CPU의 프로그램 실행',
      command: ['docker', 'container', 'run', '--rm', 'portable:cpus', 'ia64'],
      exitCode: [1, 126, 255],
      expect: [{
        says: '하는 일은 같은데, 다른 CPU의 프로그램은 시작하지 못합니다',
        output: /exec format error/i,
        falsify: { commands: { 'other-cpu': ['docker', 'container', 'run', '--rm', 'portable:cpus', 'this-cpu'] } },
      }],
    },
  ],
})
