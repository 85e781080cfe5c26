import { expect, it } from 'vitest'
import { engine, withEngine } from '../support/engine.ts'
import { fuzz } from './fuzzer.ts'

const SEED = 20261127

it.skipIf(!engine)(`goes on while it is attacked for 20 s, with the ${withEngine}`, { timeout: 240_000 }, async () => {
  console.log(`npm run fuzz -- --seed ${SEED}`)
  const { rounds, actions } = await fuzz({ seed: SEED, ms: 20_000, say: line => console.log(line) })
  expect(rounds).toBeGreaterThan(0)
  expect(actions).toBeGreaterThan(500)
})
