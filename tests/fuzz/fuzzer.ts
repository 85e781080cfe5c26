import type { IncomingMessage } from 'node:http'
import type { Action } from './actions.ts'
import type { Door, Vitals } from './target.ts'
import { once } from 'node:events'
import { get } from 'node:http'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import fc from 'fast-check'
import { RUN_LABEL } from '../../demos/runtime/model/labels.ts'
import { action, perform, wholeCorpus } from './actions.ts'
import { Observer } from './observer.ts'
import { storms } from './storms.ts'
import { DOORS, Target } from './target.ts'

/** Actions of a round, and how many of them go on at the same time. */
const ACTIONS = 60
const AT_ONCE = 12
/** A demo that any engine with busybox runs; no action of the corpus edits it. */
const DEMO = 'throwaway'
/**
 * Longest that an honest page waits while others storm, where each that wants one has a core, that 99 in 100 wait, and that the
 * deck takes to be itself again, in milliseconds.
 */
const PAGE_MS = 30_000
const MOST_PAGES_MS = 10_000
const RECOVERY_MS = 60_000
/**
 * What the deck may keep beyond what it had when it was quiet: descriptors, and MB. V8 gives memory back when it likes:
 * in 180 rounds one deck went from 812 MB to 1,064, back to 872 and to 1,120.
 */
const MORE_DESCRIPTORS = 25
const MORE_MEMORY = 400

/** Characters of what the deck has said that a fault shows. */
const LAST_WORDS = 3000

export interface FuzzOptions {
  seed: number
  ms: number
  say: (line: string) => void
}

export interface FuzzReport {
  rounds: number
  actions: number
  /** What an honest page had to wait for an answer meanwhile, in milliseconds: the 99th percentile, and the longest. */
  waited: { p99: number, longest: number }
  before: Vitals | null
  after: Vitals | null
}

/** What must not be; it says how to see it again. */
export class Fault extends Error {}

/**
 * Attacks a deck of its own until the time is over: first with the whole corpus, then with mutations of it and with
 * storms. The same seed gives the same rounds in the same order; only how many there is time for differs.
 * @throws {Fault} when the deck has ended, shows an error that nobody caught, turns honest clients away, tells two
 * clients different things, cannot run a demo any more, or does not give back what it took.
 */
