import type { RunEvent } from '../runtime/model/run-events.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { connectEngine } from '../runtime/engine/docker.ts'
import { runOnce } from '../runtime/engine/run-once.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { ProblemError } from '../runtime/model/problem.ts'
import { decode, encode } from '../runtime/model/recording.ts'
import { demoOf, demosFolder, readCatalogue } from '../runtime/run/catalogue.ts'
import { EXIT, main, MisuseError, printProblem, readArgs } from './cli.ts'

const usage = '사용법: npm run record [-- 데모 …]   (데모를 적지 않으면 모두 녹화)'

await main(async () => {
  const { positionals } = readArgs(usage, {})
  const catalogue = await readCatalogue()
  const unknown = positionals.find(id => !catalogue.has(id))
  if (unknown !== undefined)
    throw new MisuseError({ message: `데모 ${withParticle(unknown, '은/는')} 없습니다.`, hint: usage })
  const engine = await connectEngine()

  let failed = 0
  for (const id of positionals.length > 0 ? positionals : catalogue.keys()) {
    try {
      const demo = demoOf(catalogue, id)
      const events: RunEvent[] = []
      if (await runOnce({ engine, demoId: id, demo, onEvent: event => void events.push(event) }) !== 'passed') {
        failed += 1
        console.error(`${styleText('red', '✗')} ${id}: 실행이 성공하지 않아 녹화를 바꾸지 않았습니다. npm run demo -- ${withParticle(id, '으로/로')} 확인하세요.`)
        continue
      }
      const text = encode(demo.title, demo.steps, events)
      decode(text, demo.steps.length, id)
      await writeFile(join(demosFolder, id, 'recording.cast'), text)
      console.log(`${styleText('green', '✓')} demos/${id}/recording.cast`)
    }
    catch (error) {
      if (!(error instanceof ProblemError))
        throw error
      failed += 1
      printProblem(error.problem)
    }
  }
  return failed === 0 ? EXIT.ok : EXIT.failed
})
