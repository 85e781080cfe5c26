import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { claimsOf, falsified, verdictOf } from '../../demos/runtime/model/falsify.ts'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { demoOf, readCatalogue, tagsIn } from '../../demos/runtime/run/catalogue.ts'
import { engine, withEngine } from '../support/engine.ts'

const catalogue = await readCatalogue()

describe.skipIf(!engine)(`where a claim is false, on the ${withEngine},`, () => {
  afterAll(() => clean(engine!.api, { tags: tagsIn(catalogue) }))

  // Demos side by side; a demo's own runs use the same names, so they go one after the other.
  it.concurrent.each([...catalogue.keys()])('each check of %s fails, and nothing else', async (id) => {
    const demo = demoOf(catalogue, id)
    const verdicts: Record<string, string> = {}
    const claims = claimsOf(demo).filter(({ falsehood }) => falsehood !== null) // that there is one is for falsify.test.ts
    for (const claim of claims) {
      const other = falsified(demo, claim)
      let state = idleRun(other.steps.length)
      const onEvent = (event: RunEvent): void => void (state = reduce(state, event))
      await runOnce({ engine: engine!, demoId: id, demo: other, files: claim.falsehood!.files ?? {}, onEvent })
      const verdict = verdictOf(other, claim, state)
      verdicts[`${demo.steps[claim.step]!.id}: ${claim.says}`] = 'reason' in verdict ? `${verdict.found}: ${verdict.reason}` : verdict.found
    }
    expect(verdicts).toEqual(Object.fromEntries(Object.keys(verdicts).map(key => [key, 'false'])))
    expect(Object.keys(verdicts)).toHaveLength(claims.length)
  }, 240_000)
})
