import { defineDemo } from '../define.ts'

const image = 'localhost:5055/ch01/hello:1'
const digest = /(?<=digest: )sha256:[0-9a-f]{64}/i

export default defineDemo({
  title: '레지스트리로 주고받기',
  files: ['Dockerfile', 'message.txt'],
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
      expect: [{
        says: '레지스트리가 다이제스트를 돌려줍니다',
        output: digest,
        falsify: { commands: { push: ['docker', 'image', 'push', '--quiet', image] } },
      }],
    },
    { id: 'remove', title: '내 것 지우기', command: ['docker', 'image', 'rm', image] },
    {
      id: 'pull',
      title: '받기',
      command: ['docker', 'image', 'pull', image],
      expect: [{
        says: '올릴 때와 같은 다이제스트로 돌아옵니다',
        sameAs: 'push',
        part: digest,
        // Somebody else has pushed another image to the same tag.
        falsify: { commands: { remove: ['docker', 'buildx', 'build', '--quiet', '--label', 'again=1', '--push', '-t', image, '.'] } },
      }],
    },
    {
      id: 'run',
      title: '실행',
      command: ['docker', 'container', 'run', '--rm', image],
      expect: [{
        says: '받은 이미지가 실행됩니다',
        output: '레지스트리에 다녀왔습니다',
        falsify: { files: { 'message.txt': '다른 이미지\n' } },
      }],
    },
  ],
})
