import { defineConfig } from 'playwright/test'
import { findBrowser, launchOptions } from './demos/runtime/browser/chromium.ts'

/** Without a browser the tests can still be listed. */
const browser = findBrowser() ? await launchOptions() : {}
/** Tests that look at a deck with an engine. */
const live = /(?:live|elsewhere|authoring|comfort|audience|votes|faults|security)\.spec\.ts$/

export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/e2e/servers.ts',
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  projects: [
    { name: 'static', testIgnore: live, fullyParallel: true, workers: 2 },
    { name: 'live', testMatch: live, workers: 1 }, // one deck, whose runs all views share
  ],
  use: {
    viewport: { width: 1280, height: 720 },
    // Slidev asks for the wake lock, which npm's Chromium denies otherwise; where one is named, all that are used have to be.
    permissions: ['screen-wake-lock', 'clipboard-write'],
    trace: { mode: 'retain-on-failure', screenshots: false }, // a film of each test costs a tenth of its time
    launchOptions: browser,
  },
})
