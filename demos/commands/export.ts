import { relative, resolve } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { ENTRY } from '../runtime/pages/deck.ts'
import { exportPdf } from '../runtime/pages/pdf.ts'
import { checkLecture, EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run export [-- --handout] [--output 파일.pdf]'

await main(async () => {
  const { values, positionals } = readArgs(usage, { handout: { type: 'boolean' }, output: { type: 'string' } })
  const { handout = false, output = handout ? 'docker-basics-handout.pdf' : 'docker-basics.pdf' } = values
  if (positionals.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${positionals.join(' ')}`, hint: usage })
  checkLecture()
  try {
    const { pages, bytes } = await exportPdf({
      entry: ENTRY,
      output: resolve(output),
      handout,
      onProgress: (done, total) => showProgress(`  PDF로 내보내는 중 ${done}/${total}쪽`),
    })
    showProgress('')
    console.log(`${styleText('green', '✓')} ${relative(process.cwd(), resolve(output))} · ${pages}쪽 · ${(bytes / 1024 ** 2).toFixed(1)} MB`)
    return EXIT.ok
  }
  finally {
    showProgress('')
  }
})

/** Shows a line in the place of the one before, to a person who looks on. */
function showProgress(line: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${line}\x1B[K`)
}
