import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '태그와 ID',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    {
      id: 'first',
      title: '버전 1 빌드',
      command: ['docker', 'image', 'build', '-q', '--build-arg', 'VERSION=1', '-t', 'versions', '-t', 'versions:1', '.'],
    },
    { id: 'note', title: 'ID 적어 두기', command: ['docker', 'image', 'ls', '-q', 'versions:latest'] },
    {
      id: 'second',
      title: '버전 2 빌드',
      command: ['docker', 'image', 'build', '-q', '--build-arg', 'VERSION=2', '-t', 'versions', '.'],
      expect: [{
        says: '태그는 같은데 ID가 바뀌었습니다',
        differsFrom: 'first',
        falsify: { commands: { second: ['docker', 'image', 'inspect', '--format', '{{.Id}}', 'versions:1'] } },
      }],
    },
    {
      id: 'by-tag',
      title: '태그로 실행',
      command: ['docker', 'container', 'run', '--rm', 'versions:latest'],
      expect: [{
        says: '태그를 따라가면 버전 2입니다',
        output: '버전 2',
        falsify: { commands: { 'by-tag': ['docker', 'container', 'run', '--rm', 'versions:1'] } },
      }],
    },
    {
      id: 'by-id',
      title: 'ID로 실행',
      command: ['docker', 'container', 'run', '--rm', '{note}'],
      expect: [{
        says: '적어 둔 ID는 그대로 버전 1입니다',
        output: '버전 1',
        falsify: { commands: { 'by-id': ['docker', 'container', 'run', '--rm', 'versions:latest'] } },
      }],
    },
  ],
})
