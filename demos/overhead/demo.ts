import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '오버헤드 재기',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'process', title: '프로세스 시작', command: ['true'] },
    { id: 'container', title: '컨테이너 시작', command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'true'] },
    {
      id: 'sleep',
      title: '컨테이너 재워 두기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-nap', 'busybox:stable', 'sleep', '60'],
    },
    {
      id: 'memory',
      title: '메모리 재기',
      command: ['docker', 'container', 'stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', 'ch01-nap'],
      expect: [{ says: '잠든 컨테이너는 메모리를 몇 MiB도 쓰지 않습니다', output: /(?<=h01-nap )(?:\d{1,3}(?:\.\d+)?KiB|\d(?:\.\d+)?MiB|0B)(?= )/ }],
    },
  ],
})
