import { join } from 'node:path'
import { styleText } from 'node:util'
import { execa, ExecaError } from 'execa'
import { ProblemError } from '../problem.ts'
import { checkLecture, EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run build   (dist/에 정적 사이트를 만듭니다)'
const root = join(import.meta.dirname, '../..')

await main(async () => {
  if (readArgs(usage, {}).positionals.length > 0)
    throw new MisuseError({ says: '이 명령에는 인수가 없습니다.', next: usage })
  checkLecture()
  try {
    // Relative addresses only: the site works from any folder of a plain file server.
    await execa('slidev', ['build', 'slides.md', '--base', './', '--out', 'dist'], { cwd: root, preferLocal: true, localDir: root, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  catch (error) {
    throw new ProblemError({ says: '정적 사이트를 만들지 못했습니다.', next: '아래 원문이 가리키는 파일을 고친 뒤 다시 실행하세요.', detail: error instanceof ExecaError ? String(error.stderr) : String(error) }, { cause: error })
  }
  console.log(`${styleText('green', '✓')} dist/에 정적 사이트를 만들었습니다. 어떤 파일 서버의 어떤 폴더에 두어도 됩니다.`)
  return EXIT.ok
})
