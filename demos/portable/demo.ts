import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '파일로 옮기기',
  files: ['Dockerfile', 'Dockerfile.sparc'],
  baseImages: ['busybox:stable'],
  podman: { cannot: 'Podman 4는 --rm으로 실행한 컨테이너의 종료 코드를 도커 CLI에 전하지 않습니다.', before: 5 },
  steps: [
    { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'portable', '.'] },
    { id: 'save', title: '파일로 저장', command: ['docker', 'image', 'save', '-o', 'hello.tar', 'portable:latest'] },
    { id: 'remove', title: '이미지 지우기', command: ['docker', 'image', 'rm', 'portable:latest'] },
    {
      id: 'load',
      title: '파일에서 읽기',
      command: ['docker', 'image', 'load', '-i', 'hello.tar'],
      expect: [{ says: '이미지가 되살아납니다', output: /Loaded image: (?:docker\.io\/)?ch01\/portable\S*/ }],
    },
    {
      id: 'run',
      title: '실행',
      command: ['docker', 'container', 'run', '--rm', 'portable'],
      expect: [{ says: '옮기기 전과 똑같이 실행됩니다', output: '어디서나 같은 이미지' }],
    },
    {
      id: 'build-sparc',
      title: '다른 CPU의 프로그램 담기',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.sparc', '-t', 'portable:sparc', '.'],
    },
    {
      id: 'run-sparc',
      title: '다른 CPU의 프로그램 실행',
      command: ['docker', 'container', 'run', '--rm', 'portable:sparc'],
      exitCode: [1, 255],
      expect: [{ says: 'CPU가 다르면 실행할 수 없습니다', output: /exec format error/i }],
    },
  ],
})
