import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '이미지의 속',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    { id: 'save', title: '파일로 저장', command: ['docker', 'image', 'save', '-o', 'image.tar', 'busybox:stable'] },
    {
      id: 'list',
      title: '속을 들여다보기',
      // Since Engine 25 the archive is an OCI layout; before, it had the list alone.
      command: ['tar', '-tf', 'image.tar'],
      expect: [
        { says: '목록, 설정, 레이어: 도커가 아니어도 읽을 수 있습니다', output: /oci-layout|manifest\.json(?![\s\S]*oci-layout)/, falsify: { commands: { save: ['tar', '-cf', 'image.tar', '-T', '/dev/null'] } } },
      ],
    },
  ],
})
