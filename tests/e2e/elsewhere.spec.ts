import type { AddressInfo, Server } from 'node:net'
import type { RunState } from '../../demos/runtime/model/run-events.ts'
import type { ServedDeck } from '../support/deck.ts'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import process from 'node:process'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { TestClient } from '../support/client.ts'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'
import { questions } from '../support/questions.ts'
import { onSlide, open, slides } from './deck.ts'
import { expect, test } from './test.ts'

/** Longest time that a demo's run may take, in milliseconds. */
const RUN_MS = 120_000
/** More clicks than any slide has. */
const LAST_CLICK = 99
const proofless = ['skipped', 'failed', 'timed-out', 'cancelled']

test.skip(engine === null, withEngine)
test.skip(process.getuid?.() !== 0 || process.platform !== 'linux', '다른 이름의 컴퓨터가 되려면 리눅스의 root여야 해서 건너뜁니다.')
test.skip(engine?.host?.startsWith('unix:') === false, '엔진이 유닉스 소켓에 있지 않아 건너뜁니다.')

let forwarder: Server
let deck: ServedDeck

// As the engine of another machine is: reached by TCP, under another host name, and its published ports are not this machine's.
test.beforeAll(async () => {
  const halfOpen = { allowHalfOpen: true } // the docker CLI ends its side first, and reads on
  forwarder = createServer(halfOpen, (near) => {
    const far = connect({ path: engine!.host!.slice('unix://'.length), ...halfOpen })
    near.on('error', () => far.destroy()).pipe(far).on('error', () => near.destroy()).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(forwarder, 'listening')
  const { port } = forwarder.address() as AddressInfo
  deck = await startDeck({ env: { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_CONTEXT: '' }, hostname: 'laptop' })
})
test.afterAll(async () => {
  await deck?.stop()
  forwarder?.close()
})

test('with the engine elsewhere nothing is proved by a step that was left out: no ✓, no evidence, no answer', async ({ page }) => {
  test.setTimeout(600_000)
  const catalogue = await readCatalogue()
  const ids = [...catalogue.keys()].filter(id => demoOf(catalogue, id).steps.some(({ host }) => host)) // the others leave nothing out
  const left: string[] = []
  let shown = 0
  for (const id of ids) {
    const { steps } = demoOf(catalogue, id)
    const run = await runDemo(id, steps.length)
    expect(run.status, `${id}: ${run.steps.map(({ reason }) => reason).join(' ')}`).toBe('passed')
    const without = new Set(steps.filter((_, index) => proofless.includes(run.steps[index]!.status)).map(step => step.id))
    left.push(...[...without].map(step => `${id}/${step}`))
    for (const [index, { content }] of slides.entries()) {
      if (!content.includes(`id="${id}"`))
        continue
      await open(page, deck.url, index + 1, LAST_CLICK)
      const slide = onSlide(page, index + 1)
      const panel = slide.locator(`[data-demo="${id}"]`).first()
      await expect(panel).toHaveAttribute('data-source', 'live')
      await expect(panel, 'the run has come').not.toHaveAttribute('data-state', /^(?:idle|running)$/)
      for (const state of proofless) {
        const step = slide.locator(`[data-step][data-state="${state}"]`)
        await expect(step.locator('mark, .checks .passed')).toHaveCount(0)
        shown += await step.count()
      }
      const asked = questions.filter(each => each.id === id && content.includes(each.question))
      for (const { step, question } of asked) {
        const box = slide.locator('.predict', { hasText: question })
        await expect(box).toHaveAttribute('data-settlement', without.has(step) ? 'unsettled' : 'settled')
        await expect(box.locator('.right')).toHaveCount(without.has(step) ? 0 : 1)
      }
    }
  }
  expect(left).toContain('client-server/http')
  expect(shown).toBeGreaterThan(0)
})

async function runDemo(id: string, steps: number): Promise<RunState> {
  const client = await TestClient.open(deck.port, id, deck.key)
  client.send({ type: 'run', demo: id, after: null })
  await client.until(() => client.events.find(({ type }) => type === 'run-ended'), RUN_MS)
  client.close()
  return client.events.reduce(reduce, idleRun(steps))
}
