import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '두 번 빌드하면',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'first', title: '첫 번째 빌드', command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'reproducible:1', '.'] },
    {
      id: 'second',
      title: '두 번째 빌드',
      command: ['docker', 'image', 'build', '--no-cache', '-q', '-t', 'reproducible:2', '.'],
      expect: [{
        says: '같은 Dockerfile인데 ID가 다릅니다',
        differsFrom: 'first',
        falsify: { commands: { second: ['docker', 'image', 'inspect', '--format', '{{.Id}}', 'reproducible:1'] } },
      }],
    },
    { id: 'run', title: '첫 이미지의 파일', command: ['docker', 'container', 'run', '--rm', '{first}', 'cat', '/built.txt'] },
    {
      id: 'other',
      title: '둘째 이미지의 파일',
      command: ['docker', 'container', 'run', '--rm', '{second}', 'cat', '/built.txt'],
      expect: [{
        says: 'ID만이 아니라 파일의 내용도 다릅니다',
        differsFrom: 'run',
        // The IDs differ all the same: a build's times stand in the image.
        falsify: { files: { Dockerfile: 'FROM busybox:stable\nRUN echo 같은 내용 > /built.txt\n' } },
      }],
    },
    {
      id: 'again',
      title: '첫 이미지를 한 번 더',
      command: ['docker', 'container', 'run', '--rm', '{first}', 'cat', '/built.txt'],
      expect: [{
        says: '같은 ID로 실행하면 언제나 같은 내용입니다',
        sameAs: 'run',
        falsify: { commands: { again: ['docker', 'container', 'run', '--rm', '{second}', 'cat', '/built.txt'] } },
      }],
    },
  ],
})
