import type { Row } from './measure.ts'
import { connectEngine, DockerEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { problemOf } from '../../demos/runtime/model/problem.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'

const LIMIT_MS = 10_000

/** Every demo once, its base images there; the slowest is the row, all are printed. */
export async function benchDemos(): Promise<Row[]> {
  const engine = await connectEngine().catch(problemOf)
  if (!(engine instanceof DockerEngine)) {
    console.error(`건너뜀: ${engine.message}`)
    return []
  }
  const catalogue = await readCatalogue()
  const times: { id: string, time: number, outcome: string }[] = []
  for (const id of catalogue.keys()) {
    const demo = demoOf(catalogue, id)
    const start = performance.now()
    const outcome = await runOnce({ engine, demoId: id, demo, onEvent: () => {} })
    times.push({ id, time: performance.now() - start, outcome })
  }
  await clean(engine.api)
  times.sort((a, b) => b.time - a.time)
  for (const { id, time, outcome } of times)
    console.log(`    ${id.padEnd(16)} ${(time / 1000).toFixed(1)}초 ${outcome}`)
  const { id, time } = times[0]!
  return [{
    what: `가장 느린 데모 (${times.length}개 중 ${id})`,
    value: `${(time / 1000).toFixed(1)}초`,
    budget: '10초 이하',
    held: time <= LIMIT_MS && times.every(each => each.outcome === 'passed'),
  }]
}
