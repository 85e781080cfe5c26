import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDockerConfig } from '../../demos/runtime/run/docker-config.ts'

let DOCKER_CONFIG: string
beforeAll(async () => void (DOCKER_CONFIG = await mkdtemp(join(tmpdir(), 'ch01-docker-'))))
afterAll(() => rm(DOCKER_CONFIG, { recursive: true }))

describe('the docker CLI’s configuration', () => {
  it.each(['', ' \n', 'null', '{}', '{"auths":null}', '{"psFormat":"x"}'])('may be %j', async (text) => {
    await writeFile(join(DOCKER_CONFIG, 'config.json'), text)
    expect(Object.values(readDockerConfig({ DOCKER_CONFIG })).filter(Boolean)).toEqual([])
  })

  it('keeps what a registry’s entry has besides', async () => {
    await writeFile(join(DOCKER_CONFIG, 'config.json'), '{"auths":{"r":{"auth":"YTpi","serveraddress":"r"}}}')
    expect(readDockerConfig({ DOCKER_CONFIG }).auths).toEqual({ r: { auth: 'YTpi', serveraddress: 'r' } })
  })

  it.each([
    '[]', '5', '{"auths":[1]}', '{"auths":{"r":"YTpi"}}', '{"credsStore":{}}', '{"credHelpers":"desktop"}', '{"HttpHeaders":["a"]}',
    '{"cliPluginsExtraDirs":"/x"}', '{"currentContext":5}', '{"proxies":{"default":"http://p"}}',
  ])('is refused as a whole where the CLI refuses it: %s', async (text) => {
    await writeFile(join(DOCKER_CONFIG, 'config.json'), text)
    expect(() => readDockerConfig({ DOCKER_CONFIG })).toThrow(SyntaxError)
  })

  it.skipIf(process.platform === 'win32')('is not waited for where it is a pipe', async () => {
    await rm(join(DOCKER_CONFIG, 'config.json'), { force: true })
    await execa('mkfifo', [join(DOCKER_CONFIG, 'config.json')])
    expect(() => readDockerConfig({ DOCKER_CONFIG })).toThrow(/not a regular file/)
  })
})
