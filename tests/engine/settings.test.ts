import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findSettings } from '../../demos/runtime/engine/settings.ts'

const engine = { host: 'unix:///var/run/docker.sock', context: 'default' }
let root: string
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'ch01-settings-'))))
afterAll(() => rm(root, { recursive: true }))

/** Names of what is found with an environment and a configuration, and what is said of it. */
async function told(env: NodeJS.ProcessEnv, files: Record<string, string> = {}): Promise<string[]> {
  const DOCKER_CONFIG = await mkdtemp(join(root, 'docker-'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(DOCKER_CONFIG, name, '..'), { recursive: true })
    await writeFile(join(DOCKER_CONFIG, name), text)
  }
  const findings = await findSettings({ PATH: '/nowhere', ...env, DOCKER_CONFIG }, engine)
  expect(findings.filter(({ state, hint }) => state !== 'warn' || !hint)).toEqual([])
  return findings.map(({ name, message, hint }) => `${name}: ${message} ${hint}`)
}

it('tells nothing of settings that change no command', async () => {
  expect(await told({ DOCKER_HOST: 'unix:///x', DOCKER_BUILDKIT: '1', DOCKER_CONTENT_TRUST: '0', HTTP_PROXY: 'http://p', NO_PROXY: 'localhost,127.0.0.1' })).toEqual([])
  for (const config of ['{"auths":{},"currentContext":"default"}', '', 'null', '{"credHelpers":null,"auths":{"r":{"email":1}}}'])
    expect(await told({}, { 'config.json': config })).toEqual([])
  expect(await told({}, { 'buildx/current': `{"Key":"${engine.host}","Name":"","Global":false}` })).toEqual([])
  expect(await told({}, { 'buildx/current': '{"Key":"tcp://elsewhere:2375","Name":"cloud","Global":false}' })).toEqual([])
})

it.each<[string, NodeJS.ProcessEnv, Record<string, string>, RegExp]>([
  ['a builder in the environment', { BUILDX_BUILDER: 'gone' }, {}, /^고른 빌더: .*gone.*BUILDX_BUILDER를 지우세요/],
  ['a builder that was chosen', {}, { 'buildx/current': `{"Key":"${engine.host}","Name":"cloud"}` }, /^고른 빌더: .*cloud.*buildx use default/],
  ['a builder that was chosen for all engines', {}, { 'buildx/current': '{"Key":"x","Name":"cloud","Global":true}' }, /^고른 빌더/],
  ['another platform', { DOCKER_DEFAULT_PLATFORM: 'linux/arm64' }, {}, /^플랫폼: .*linux\/arm64/],
  ['content trust', { DOCKER_CONTENT_TRUST: '1' }, {}, /^이미지 서명/],
  ['BuildKit off', { DOCKER_BUILDKIT: '0' }, {}, /^BuildKit/],
  ['BuildKit off in a word', { DOCKER_BUILDKIT: 'false' }, {}, /^BuildKit/],
  ['a version of the API', { DOCKER_API_VERSION: '1.20' }, {}, /^API 버전: .*1\.20으로 .*DOCKER_API_VERSION을 지우세요/],
  ['a configuration with a byte order mark', {}, { 'config.json': '\uFEFF{}' }, /^도커 설정: .*JSON 문법.*BOM/],
  ['a configuration with a comment', {}, { 'config.json': '{ // mine\n}' }, /^도커 설정: .*JSON 문법.*주석/],
  ['a configuration of which the CLI takes nothing for one wrong type', {}, { 'config.json': '{"credHelpers":"desktop"}' }, /값을 고치/],
  ['a folder where the configuration should be', {}, { 'config.json/x': '' }, /^도커 설정: .*보통 파일/],
  ['a damaged configuration', {}, { 'config.json': '{"auths":' }, /^도커 설정: .*config\.json.*JSON 문법/],
  ['a credential store that is missing', {}, { 'config.json': '{"credsStore":"desktop"}' }, /^로그인 정보: .*docker-credential-desktop/],
  ['a credential helper that is missing', {}, { 'config.json': '{"credHelpers":{"gcr.io":"gcloud"}}' }, /docker-credential-gcloud/],
  ['proxies for containers', {}, { 'config.json': '{"proxies":{"default":{"httpProxy":"http://p:1"}}}' }, /^컨테이너 프록시/],
  ['a proxy that catches local addresses', { http_proxy: 'http://p:1' }, {}, /^프록시: .*NO_PROXY/],
])('names %s, and what to do about it', async (_, env, files, message) => {
  const all = await told(env, files)
  expect(all).toHaveLength(1)
  expect(all[0]).toMatch(message)
})

it.skipIf(process.getuid?.() !== 0)('names a configuration that this user may not read, and how to own it', async () => {
  const folder = await mkdtemp(join(root, 'docker-'))
  await writeFile(join(folder, 'config.json'), '{}', { mode: 0o600 })
  const module = JSON.stringify(new URL('../../demos/runtime/engine/settings.ts', import.meta.url).href)
  const code = `const { findSettings } = await import(${module})
    console.log(JSON.stringify(await findSettings({ DOCKER_CONFIG: ${JSON.stringify(folder)} }, null)))`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', code], { cwd: '/', stdin: 'ignore', uid: 65534 })
  expect(JSON.parse(stdout)).toMatchObject([{ name: '도커 설정', state: 'warn', hint: expect.stringContaining('chown -R') }])
})
