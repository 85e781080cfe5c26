import type { Demo } from '../define.ts'
import type { DockerEngine } from '../runtime/engine/docker.ts'
import type { RunEvent } from '../runtime/model/run-events.ts'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { connectEngine } from '../runtime/engine/docker.ts'
import { runOnce } from '../runtime/engine/run-once.ts'
import { driftOf } from '../runtime/model/drift.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { ProblemError } from '../runtime/model/problem.ts'
import { decode, encode } from '../runtime/model/recording.ts'
import { idleRun, reduce } from '../runtime/model/run-events.ts'
import { demoOf, demosFolder, readCatalogue } from '../runtime/run/catalogue.ts'
import { EXIT, main, MisuseError, printProblem, readArgs } from './cli.ts'
import { failuresOf } from './print-run.ts'

const usage = `사용법: npm run record [-- 데모 …]           성공한 실행을 녹화 (데모를 적지 않으면 모두)
        npm run record -- --check [데모 …]   녹화가 지금의 실행과 같은지 확인`

await main(async () => {
  const { values: { check = false }, positionals } = readArgs(usage, { check: { type: 'boolean' } })
  const catalogue = await readCatalogue()
  const unknown = positionals.find(id => !catalogue.has(id))
  if (unknown !== undefined)
    throw new MisuseError({ message: `데모 ${withParticle(unknown, '은/는')} 없습니다.`, hint: usage })
  const engine = await connectEngine()

  let failed = 0
  for (const id of positionals.length > 0 ? positionals : catalogue.keys()) {
    try {
      await (check ? checkRecording : record)(engine, id, demoOf(catalogue, id))
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

/** @throws {ProblemError} when the run cannot begin or does not end well. */
async function run(engine: DockerEngine, id: string, demo: Demo): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  if (await runOnce({ engine, demoId: id, demo, onEvent: event => void events.push(event) }) !== 'passed') {
    throw new ProblemError({
      message: `${id}: 실행이 성공하지 않았습니다.`,
      hint: `npm run demo -- ${withParticle(id, '으로/로')} 확인하세요.`,
      detail: failuresOf(demo, events.reduce(reduce, idleRun(demo.steps.length))).join('\n'),
    })
  }
  return events
}

async function record(engine: DockerEngine, id: string, demo: Demo): Promise<void> {
  const text = encode(demo.title, demo.steps, await run(engine, id, demo))
  decode(text, demo.steps.length, id)
  await writeFile(join(demosFolder, id, 'recording.cast'), text)
}

/** @throws {ProblemError} when the recording is not there, cannot be read, or shows something else than the demo does now. */
async function checkRecording(engine: DockerEngine, id: string, demo: Demo): Promise<void> {
  const hint = `데모를 일부러 바꾸었다면 npm run record -- ${withParticle(id, '으로/로')} 다시 녹화하세요.`
  const text = await readFile(join(demosFolder, id, 'recording.cast'), 'utf8').catch((cause: unknown) => {
    throw new ProblemError({ message: `${id}: 녹화가 없습니다.`, hint }, { cause })
  })
  const [recorded, now] = [
    decode(text, demo.steps.length, id),
    await run(engine, id, demo),
  ].map(events => events.reduce(reduce, idleRun(demo.steps.length)))
  for (const [index, step] of demo.steps.entries()) {
    const drift = driftOf(recorded!.steps[index]!, now!.steps[index]!)
    if (drift !== null)
      throw new ProblemError({ message: `${id}: 녹화가 지금의 실행과 ${index + 1}번째 단계 ${step.id}(${step.title})에서 달라집니다. ${drift}`, hint })
  }
}
