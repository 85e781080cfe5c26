import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildEnvironment, cliEnvironment, proxyCatchesLocal } from '../../demos/runtime/engine/cli-environment.ts'

let root: string
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'ch01-config-'))))
afterAll(() => rm(root, { recursive: true }))

/** An environment whose docker CLI has that configuration, as text or as an object. */
async function environmentWith(config: object | string, env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(root, 'docker-'))
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config))
  return { PATH: process.env.PATH, DOCKER_CONFIG: folder, ...env }
}

async function configOf(env: NodeJS.ProcessEnv): Promise<unknown> {
  return JSON.parse(await readFile(join((await cliEnvironment(env)).DOCKER_CONFIG!, 'config.json'), 'utf8'))
}

describe('the environment of the docker CLI in a run', () => {
  it('keeps what reaches the engine and leaves out what changes a command', async () => {
    const reaches = { DOCKER_HOST: 'tcp://10.0.0.5:2375', DOCKER_CONTEXT: 'lab', DOCKER_CERT_PATH: '/certs' }
    const changes = {
      BUILDX_BUILDER: 'gone',
      BUILDX_CONFIG: '/elsewhere',
      BUILDKIT_PROGRESS: 'quiet',
      DOCKER_API_VERSION: '1.20',
      DOCKER_BUILDKIT: '0',
      DOCKER_CONTENT_TRUST: '1',
      DOCKER_DEFAULT_PLATFORM: 'linux/arm64',
      SOURCE_DATE_EPOCH: '0',
    }
    const env = await cliEnvironment(await environmentWith({}, { ...reaches, ...changes, LANG: 'ko_KR.UTF-8' }))
    expect(env).toMatchObject({ ...reaches, LANG: 'ko_KR.UTF-8' })
    expect(Object.keys(env).filter(name => name in changes)).toEqual([])
  })

  it('has the credentials and the context of the lecturer’s configuration, and nothing that changes a command', async () => {
    const kept = { auths: { 'registry.corp': { auth: 'YTpi' } }, HttpHeaders: { 'X-Meta': 'a' }, currentContext: 'lab' }
    const dropped = {
      proxies: { default: { httpProxy: 'http://proxy.corp:3128' } },
      aliases: { builder: 'bake' },
      plugins: { hints: { hooks: 'build' } },
      psFormat: '{{.ID}}',
    }
    expect(await configOf(await environmentWith({ ...kept, ...dropped }))).toEqual({ ...kept, credHelpers: {} })
  })

  it('has the lecturer’s proxies for a build, which leave this machine’s own addresses alone', async () => {
    const proxies = {
      'default': { httpProxy: 'http://proxy.corp:3128', noProxy: '.corp' },
      'tcp://lab:2375': { httpsProxy: 'http://proxy.lab:3128' },
    }
    const env = buildEnvironment(await cliEnvironment(await environmentWith({ auths: { a: {} }, proxies })))
    expect(JSON.parse(await readFile(join(env.DOCKER_CONFIG!, 'config.json'), 'utf8'))).toEqual({
      auths: { a: {} },
      credHelpers: {},
      proxies: {
        'default': { httpProxy: 'http://proxy.corp:3128', noProxy: '.corp,localhost,127.0.0.1,::1' },
        'tcp://lab:2375': { httpsProxy: 'http://proxy.lab:3128', noProxy: 'localhost,127.0.0.1,::1' },
      },
    })
  })

  it('names no credential helper whose program is missing', async () => {
    const config = { credsStore: 'nowhere', credHelpers: { 'registry.corp': 'nowhere', 'gcr.io': 'here' } }
    const programs = await mkdtemp(join(root, 'bin-'))
    await writeFile(join(programs, 'docker-credential-here'), '', { mode: 0o755 })
    expect(await configOf(await environmentWith(config, { PATH: programs }))).toEqual({ credHelpers: { 'gcr.io': 'here' } })
  })

  it.each([
    ['is damaged', '{"auths":'],
    ['is empty', ''],
    ['is no object', '[]'],
  ])('has an empty configuration where the lecturer’s %s', async (_, text) => {
    expect(await configOf(await environmentWith(text))).toEqual({ credHelpers: {} })
  })

  it('has an empty configuration where the lecturer’s is a folder, or there is none', async () => {
    const folder = await mkdtemp(join(root, 'docker-'))
    expect(await configOf({ DOCKER_CONFIG: folder })).toEqual({ credHelpers: {} })
    await mkdir(join(folder, 'config.json'))
    expect(await configOf({ DOCKER_CONFIG: folder })).toEqual({ credHelpers: {} })
  })

  it('finds the lecturer’s contexts and plugins, and TLS files where the CLI looks for them', async () => {
    const env = await environmentWith({}, { DOCKER_TLS_VERIFY: '1' })
    await mkdir(join(env.DOCKER_CONFIG!, 'contexts/meta'), { recursive: true })
    await mkdir(join(env.DOCKER_CONFIG!, 'cli-plugins'))
    await writeFile(join(env.DOCKER_CONFIG!, 'cli-plugins/docker-buildx'), '')
    const { DOCKER_CONFIG, DOCKER_CERT_PATH } = await cliEnvironment(env)
    expect(await readdir(join(DOCKER_CONFIG!, 'contexts'))).toEqual(['meta'])
    expect(await readdir(join(DOCKER_CONFIG!, 'cli-plugins'))).toEqual(['docker-buildx'])
    expect(DOCKER_CERT_PATH).toBe(env.DOCKER_CONFIG)
  })

  it('is nobody else’s to read, and takes what the lecturer changes', async () => {
    const env = await environmentWith({ auths: { a: {} } })
    await cliEnvironment(env)
    await writeFile(join(env.DOCKER_CONFIG!, 'config.json'), '{"auths":{"b":{}}}')
    const { DOCKER_CONFIG } = await cliEnvironment(env)
    expect(JSON.parse(await readFile(join(DOCKER_CONFIG!, 'config.json'), 'utf8'))).toMatchObject({ auths: { b: {} } })
    expect((await stat(DOCKER_CONFIG!)).mode & 0o077).toBe(0)
    expect((await stat(join(DOCKER_CONFIG!, 'config.json'))).mode & 0o077).toBe(0)
  })

  it.each<[NodeJS.ProcessEnv, boolean]>([
    [{ HTTP_PROXY: 'http://proxy:3128' }, true],
    [{ http_proxy: 'http://proxy:3128', no_proxy: 'corp' }, true],
    [{ ALL_PROXY: 'socks5://proxy:1080', NO_PROXY: 'localhost' }, true],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost,127.0.0.1' }, false],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: '*' }, false],
    [{ NO_PROXY: '' }, false],
  ])('keeps a proxy from this machine’s own addresses: %j', async (proxy, catches) => {
    expect(proxyCatchesLocal(proxy)).toBe(catches)
    const env = await cliEnvironment(await environmentWith({}, proxy))
    expect(proxyCatchesLocal(env)).toBe(false)
    expect(env.no_proxy ?? '').toContain(proxy.no_proxy ?? '')
  })
})
