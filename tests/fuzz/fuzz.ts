import { randomInt } from 'node:crypto'
import { EXIT, main, MisuseError, readArgs } from '../../demos/commands/cli.ts'
import { Fault, fuzz, vitalsText } from './fuzzer.ts'

/** `npm run fuzz`: attacks a deck of its own for as long as one likes; the seed that it prints makes the same attack again. */

const usage = '사용법: npm run fuzz [-- --seed 1 --minutes 30]'

await main(async () => {
  const { values, positionals } = readArgs(usage, { seed: { type: 'string' }, minutes: { type: 'string' } })
  const seed = Number(values.seed ?? randomInt(2 ** 31))
  const minutes = Number(values.minutes ?? 1)
  if (positionals.length > 0 || !Number.isInteger(seed) || !(minutes > 0))
    throw new MisuseError({ message: '씨앗은 정수, 시간은 0보다 큰 분으로 적습니다.', hint: usage })
  console.log(`seed ${seed}, ${minutes} min`)
  try {
    const { rounds, actions, waited, before, after } = await fuzz({ seed, ms: minutes * 60_000, say: line => console.log(line) })
    console.log(`${rounds} rounds, ${actions} actions; a page waited ${Math.round(waited.p99)} ms (p99), ${Math.round(waited.longest)} ms at most`)
    console.log(`${vitalsText(before)} before, ${vitalsText(after)} after`)
    return EXIT.ok
  }
  catch (error) {
    if (!(error instanceof Fault))
      throw error
    console.error(error.message)
    return EXIT.failed
  }
})
