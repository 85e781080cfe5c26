import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { engine, withEngine } from '../support/engine.ts'

describe.skipIf(!engine)(`a lecturer’s own settings on the ${withEngine}`, () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'ch01-config-'))))
  afterAll(async () => {
    await clean(engine!.api)
    await rm(folder, { recursive: true })
  })

  /** The events of a demo's run with an environment and a configuration of the docker CLI. */
  async function runWith(id: string, env: NodeJS.ProcessEnv, config = '{}'): Promise<RunEvent[]> {
    const DOCKER_CONFIG = await mkdtemp(join(folder, 'docker-'))
    await writeFile(join(DOCKER_CONFIG, 'config.json'), config)
    const events: RunEvent[] = []
    const connected = await connectEngine({ env: { ...process.env, ...env, DOCKER_CONFIG }, askTimeoutMs: 60_000 })
    await runOnce({ engine: connected, demoId: id, demo: demoOf(await readCatalogue(), id), onEvent: event => void events.push(event) })
    return events
  }

  it.each([
    ['BuildKit is off', 'build-vs-run', { DOCKER_BUILDKIT: '0' }, '{}'],
    ['the builder is gone', 'helloworld', { BUILDX_BUILDER: 'gone' }, '{}'],
    ['another platform is the default', 'helloworld', { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }, '{}'],
    ['only signed images are trusted', 'quick', { DOCKER_CONTENT_TRUST: '1' }, '{}'],
    ['containers get a proxy', 'linked', {}, '{"proxies":{"default":{"httpProxy":"http://proxy.invalid:3128","noProxy":"localhost"}}}'],
    ['the configuration is damaged', 'quick', {}, '{"auths":'],
    ['the credential helper is missing', 'quick', {}, '{"credsStore":"nowhere"}'],
  ])('%s: %s passes all the same', async (_, id, env, config) => {
    const events = await runWith(id, env, config)
    expect(events.at(-1), JSON.stringify(events)).toMatchObject({ type: 'run-ended', outcome: 'passed' })
    expect(events.filter(event => event.type === 'output').map(({ text }) => text).join('')).not.toContain('WARNING')
  })
})
