import type { AddressInfo } from 'node:net'
import type { Exit } from '../../demos/runtime/run/engine.ts'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { afterAll, describe, expect, it } from 'vitest'
import { engineStatus } from '../../demos/runtime/engine/docker.ts'
import { exec } from '../../demos/runtime/engine/exec.ts'
import { answered } from '../../demos/runtime/engine/host.ts'
import { Spawner } from '../../demos/runtime/engine/spawn.ts'
import { cli, withCli } from '../support/engine.ts'

const spawner = new Spawner()
afterAll(() => spawner.close())

async function run(args: string[], timeoutMs = 10_000, signal = new AbortController().signal): Promise<Exit & { text: string }> {
  const all: Buffer[] = []
  const exit = await exec(args, {
    cwd: tmpdir(),
    env: process.env,
    spawner,
    signal,
    timeoutMs,
    onOutput: bytes => void all.push(Buffer.from(bytes)),
  })
  return { ...exit, text: Buffer.concat(all).toString() }
}

describe('exec', () => {
  it('keeps stdout and stderr in the order in which they were written', async () => {
    const { text, exitCode } = await run(['sh', '-c', 'for i in $(seq 200); do echo out$i; echo err$i >&2; done'])
    expect(text).toBe(Array.from({ length: 200 }, (_, index) => `out${index + 1}\nerr${index + 1}\n`).join(''))
    expect(exitCode).toBe(0)
  })

  it('gives the exit code of a program that fails', async () => {
    expect(await run(['sh', '-c', 'exit 42'])).toEqual({ exitCode: 42, ended: 'exited', text: '' })
  })

  it('hands on whole characters, however the bytes come', async () => {
    const { text } = await run(['sh', '-c', `printf '\\355\\225'; sleep 0.1; printf '\\234'`])
    expect(text).toBe('한')
  })

  it('survives every byte value', async () => {
    const { text } = await run([process.execPath, '-e', 'process.stdout.write(Buffer.from(Array.from({length: 256}, (_, i) => i)))'])
    expect(text.slice(0, 128)).toBe(String.fromCharCode(...Array.from({ length: 128 }).keys()))
    expect(text.slice(128)).toMatch(/^\uFFFD+$/)
  })

  it('ends a program that runs over its time, even one that ignores SIGTERM', async () => {
    const start = performance.now()
    expect(await run(['sh', '-c', 'trap "" TERM; echo on; while :; do sleep 0.1; done'], 300)).toEqual({
      exitCode: null,
      ended: 'timed-out',
      text: 'on\n',
    })
    expect(performance.now() - start).toBeLessThan(8000)
  })

  it('ends a program that is cancelled', async () => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 200)
    expect((await run(['sleep', '30'], 60_000, abort.signal)).ended).toBe('cancelled')
  })

  it('starts nothing when it is cancelled already', async () => {
    expect(await run(['sh', '-c', 'echo on'], 1000, AbortSignal.abort())).toEqual({ exitCode: null, ended: 'cancelled', text: '' })
  })

  it('does not wait for a grandchild that holds the output open', async () => {
    const start = performance.now()
    expect(await run(['sh', '-c', 'sleep 20 & echo done'])).toMatchObject({ exitCode: 0, text: 'done\n' })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  it('never hands an argument to a shell', async () => {
    expect((await run(['printf', '%s', '$(id); `id` && id'])).text).toBe('$(id); `id` && id')
  })

  it('gives each of many programs at once its own output', async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => String(index))
    expect((await Promise.all(numbers.map(async each => run(['sh', '-c', `echo ${each}; sleep 0.1; echo ${each}`])))).map(
      ({ text }) => text,
    )).toEqual(numbers.map(
      each => `${each}\n${each}\n`,
    ))
  })

  it('tells in Korean when the process that starts programs is killed, and starts the next one all the same', async () => {
    const going = run(['sleep', '30'])
    setTimeout(async () => (await spawner.start()).process.kill('SIGKILL'), 300)
    await expect(going).rejects.toThrow('명령을 시작하는 프로세스가 꺼졌습니다.')
    expect((await run(['echo', 'on'])).text).toBe('on\n')
  })

  it('tells in Korean when the folder of temporary files has been emptied, and starts the next one all the same', async () => {
    await rm((await spawner.start()).path)
    await expect(run(['echo', 'on'])).rejects.toThrow('명령을 시작하는 프로세스가 꺼졌습니다.')
    expect((await run(['echo', 'on'])).text).toBe('on\n')
  })

  it('ends its programs when the process that asked for them is killed', async () => {
    const seconds = `30.${process.pid}`
    const sleeping = async (): Promise<boolean> => !(await execa('pgrep', ['-fx', `sleep ${seconds}`], { reject: false })).failed
    const code = `import { Spawner } from '${pathToFileURL(join(import.meta.dirname, '../../demos/runtime/engine/spawn.ts'))}'
      const sleep = { args: ['sleep', '${seconds}'], cwd: '/', env: process.env, timeoutMs: 60_000 }
      await new Spawner().run(sleep, { signal: new AbortController().signal, onOutput: () => {} })`
    const asking = execa(process.execPath, ['--input-type=module', '--eval', code], { reject: false })
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(true)
    asking.kill('SIGKILL')
    await asking
    await expect.poll(sleeping, { timeout: 10_000 }).toBe(false)
  })

  it('tells in Korean that a program is not installed', async () => {
    await expect(run(['no-such-program'])).rejects.toThrow('no-such-program 명령을 찾을 수 없습니다.')
  })
})

describe('a server that a step has started', () => {
  it('is waited for until it answers, and not after a stop', async () => {
    let ready = false
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      return ready ? response.end() : request.socket.destroy() // as the engine's proxy does while nobody listens behind it
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const stopped = AbortSignal.timeout(200)
    await answered({ isLocal: true }, address, stopped)
    expect(stopped.aborted).toBe(true)
    setTimeout(() => ready = true, 200)
    await answered({ isLocal: true }, address, new AbortController().signal)
    expect([ready, asked > 2]).toEqual([true, true])
    server.close()
  })
})

describe('engineStatus', () => {
  it.skipIf(!cli).each([
    ['no engine', { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, '도커 엔진에 연결할 수 없습니다.'],
    ['no docker CLI', { PATH: '/nowhere' }, 'docker 명령을 찾을 수 없습니다.'],
    ['a context that does not exist', { DOCKER_CONTEXT: 'no-such-context' }, '선택한 도커 컨텍스트를 쓸 수 없습니다.'],
  ])(`with %s says so and what to do${withCli}`, async (_, env, message) => {
    const { DOCKER_HOST: _host, ...rest } = process.env
    expect(await engineStatus({ env: { ...rest, ...env } })).toMatchObject({
      reachable: false,
      problem: { message, hint: expect.stringMatching(/\S/) },
    })
  })
})
