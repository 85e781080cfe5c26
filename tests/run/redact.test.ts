import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Redactor } from '../../demos/runtime/run/redact.ts'

it.each([
  ['MYSQL_PASSWORD', 'swordfish'],
  ['DB_PASSWORD', 'hunter2'],
  ['PGPASSWORD', 'letmein'],
  ['ADMIN_PASSWORD', 'correct horse battery'],
  ['PIN_SECRET', '12345678'],
  ['SSH_PASSPHRASE', 'open sesame'],
  ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN'],
  ['SESSION_COOKIE', 'abcdef'],
])('hides the value of %s, a word as it may be', (name, value) => {
  expect(new Redactor({ [name]: value }).text(`${name}=${value}.`)).toBe(`${name}=•••.`)
})

it('hides each line of a key', () => {
  const lines = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkq', '-----END PRIVATE KEY-----']
  const redactor = new Redactor({ DEPLOY_PRIVATE_KEY: lines.join('\n') })
  expect(redactor.text(lines[1]!)).toBe('•••')
  expect(redactor.text(lines.join('\n'))).toBe('•••')
})

it('leaves short values and names of hosts alone', () => {
  const redactor = new Redactor({ AUTH_HOST: 'localhost', USE_TOKEN: 'yes' })
  expect(redactor.text('yes, localhost')).toBe('yes, localhost')
})

/** A redactor beside that configuration of the docker CLI. */
async function withConfiguration(configuration: unknown): Promise<Redactor> {
  const folder = await mkdtemp(join(tmpdir(), 'ch01-config-'))
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration))
  const redactor = new Redactor({ DOCKER_CONFIG: folder })
  await rm(folder, { recursive: true })
  return redactor
}

it('hides the password of a proxy in the docker configuration, which every container gets', async () => {
  const redactor = await withConfiguration({ proxies: { default: { httpProxy: 'http://proxyuser:proxypass9@proxy:3128' } } })
  expect(redactor.text('http_proxy=http://proxyuser:proxypass9@proxy:3128')).toBe('http_proxy=http://•••@proxy:3128')
  expect(redactor.text('password proxypass9')).toBe('password •••')
})

it('hides the credentials of a registry, however they are encoded, and the headers that the CLI sends', async () => {
  const both = 'kim:pass>>word??'
  const redactor = await withConfiguration({
    auths: { 'registry.example': { auth: Buffer.from(both).toString('base64') } },
    HttpHeaders: { 'X-Gate': 'gatekeeper' },
  })
  for (const shown of [both, 'pass>>word??', Buffer.from(both).toString('base64'), Buffer.from(both).toString('base64url'), 'gatekeeper'])
    expect(redactor.text(`<${shown}>`)).toBe('<•••>')
})

it('reads the configuration where the CLI looks for it when DOCKER_CONFIG is empty', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ch01-home-'))
  await mkdir(join(home, '.docker'))
  await writeFile(join(home, '.docker/config.json'), '{"auths":{"registry.example":{"username":"kim","password":"openplan"}}}')
  expect(new Redactor({ DOCKER_CONFIG: '', HOME: home }).text('openplan')).toBe('•••')
  await rm(home, { recursive: true })
})

describe('a token in several colours', () => {
  const redactor = new Redactor({ MY_TOKEN: 'ghp_abcdef' })
  const coloured = 'ghp_\u001B[31mabc\u001B[0;1mdef'

  it('is hidden', () => {
    expect(redactor.text(`<${coloured}>`)).toBe('<•••>')
  })

  it.each(Array.from(coloured, (_, index) => index))('is hidden where it comes in two pieces, cut at %i', (at) => {
    let shown = ''
    const stream = redactor.stream(text => shown += text)
    stream.push(`<${coloured.slice(0, at)}`, 0)
    stream.push(`${coloured.slice(at)}>`, 0)
    stream.end()
    expect(shown).toBe('<•••>')
  })

  it('leaves nothing of itself behind a gap', () => {
    let shown = ''
    const stream = redactor.stream(text => shown += text)
    stream.push(coloured.slice(3), 100)
    stream.push(` and ${'more '.repeat(20)}`, 0)
    stream.end()
    expect(shown).not.toMatch(/[a-f_]{2}/)
    expect(shown).toContain('more more')
  })
})
