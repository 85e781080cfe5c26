import type { Finding } from '../runtime/model/messages.ts'
import process from 'node:process'
import { styleText } from 'node:util'
import { prepareBaseImage } from '../runtime/engine/base-images.ts'
import { connectEngine } from '../runtime/engine/docker.ts'
import { baseImagesOf, runDoctor } from '../runtime/engine/doctor.ts'
import { visible } from '../runtime/model/visible.ts'
import { readCatalogue } from '../runtime/run/catalogue.ts'
import { EXIT, main, MisuseError, readArgs } from './cli.ts'

const marks: Record<Finding['state'], string> = {
  ok: styleText('green', '✓'),
  warn: styleText('yellow', '!'),
  bad: styleText('red', '✗'),
  unknown: styleText('dim', '–'),
}

const usage = '사용법: npm run doctor [-- --prepare] [--json]'

await main(async () => {
  const options = { json: { type: 'boolean' }, prepare: { type: 'boolean' } } as const
  const { values: { json = false, prepare = false }, positionals } = readArgs(usage, options)
  if (positionals.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${positionals.join(' ')}`, hint: usage })
  const catalogue = await readCatalogue()
  if (prepare)
    await prepareAll(baseImagesOf(catalogue))
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  const findings = await runDoctor(catalogue, { signal: abort.signal })
  process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop)
  if (json) {
    console.log(JSON.stringify(findings, null, 2))
  }
  else {
    for (const finding of findings)
      print(finding)
    console.log(findings.every(({ state }) => state !== 'bad')
      ? '\n강의를 시작할 준비가 되었습니다. npm start'
      : '\n고칠 것이 있습니다. 고치기 전까지 슬라이드는 녹화를 보여 줍니다.')
  }
  return findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.ok
})

async function prepareAll(images: string[]): Promise<void> {
  const engine = await connectEngine()
  for (const image of images)
    await prepareBaseImage(engine, image, line => console.error(styleText('dim', `  ${visible(line)}`)))
}

function print({ name, state, message, hint, detail }: Finding): void {
  console.log(`${marks[state]} ${styleText('bold', visible(name))}  ${visible(message)}`)
  if (hint)
    console.log(`  → ${visible(hint)}`)
  if (detail)
    console.log(styleText('dim', visible(detail).replaceAll(/^/gm, '    ')))
}
