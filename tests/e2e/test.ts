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

/** A test that may ask for the addresses of decks. */
export const test = base.extend<object, Servers>({
  liveUrl: [async ({ browserName: _ }, use) => use(await serverUrl('live')), { scope: 'worker', timeout: 300_000 }],
  audienceUrl: [async ({ liveUrl }, use) => use(liveUrl.replace('localhost', OTHER_ADDRESS)), { scope: 'worker' }],
  withoutEngineUrl: [async ({ browserName: _ }, use) => use(await serverUrl('withoutEngine')), { scope: 'worker', timeout: 300_000 }],
  siteUrl: [async ({ browserName: _ }, use) => use(await serverUrl('site')), { scope: 'worker', timeout: 300_000 }],
})
export { expect } from 'playwright/test'
