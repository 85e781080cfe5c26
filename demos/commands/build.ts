import { styleText } from 'node:util'
import { buildSite } from '../runtime/server/site.ts'
import { checkLecture, EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run build   (dist/에 정적 사이트를 만듭니다)'

await main(async () => {
  if (readArgs(usage, {}).positionals.length > 0)
    throw new MisuseError({ message: '이 명령에는 인수가 없습니다.', hint: usage })
  checkLecture()
  await buildSite()
  console.log(`${styleText('green', '✓')} dist/에 정적 사이트를 만들었습니다. 어떤 파일 서버의 어떤 폴더에 두어도 됩니다.`)
  return EXIT.ok
})
