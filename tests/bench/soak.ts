import type { Row } from './measure.ts'
import { readdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { isOtherLiving } from '../../demos/runtime/run/process-name.ts'
import { TestClient } from '../support/client.ts'
import { keyOf } from '../support/keys.ts'
import { median, memoryOf, PORT, startDeck, stopDeck } from './measure.ts'

/** SOAK_RUNS chooses another number. */
const RUNS = Number(process.env.SOAK_RUNS ?? 1000)
/** A demo that builds an image and runs it. */
const DEMO = 'helloworld'
/** In this part of the runs V8 has not yet taken what it wants to have. */
const WARM = 0.3
const SAMPLES = 20

/** One run after the other, as in a week of lectures: what the server and the process that starts programs hold on to. */
export async function benchSoak(): Promise<Row[]> {
  const port = PORT + 6
  const deck = await startDeck(['demos/commands/start.ts', '--port', String(port), '--open=false'], port)
  try {
    const client = await TestClient.open(port, DEMO, keyOf(`http://localhost:${port}/`))
    await client.until(() => client.heard.find(message => 'engine' in message && message.engine?.reachable))
    const launcher = await childOf(deck.process.pid!, 'spawner.ts')
    const samples: { run: number, server: number, launcher: number, descriptors: number }[] = []
    let after: string | null = null
    for (let run = 1; run <= RUNS; run++) {
      client.heard.length = 0
      client.send({ type: 'run', demo: DEMO, after })
      const ended = await client.until(() => client.events.find(({ type }) => type === 'run-ended'), 120_000)
      if (ended.type !== 'run-ended' || ended.outcome !== 'passed')
        throw new Error(`run ${run}: ${JSON.stringify(client.events)}`)
      after = client.events.flatMap(event => event.type === 'run-started' ? [event.run] : [])[0]!
      if (run % Math.max(1, Math.floor(RUNS / SAMPLES)) !== 0)
        continue
      await setTimeout(300) // the run's last containers are removed
      const [server, starter, descriptors] = await Promise.all([
        memoryOf(deck.process.pid!),
        memoryOf(launcher),
        readdir(`/proc/${deck.process.pid}/fd`),
      ])
      samples.push({ run, server, launcher: starter, descriptors: descriptors.length })
      console.log(`${run}: server ${Math.round(server)} MB, launcher ${Math.round(starter)} MB, ${descriptors.length} descriptors`)
    }
    client.close()
    const warm = samples.filter(({ run }) => run > RUNS * WARM)
    const row = (what: string, unit: string, limit: number, of: (sample: typeof samples[number]) => number): Row => {
      const half = Math.floor(warm.length / 2)
      const [first, last] = [median(warm.slice(0, half).map(of)), median(warm.slice(half).map(of))]
      return {
        what: `실행 ${RUNS}번: ${what}`,
        value: `${Math.round(first)}${unit}에서 ${Math.round(last)}${unit}`,
        budget: `${limit}${unit}까지 늘기`,
        held: last - first <= limit,
      }
    }
    return [
      row('서버의 메모리', ' MB', 20, ({ server }) => server),
      row('명령을 띄우는 프로세스의 메모리', ' MB', 5, ({ launcher }) => launcher),
      row('서버가 연 파일', '개', 3, ({ descriptors }) => descriptors),
    ]
  }
  finally {
    await stopDeck(deck.process)
    await clean((await connectEngine()).api, { isOfOthers: isOtherLiving })
  }
}

/** The child of a process with that name in its command line. */
async function childOf(parent: number, name: string): Promise<number> {
  for (const pid of (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).split(' ').filter(Boolean)) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(name))
      return Number(pid)
  }
  throw new Error(`no child ${name}`)
}
