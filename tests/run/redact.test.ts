import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
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

it('hides the password of a proxy in the docker configuration, which every container gets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ch01-config-'))
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ proxies: { default: { httpProxy: 'http://proxyuser:proxypass9@proxy:3128' } } }),
  )
  expect(new Redactor({
    DOCKER_CONFIG: folder,
  }).text('http_proxy=http://proxyuser:proxypass9@proxy:3128')).toBe('http_proxy=http://•••@proxy:3128')
  await rm(folder, { recursive: true })
})
