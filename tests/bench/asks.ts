import type { Row } from './measure.ts'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { isOtherLiving } from '../../demos/runtime/run/process-name.ts'
import { TestClient } from '../support/client.ts'
import { keyOf } from '../support/keys.ts'
import { OTHER_ADDRESS } from '../support/network.ts'
import { PORT, startDeck, stopDeck } from './measure.ts'

const FOLLOWERS = 900
/** On Linux all of 127.0.0.0/8 is this machine: each address has its own places, as schools do. */
const ADDRESSES = ['127.0.0.61', '127.0.0.62', '127.0.0.63']
const ASK_EVERY_MS = 2000
const ASKING_MS = 20_000
/** A script whose output makes the state large, as a flood does. */
const FLOOD = '#!/bin/sh\necho "Hello, World!"\nseq 100000\n'

/** 900 followers who ask for the whole state every two seconds, all in the same moment: how long the lecturer waits meanwhile. */
export async function benchAsks(): Promise<Row[]> {
  const port = PORT + 7
  const args = ['demos/commands/start.ts', '--port', String(port), '--open=false', '--remote', '--host', OTHER_ADDRESS]
  const deck = await startDeck(args, port)
  let followers: Worker | undefined
  try {
    const lecturer = await TestClient.open(port, 'helloworld', keyOf(`http://localhost:${port}/`))
    await lecturer.until(() => lecturer.heard.find(message => 'engine' in message && message.engine?.reachable))
    lecturer.send({ type: 'edit', demo: 'helloworld', file: 'helloworld', text: FLOOD })
    lecturer.send({ type: 'run', demo: 'helloworld', after: null })
    await lecturer.until(() => lecturer.events.find(({ type }) => type === 'run-ended'))
    const workerData = { host: OTHER_ADDRESS, port, addresses: ADDRESSES, count: FOLLOWERS, everyMs: ASK_EVERY_MS }
    followers = new Worker(new URL('./askers.ts', import.meta.url), { workerData })
    await once(followers, 'message')
    const waits: number[] = []
    const end = performance.now() + ASKING_MS
    while (performance.now() < end) {
      const before = lecturer.heard.length
      const start = performance.now()
      lecturer.send({ type: 'show', demo: 'throwaway', recorded: waits.length % 2 === 0 })
      await lecturer.until(() => lecturer.heard.slice(before).find(({ type }) => type === 'show'))
      waits.push(performance.now() - start)
      await setTimeout(20)
    }
    lecturer.close()
    followers.postMessage('stop')
    const [gone] = await once(followers, 'message') as [number]
    waits.sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)]!
    return [
      {
        what: `관객 ${FOLLOWERS}명이 2초마다 한꺼번에 상태를 물을 때: 강의자가 누른 것의 답이 오기까지`,
        value: `99 %가 ${Math.round(p99)} ms 안, 최대 ${Math.round(waits.at(-1)!)} ms (${waits.length}번)`,
        budget: '99 %가 200 ms 안',
        held: p99 < 200,
      },
      { what: `관객 ${FOLLOWERS}명 가운데 끊긴 사람`, value: `${gone}명`, budget: '0명', held: gone === 0 },
    ]
  }
  finally {
    await followers?.terminate()
    await stopDeck(deck.process)
    await clean((await connectEngine()).api, { isOfOthers: isOtherLiving })
  }
}
