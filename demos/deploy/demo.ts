import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '환경까지 배포하기',
  files: ['app', 'Dockerfile.small', 'Dockerfile.debian'],
  baseImages: ['busybox:stable', 'debian:trixie-slim'],
  steps: [
    {
      id: 'build-small',
      title: 'BusyBox와 함께 담기',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.small', '-t', 'deploy:small', '.'],
    },
    {
      id: 'build-debian',
      title: 'Debian과 함께 담기',
      command: ['docker', 'image', 'build', '-q', '-f', 'Dockerfile.debian', '-t', 'deploy:debian', '.'],
    },
    {
      id: 'run-small',
      title: '첫 이미지 실행',
      command: ['docker', 'container', 'run', '--rm', 'deploy:small'],
      expect: [{
        says: '애플리케이션과 함께 BusyBox가 왔습니다',
        output: /^BusyBox v\S+/m,
        falsify: { files: { 'Dockerfile.small': 'FROM debian:trixie-slim\nCOPY app /app\nCMD ["sh", "/app"]\n' } },
      }],
    },
    {
      id: 'run-debian',
      title: '둘째 이미지 실행',
      command: ['docker', 'container', 'run', '--rm', 'deploy:debian'],
      expect: [{
        says: '같은 파일인데 이번에는 Debian이 왔습니다',
        output: /(?<=PRETTY_NAME=")Debian[^"]*/,
        falsify: { files: { 'Dockerfile.debian': 'FROM busybox:stable\nCOPY app /app\nCMD ["sh", "/app"]\n' } },
      }],
    },
  ],
})
