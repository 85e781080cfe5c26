import { test as base } from 'playwright/test'
import { OTHER_ADDRESS } from '../support/network.ts'
import { serverUrl } from './servers.ts'

interface Servers {
  /** A deck with this machine's engine, as the lecturer sees it. */
  liveUrl: string
  /** The live deck's door for the audience. */
  audienceUrl: string
  /** A deck that finds no engine. */
  withoutEngineUrl: string
  /** The static site, below a folder. */
  siteUrl: string
}

/** Three seconds after a page has opened, Slidev loads and mounts all slides. */
const SLIDEV_LOADS_ALL_MS = 3000

/** A test that may ask for the addresses of decks. Its pages load the slides that it looks at: all would cost more than the tests. */
export const test = base.extend<object, Servers>({
  context: async ({ context }, use) => {
    await context.addInitScript((loadsAll) => {
      const { setTimeout } = window
      window.setTimeout = ((run: TimerHandler, ms?: number, ...args: unknown[]) =>
        ms === loadsAll ? 0 : setTimeout(run, ms, ...args)) as typeof window.setTimeout
    }, SLIDEV_LOADS_ALL_MS)
    await use(context)
  },
  liveUrl: [async ({ browserName: _ }, use) => use(await serverUrl('live')), { scope: 'worker', timeout: 300_000 }],
  audienceUrl: [async ({ liveUrl }, use) => use(liveUrl.replace('localhost', OTHER_ADDRESS)), { scope: 'worker' }],
  withoutEngineUrl: [async ({ browserName: _ }, use) => use(await serverUrl('withoutEngine')), { scope: 'worker', timeout: 300_000 }],
  siteUrl: [async ({ browserName: _ }, use) => use(await serverUrl('site')), { scope: 'worker', timeout: 300_000 }],
})
export { expect } from 'playwright/test'
