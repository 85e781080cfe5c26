import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '개발에서 운영까지',
  files: ['Dockerfile'],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'build', title: '한 번 빌드', command: ['docker', 'image', 'build', '-q', '-t', 'stages', '.'] },
    {
      id: 'dev',
      title: '개발',
      command: ['docker', 'container', 'run', '--name', 'ch01-dev', '-e', 'STAGE=dev', 'stages'],
      expect: [{ says: '개발 설정으로 실행됩니다', output: /^dev/ }],
    },
    {
      id: 'prod',
      title: '운영',
      command: ['docker', 'container', 'run', '--name', 'ch01-prod', '-e', 'STAGE=prod', 'stages'],
      expect: [{ says: '운영 설정으로 실행됩니다', output: /^prod/ }],
    },
    { id: 'dev-image', title: '개발의 이미지', command: ['docker', 'container', 'inspect', '--format', '{{.Image}}', 'ch01-dev'] },
    {
      id: 'prod-image',
      title: '운영의 이미지',
      command: ['docker', 'container', 'inspect', '--format', '{{.Image}}', 'ch01-prod'],
      expect: [{ says: '두 컨테이너의 이미지는 한 바이트도 다르지 않습니다', sameAs: 'dev-image' }],
    },
  ],
})
