import type { DockerEngine } from '../../demos/runtime/engine/docker.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine } from '../../demos/runtime/engine/docker.ts'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { startRun } from '../../demos/runtime/engine/start-run.ts'
import { outputText } from '../../demos/runtime/model/run-events.ts'
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
    return runOn(await engineWith(env, config), id)
  }

  async function runOn(connected: DockerEngine, id: string): Promise<RunEvent[]> {
    const events: RunEvent[] = []
    await runOnce({ engine: connected, demoId: id, demo: demoOf(await readCatalogue(), id), onEvent: event => void events.push(event) })
    return events
  }

  async function engineWith(env: NodeJS.ProcessEnv, config: string): Promise<DockerEngine> {
    const DOCKER_CONFIG = await mkdtemp(join(folder, 'docker-'))
    await writeFile(join(DOCKER_CONFIG, 'config.json'), config)
    return connectEngine({ env: { ...process.env, ...env, DOCKER_CONFIG }, askTimeoutMs: 60_000 })
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

  it('a builder of kind docker-container that was chosen does not build: the engine’s own does', async () => {
    const DOCKER_CONFIG = await mkdtemp(join(folder, 'docker-'))
    const env = { ...process.env, DOCKER_CONFIG }
    const create = ['buildx', 'create', '--name', 'ch01-elsewhere', '--driver', 'docker-container', '--use']
    await execa('docker', create, { env, stdin: 'ignore' }) // it is started, from an image that is not here, when it builds
    const events = await runOn(await connectEngine({ env, askTimeoutMs: 60_000 }), 'helloworld')
    expect(events.at(-1), JSON.stringify(events)).toMatchObject({ type: 'run-ended', outcome: 'passed' })
  })

  it('a company’s proxy reaches what a build fetches, and no request of a container; its password is not shown', async () => {
    const copy = await mkdtemp(join(folder, 'copy-'))
    const tell = 'echo "proxy: $http_proxy, not for $no_proxy"'
    await writeFile(join(copy, 'Dockerfile'), `FROM busybox:stable\nRUN ${tell} && echo ${copy}\n`)
    const image = 'ch01/proxy:latest'
    const run = await startRun({
      engine: await engineWith({}, '{"proxies":{"default":{"httpProxy":"http://me:hunter22@proxy.corp:3128","noProxy":".corp"}}}'),
      demoId: 'proxy',
      demo: {
        title: '프록시',
        files: [],
        baseImages: ['busybox:stable'],
        steps: [
          { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '--tag', image, '.'], timeoutMs: 60_000 },
          { id: 'run', title: '실행', command: ['docker', 'container', 'run', '--rm', image, 'sh', '-c', tell], timeoutMs: 60_000 },
        ],
      },
      copy: { folder: copy, files: {}, restore: async () => {}, written: async () => {}, edit: async () => {} },
      onEvent: () => {},
    })
    expect(await run.ended).toBe('passed')
    const [build = '', ran = ''] = run.state.steps.map(({ output }) => outputText(output))
    expect(build).toMatch(/proxy: http:\/\/•••@proxy\.corp:3128, not for \.corp,localhost,127\.0\.0\.1,::1/)
    expect(ran.trim()).toBe('proxy: , not for')
  })
})
