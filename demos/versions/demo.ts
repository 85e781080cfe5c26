import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '태그와 ID',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { title: '버전 1', command: ['docker', 'image', 'build', '-q', '--build-arg', 'VERSION=1', '-t', 'ch01/versions:1', '.'] },
    { title: '버전 2', command: ['docker', 'image', 'build', '-q', '--build-arg', 'VERSION=2', '-t', 'ch01/versions:2', '.'] },
    { title: 'latest는 버전 1', command: ['docker', 'image', 'tag', 'ch01/versions:1', 'ch01/versions:latest'] },
    { title: 'latest의 ID', command: ['docker', 'image', 'inspect', '--format', '{{.Id}}', 'ch01/versions:latest'] },
    { title: 'latest를 버전 2로', command: ['docker', 'image', 'tag', 'ch01/versions:2', 'ch01/versions:latest'] },
    { title: 'latest의 ID, 다시', command: ['docker', 'image', 'inspect', '--format', '{{.Id}}', 'ch01/versions:latest'], expect: [{ says: '태그는 같은데 ID가 바뀌었습니다', differsFrom: 3 }] },
    { title: '태그로 실행', command: ['docker', 'container', 'run', '--rm', 'ch01/versions:latest'], expect: [{ says: '태그를 따라가면 버전 2입니다', output: '버전 2' }] },
    { title: 'ID로 실행', command: ['docker', 'container', 'run', '--rm', '{3}'], expect: [{ says: '적어 둔 ID는 그대로 버전 1입니다', output: '버전 1' }] },
  ],
})
