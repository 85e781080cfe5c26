import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import { answerRejections } from '../../demos/runtime/server/guards.ts'

const guards = join(import.meta.dirname, '../../demos/runtime/server/guards.ts')
function program(script: string) {
  return execa(process.execPath, ['--input-type=module', '--eval', `
  import { surviveSurprises } from ${JSON.stringify(guards)}
  surviveSurprises(async () => console.log('tidied'))
  ${script}`], { reject: false, timeout: 20_000 })
}

it('goes on after an error that nobody catches, and writes down its cause', async () => {
  const { exitCode, stdout, stderr } = await program(`
    setTimeout(() => { throw new Error('first', { cause: new Error('root of it') }) })
    setTimeout(() => void Promise.reject(new Error('second')), 10)
    setTimeout(() => { console.log('still here'); process.exit(0) }, 100)`)
  expect(exitCode).toBe(0)
  expect(stdout).toBe('still here')
  for (const text of ['강의는 계속됩니다', 'first', 'root of it', 'second'])
    expect(stderr).toContain(text)
})

it('ends tidily, and says so, when errors do not stop', async () => {
  const { exitCode, stdout, stderr } = await program('setInterval(() => { throw new Error("again") }, 1)')
  expect(exitCode).toBe(1)
  expect(stdout).toBe('tidied')
  expect(stderr).toContain('덱을 닫습니다')
})

it('answers a request whose handler is rejected', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ch01-guards-'))
  const server = await createServer({ root, configFile: false, logLevel: 'silent', server: { host: '127.0.0.1', port: 0 }, plugins: [{
    name: 'slidev-like',
    configureServer: ({ middlewares }) => {
      middlewares.use('/state', async () => void JSON.parse('{'))
      return () => answerRejections(middlewares)
    },
  }] })
  await server.listen()
  const response = await fetch(`http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/state`, {
    method: 'POST',
    signal: AbortSignal.timeout(5000),
  })
  expect(response.status).toBe(500)
  await server.close()
  await rm(root, { recursive: true })
})
