import process from 'node:process'
import { defineConfig } from 'playwright/test'
import { findBrowser } from './demos/runtime/pages/chromium.ts'

const executablePath = findBrowser()

/** Tests that look at a deck with an engine. */
const live = /(?:live|comfort|audience|faults|security)\.spec\.ts$/

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
    trace: 'retain-on-failure',
    launchOptions: {
      ...executablePath && { executablePath },
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
