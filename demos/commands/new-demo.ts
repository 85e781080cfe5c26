import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { withParticle } from '../runtime/model/korean.ts'
import { demosFolder } from '../runtime/run/catalogue.ts'
import { MisuseError } from './cli.ts'

function template(id: string): string {
  return `import { defineDemo } from '../define.ts'

export default defineDemo({
  title: '${id}',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [
    {
      id: 'run',
      title: '컨테이너에서 실행하기',
      command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', '안녕, 도커!'],
      expect: [{
        says: '컨테이너가 인사합니다',
        output: '안녕, [..]!',
        // 이 주장이 거짓이라면: 그때는 이 기대가 실패해야 합니다.
        falsify: { commands: { run: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', '잘 가, 도커!'] } },
      }],
    },
  ],
})
`
}

/**
 * Writes the folder of a new demo, which passes as it is, and says what to do with it.
 * @throws {MisuseError} when it cannot have that name.
 */
export async function newDemo(id: string | undefined): Promise<void> {
  const hint = '사용법: npm run demo -- new <이름>'
  if (id === undefined || !/^[a-z][a-z0-9-]{0,40}$/.test(id))
    throw new MisuseError({ message: '데모의 이름은 영어 소문자로 시작하고 소문자, 숫자, 붙임표만 씁니다.', hint })
  if (['all', 'clean', 'ledger', 'new'].includes(id) || existsSync(join(demosFolder, id)))
    throw new MisuseError({ message: `demos/${withParticle(id, '이/가')} 이미 있거나 명령의 이름입니다.`, hint })
  await mkdir(join(demosFolder, id))
  await writeFile(join(demosFolder, id, 'demo.ts'), template(id))
  console.log(`${styleText('green', '✓')} demos/${id}/demo.ts

  슬라이드에 적을 한 줄    ${styleText('cyan', `<Demo id="${id}" />`)}
  실행해 보기              ${styleText('cyan', `npm run demo -- ${id}`)}
  거짓이면 실패하는지 보기 ${styleText('cyan', `npm run demo -- ${id} --falsify`)}
  다음, 녹화하기           ${styleText('cyan', `npm run record -- ${id}`)}

  슬라이드의 본보기와 적을 수 있는 것은 demos/README.md에 있습니다.`)
}
