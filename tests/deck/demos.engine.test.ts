import type { RunEvent, RunState } from '../../demos/runtime/model/run-events.ts'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { driftOf } from '../../demos/runtime/model/drift.ts'
import { idleRun, recordedOn, reduce } from '../../demos/runtime/model/run-events.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { engine, withEngine } from '../support/engine.ts'
import { recordAgain, recordedRun } from '../support/recordings.ts'

const root = join(import.meta.dirname, '../..')
const catalogue = await readCatalogue()
const ids = [...catalogue.keys()]

/** Each demo's recording, and why it is not compared with what this engine shows; null where it is. */
const recordings = await Promise.all(ids.map(async (id) => {
  const demo = demoOf(catalogue, id)
  const recorded = recordedRun(id, demo)
  const version = await recorded.then(run => run.version, () => null) // a test says what is wrong with it
  const same = version === null || engine === null || (version.engine === engine.version.engine && version.store === engine.version.store)
  return { id, demo, recorded, other: same ? null : ` — 건너뜀: 녹화는 다른 엔진의 것입니다(${recordedOn(version)}).` }
}))

/** Objects that somebody else has on the engine; their names are as near to ours as can be. */
const foreign: readonly string[][] = [
  ['container', 'create', '--name', 'ch01', 'busybox:stable', 'true'],
  ['container', 'create', '--name', 'theirs', '--label', 'ch01=x', 'busybox:stable', 'true'],
  ['network', 'create', 'ch01-theirs'],
  ['volume', 'create', 'ch01-theirs'],
  ['image', 'tag', 'busybox:stable', 'helloworld:latest'],
]

const docker = async (...args: string[]): Promise<string> => (await execa('docker', args)).stdout

/** Everything on the engine, one line an object, nameless images too. */
async function objects(): Promise<string[]> {
  const lists = await Promise.all([
    docker('container', 'ls', '--all', '--no-trunc', '--format', 'container {{.ID}} {{.Names}}'),
    docker('image', 'ls', '--all', '--no-trunc', '--format', 'image {{.ID}} {{.Repository}}:{{.Tag}}'),
    docker('network', 'ls', '--no-trunc', '--format', 'network {{.ID}} {{.Name}}'),
    docker('volume', 'ls', '--format', 'volume {{.Name}}'),
  ])
  return lists.flatMap(list => list.split('\n')).filter(line => line !== '').sort()
}

describe.skipIf(!engine)(`npm run demo -- all on the ${withEngine}`, () => {
  const runs = new Map<string, RunState>()
  let exitCode: number | undefined
  let before: string[]
  let after: string[]

  beforeAll(async () => {
    await clean(engine!.api)
    for (const command of foreign)
      await docker(...command)
    before = await objects()
    const all = await execa('node', ['demos/commands/demos.ts', 'all', '--json'], {
      cwd: root,
      preferLocal: true,
      reject: false,
      stdin: 'ignore',
    })
    exitCode = all.exitCode
    let id = ''
    for (const line of all.stdout.split('\n')) {
      const event = JSON.parse(line) as RunEvent | { problem: unknown }
      if ('problem' in event)
        continue // that demo has no run: its test says so
      if (event.type === 'run-started')
        id = event.demo
      runs.set(id, reduce(runs.get(id) ?? idleRun(0), event))
    }
    await execa('node', ['demos/commands/demos.ts', 'clean'], { cwd: root, preferLocal: true, stdin: 'ignore' })
    after = await objects()
  }, 240_000)

  afterAll(async () => {
    await execa('docker', ['container', 'rm', 'ch01', 'theirs'], { reject: false })
    await execa('docker', ['network', 'rm', 'ch01-theirs'], { reject: false })
    await execa('docker', ['volume', 'rm', 'ch01-theirs'], { reject: false })
    await execa('docker', ['image', 'rm', 'helloworld:latest'], { reject: false })
  })

  it('ends well', () => expect(exitCode).toBe(0))

  it('leaves nothing behind and nothing of somebody else’s touched', () => expect(after).toEqual(before))

  it.each(ids)('%s passes', id => expect(runs.get(id)?.status).toBe('passed'))

  // Engines print differently. `npm run record -- --check` on the recordings' own engine is in tests/engine/other-engines.test.ts.
  for (const { id, demo, recorded, other } of recordings) {
    it.skipIf(other !== null)(`${id} shows what its recording shows${other ?? ''}`, async () => {
      for (const [index, step] of demo.steps.entries())
        expect(driftOf((await recorded).steps[index]!, runs.get(id)!.steps[index]!), `step ${step.id}. ${recordAgain(id)}`).toBeNull()
    })
  }
})
