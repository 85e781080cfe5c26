import { defineDemo } from '../define.ts'

const image = 'localhost:5056/ch01/stages:1'

export default defineDemo({
  title: '개발에서 운영까지',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable', 'registry:2'],
  podman: { cannot: 'Podman은 localhost의 레지스트리와도 HTTPS로만 주고받습니다.' },
  notInTab: '내려받을 양을 줄이려고 브라우저 안의 엔진에는 레지스트리 서버를 넣지 않았습니다.',
  steps: [
    {
      id: 'registry',
      title: '레지스트리 띄우기',
      command: ['docker', 'container', 'run', '-d', '--name', 'ch01-stages', '-p', '127.0.0.1:5056:5000', 'registry:2'],
      ready: 'http://localhost:5056/v2/',
    },
    { id: 'build', title: '한 번 빌드', command: ['docker', 'image', 'build', '-q', '-t', image, '.'] },
    { id: 'push', title: '올리기', command: ['docker', 'image', 'push', '--quiet', image] },
    { id: 'dev-image', title: '올린 이미지의 다이제스트', command: ['docker', 'image', 'inspect', '--format', '{{index .RepoDigests 0}}', image] },
    {
      id: 'dev',
      title: '개발',
      command: ['docker', 'container', 'run', '--rm', '-e', 'STAGE=dev', '{dev-image}'],
      expect: [{
        says: '개발 설정으로 실행됩니다',
        output: /^dev/,
        falsify: { commands: { dev: ['docker', 'container', 'run', '--rm', '-e', 'STAGE=prod', '{dev-image}'] } },
      }],
    },
    { id: 'remove', title: '개발의 이미지 지우기', command: ['docker', 'image', 'rm', image] },
    { id: 'pull', title: '운영에서 받기', command: ['docker', 'image', 'pull', '--quiet', image] },
    {
      id: 'prod-image',
      title: '받은 이미지의 다이제스트',
      command: ['docker', 'image', 'inspect', '--format', '{{index .RepoDigests 0}}', image],
      expect: [{
        says: '개발에서 실행한 이미지와 한 바이트도 다르지 않습니다',
        sameAs: 'dev-image',
        // Somebody has built it again for production.
        falsify: { commands: { remove: ['docker', 'buildx', 'build', '--quiet', '--label', 'again=1', '--push', '-t', image, '.'] } },
      }],
    },
    {
      id: 'prod',
      title: '운영',
      command: ['docker', 'container', 'run', '--rm', '-e', 'STAGE=prod', '{prod-image}'],
      expect: [{
        says: '운영 설정으로 실행됩니다',
        output: /^prod/,
        falsify: { commands: { prod: ['docker', 'container', 'run', '--rm', '-e', 'STAGE=dev', '{prod-image}'] } },
      }],
    },
  ],
})