export async function fuzz({ seed, ms, say }: FuzzOptions): Promise<FuzzReport> {
  const leftBefore = await containers()
  const target = await Target.start()
  const observers: Observer[] = []
  const waits: number[] = []
  const watching = new AbortController()
  let rounds = 0
  let actions = 0
  let last = 'the corpus'
  let refused: string | null = null
  function fail(what: string): never {
    throw new Fault(`${what}\nseed ${seed}, round ${rounds}: ${last}\nthe deck's last words:\n${target.said.slice(-LAST_WORDS)}`)
  }
  try {
    for (const [door, role] of [['deck', 'lecturer'], ['deck', 'nobody'], ['audience', 'lecturer'], ['audience', 'nobody']] as const)
      observers.push(await Observer.join(target, door, role))
    const lecturer = observers[0]!
    await runPasses(lecturer).catch((error: unknown) => fail(`the first run: ${String(error)}`))
    const before = await target.vitals()
    say(`before: ${vitalsText(before)}`)
    const watch = watchPages()
    const end = performance.now() + ms

    await attack(wholeCorpus())
    await check(before)
    const names = Object.keys(storms)
    while (performance.now() < end) {
      rounds += 1
      const [generated] = fc.sample(fc.array(action, { minLength: ACTIONS, maxLength: ACTIONS }), { seed: seed + rounds, numRuns: 1 })
      const name = names[(seed + rounds) % names.length]!
      last = name
      await Promise.all([attack(generated!, end), storms[name]!(target)])
      await check(before)
      if (rounds % 10 === 0)
        say(`round ${rounds}: ${vitalsText(await target.vitals())}, pages waited at most ${Math.round(Math.max(...waits))} ms`)
    }
    last = 'the end'
    await runPasses(lecturer).catch((error: unknown) => fail(`the last run: ${String(error)}`))
    await sameState()
    watching.abort()
    await watch
    const after = await target.vitals()
    observers.forEach(each => each.close())
    await target.stop()
    const left = (await containers()).filter(id => !leftBefore.includes(id))
    if (left.length > 0)
      fail(`containers are left: ${left.join(' ')}`)
    waits.sort((a, b) => a - b)
    const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0
    if (p99 > MOST_PAGES_MS)
      fail(`one page in 100 waited ${Math.round(p99)} ms`)
    return { rounds, actions, waited: { p99, longest: waits.at(-1) ?? 0 }, before, after }
  }
  finally {
    watching.abort()
    observers.forEach(each => each.close())
    if (target.ended === null)
      await target.stop()
  }

  async function attack(all: Action[], until = Infinity): Promise<void> {
    const left = all[Symbol.iterator]()
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const each of left) {
        if (performance.now() > until)
          return
        actions += 1
        await perform(target, each)
      }
    }))
  }

  /** An honest page at each door, again and again. */
  async function watchPages(): Promise<void> {
    while (!watching.signal.aborted && target.ended === null) {
      for (const door of DOORS) {
        const start = performance.now()
        const status = await askPage(door).catch((error: unknown) => error)
        if (watching.signal.aborted || target.ended !== null)
          return
        if (status !== 200)
          refused ??= `a page at the ${door}'s door: ${String(status)}`
        waits.push(performance.now() - start)
      }
      await setTimeout(100)
    }
  }

  /** Takes a connection of its own: one that is kept may be closed by the server in the moment that it is used again. */
  async function askPage(door: Door): Promise<number> {
    const request = get(`http://${target.host(door)}/`, { agent: false, signal: AbortSignal.timeout(Math.round(pagePatience())) })
    const [response] = await once(request, 'response') as [IncomingMessage]
    await once(response.resume(), 'end')
    return response.statusCode!
  }

  async function check(before: Vitals | null): Promise<void> {
    if (target.ended !== null)
      fail(`the deck has ended with ${target.ended}`)
    const uncaught = /예상하지 못한 문제가 생겼|Node\.js v\d+/.exec(target.said)
    if (uncaught)
      fail(`an error that nobody caught: ${target.said.slice(uncaught.index, uncaught.index + 2000)}`)
    if (refused !== null)
      fail(refused)
    const gone = observers.find(({ isOpen }) => !isOpen)
    if (gone)
      fail(`an honest client was cut off: ${gone.name}`)
    await sameState()
    if (!before)
      return
    const { descriptors, memory } = before
    const tight = (now: Vitals): boolean => now.descriptors <= descriptors + MORE_DESCRIPTORS && now.memory <= memory + MORE_MEMORY
    const now = await waitFor(async () => {
      const vitals = await target.vitals()
      return vitals && tight(vitals) ? vitals : undefined
    })
    if (!now)
      fail(`not given back: ${vitalsText(await target.vitals())} after ${vitalsText(before)}`)
  }

  async function sameState(): Promise<void> {
    const newcomer = await Observer.join(target, 'deck', 'nobody').catch((error: unknown) => fail(String(error)))
    const same = await waitFor(async () => observers.every(({ state }) => state === newcomer.state) || undefined)
    newcomer.close()
    if (!same) {
      const seen = observers.map(({ name, state }) => `${name}: ${different(state, newcomer.state)}`)
      fail(`clients see different states:\n${seen.join('\n')}\n${newcomer.state}`)
    }
  }
}

/** Longest that an honest page waits on this machine, with all that it does just now. */
function pagePatience(): number {
  return PAGE_MS * Math.max(1, loadavg()[0]! / availableParallelism())
}

/** Has the demo run, whatever an attacker has made of it meanwhile. */
async function runPasses(lecturer: Observer): Promise<void> {
  const state = await waitFor(async () => {
    const { status, id } = lecturer.run(DEMO)
    if (status !== 'running')
      return { id }
    lecturer.send({ type: 'stop', demo: DEMO, run: id })
    return undefined
  })
  if (!state)
    throw new Error('the run before does not end')
  lecturer.send({ type: 'run', demo: DEMO, after: state.id })
  const run = await waitFor(async () => {
    const run = lecturer.run(DEMO)
    return run.id !== state.id && run.status !== 'running' ? run : undefined
  })
  if (run?.status !== 'passed')
    throw new Error(`${run?.status ?? 'no end'}: ${JSON.stringify(run?.steps).slice(-1000)}`)
}

/** Asks until it gets something; undefined when the deck had {@link RECOVERY_MS} in vain. */
async function waitFor<T>(get: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + RECOVERY_MS
  for (;;) {
    const value = await get()
    if (value !== undefined || performance.now() > end)
      return value
    await setTimeout(200)
  }
}

/** The containers on the engine that some deck has made. */
async function containers(): Promise<string[]> {
  const { stdout } = await execa('docker', ['container', 'ls', '--all', '--quiet', '--filter', `label=${RUN_LABEL}`])
  return stdout.split('\n').filter(Boolean)
}

export function vitalsText(vitals: Vitals | null): string {
  return vitals ? `${vitals.descriptors} descriptors, ${Math.round(vitals.memory)} MB` : 'vitals unknown'
}

/** Where a text begins to differ from another. */
function different(text: string, other: string): string {
  const at = [...text].findIndex((letter, index) => letter !== other[index])
  return at < 0 ? 'the same' : `…${text.slice(Math.max(0, at - 80), at + 200)}`
}
