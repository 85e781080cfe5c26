import process from 'node:process'
import { defineConfig } from 'playwright/test'
import { findBrowser } from './demos/runtime/pages/chromium.ts'
import { HALL, LIVE, NO_ENGINE, STATIC } from './tests/e2e/servers.ts'

const executablePath = findBrowser()
/** A deck that is killed outright cannot clean up after itself. */
const gracefulShutdown = { signal: 'SIGTERM', timeout: 10_000 } as const

export default defineConfig({
  testDir: 'tests/e2e',
  workers: 1, // two cores, and one deck whose runs all views share
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1280, height: 720 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...executablePath && { executablePath },
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: [
    // The site first: followers see it too.
    { name: 'static', command: 'node demos/commands/build.ts && node tests/e2e/servers.ts', url: STATIC.url, timeout: 120_000 },
    { name: 'live', command: `node demos/commands/start.ts --port ${LIVE.port} --open=false --remote --host ${HALL.host}`, url: LIVE.url, gracefulShutdown },
    { name: 'no engine', command: `node demos/commands/start.ts --port ${NO_ENGINE.port} --open=false`, url: NO_ENGINE.url, env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, gracefulShutdown },
  ],
})
