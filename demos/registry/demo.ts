import { defineDemo } from '../define.ts'

const image = 'localhost:5055/ch01/hello:1'

export default defineDemo({
  title: '레지스트리로 주고받기',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable', 'registry:2'],
  podman: { cannot: 'Podman은 localhost의 레지스트리와도 HTTPS로만 주고받습니다.' },
  notInTab: '내려받을 양을 줄이려고 브라우저 안의 엔진에는 레지스트리 서버를 넣지 않았습니다.',
  steps: [
    {
      id: 'registry',
      title: '레지스트리 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-registry', '-p', '127.0.0.1:5055:5000', 'registry:2'],
      ready: 'http://localhost:5055/v2/',
    },
    { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', image, '.'] },
    {
      id: 'push',
      title: '올리기',
      command: ['docker', 'image', 'push', image],
      expect: [{ says: '레지스트리가 다이제스트를 돌려줍니다', output: /digest: sha256:\S+/ }],
    },
    { id: 'remove', title: '내 것 지우기', command: ['docker', 'image', 'rm', image] },
    {
      id: 'pull',
      title: '받기',
      command: ['docker', 'image', 'pull', image],
      expect: [{ says: '같은 다이제스트로 돌아옵니다', output: /Digest: sha256:\S+/ }],
    },
    {
      id: 'run',
      title: '실행',
      command: ['docker', 'container', 'run', '--rm', image],
      expect: [{ says: '받은 이미지가 실행됩니다', output: '레지스트리를 다녀왔습니다' }],
    },
  ],
})
