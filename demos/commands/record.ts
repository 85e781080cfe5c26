import type { RunEvent } from '../runtime/model/run-events.ts'
import type { WorkingCopy } from '../runtime/run/working-copy.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { engineStatus } from '../runtime/engine/docker.ts'
import { startRun } from '../runtime/engine/start-run.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { ProblemError } from '../runtime/model/problem.ts'
import { decode, encode } from '../runtime/model/recording.ts'
import { demoOf, demosFolder, readCatalogue } from '../runtime/run/catalogue.ts'
import { workingCopy } from '../runtime/run/working-copy.ts'
import { EXIT, main, MisuseError, printProblem, readArgs } from './cli.ts'

const usage = '사용법: npm run record [-- 데모 …]   (데모를 적지 않으면 모두 녹화)'

await main(async () => {
  const { positionals } = readArgs(usage, {})
  const catalogue = await readCatalogue()
  const unknown = positionals.find(id => !catalogue.has(id))
  if (unknown !== undefined)
    throw new MisuseError({ message: `데모 ${withParticle(unknown, '은/는')} 없습니다.`, hint: usage })
  const engine = await engineStatus()
  if (!engine.reachable) {
    printProblem(engine.problem)
    return EXIT.noEngine
  }

  let failed = 0
  for (const id of positionals.length > 0 ? positionals : catalogue.keys()) {
    let copy: WorkingCopy | undefined
    try {
      const demo = demoOf(catalogue, id)
      copy = await workingCopy(id, demo)
      const events: RunEvent[] = []
      const run = await startRun(id, demo, engine.version, copy, demo.steps.length - 1, event => events.push(event))
      const outcome = await run.ended
      if (outcome !== 'passed') {
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
    finally {
      await copy?.remove()
    }
  }
  return failed === 0 ? EXIT.ok : EXIT.failed
})
