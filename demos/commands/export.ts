import { relative, resolve } from 'node:path'
import process from 'node:process'
import { styleText } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import { ENTRY } from '../runtime/pages/deck.ts'
import { exportPdf } from '../runtime/pages/pdf.ts'
import { checkLecture, EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run export [-- --output 파일.pdf]'

await main(async () => {
  const { values: { output = 'docker-basics.pdf' }, positionals } = readArgs(usage, { output: { type: 'string' } })
  if (positionals.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${positionals.join(' ')}`, hint: usage })
  checkLecture()
  const bar = new SingleBar({ format: '  PDF로 내보내는 중 {bar} {value}/{total}쪽', barsize: 30, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  bar.start(1, 0)
  try {
    const { pages, bytes } = await exportPdf(ENTRY, resolve(output), (done, total) => {
      bar.setTotal(total)
      bar.update(done)
    })
    bar.stop()
    console.log(`${styleText('green', '✓')} ${relative(process.cwd(), resolve(output))} · ${pages}쪽 · ${(bytes / 1024 ** 2).toFixed(1)} MB`)
    return EXIT.ok
  }
  finally {
    bar.stop()
  }
})
