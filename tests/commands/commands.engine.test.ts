import type { AddressInfo } from 'node:net'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, it } from 'vitest'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { DRIVEN_CACHE } from '../../demos/runtime/pages/deck.ts'
import { PARTS_SLIDE } from '../e2e/deck.ts'
import { copyDeck } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { cli, engine, withCli, withEngine } from '../support/engine.ts'

const root = join(import.meta.dirname, '../..')
/** Where these commands keep temporary files: other decks that come and go meanwhile have theirs elsewhere. */
const XDG_RUNTIME_DIR = mkdtempSync(join(tmpdir(), 'ch01-'))
afterAll(() => rm(XDG_RUNTIME_DIR, { recursive: true }))

/** A demo whose step takes twice its time. */
const SLOW_DEMO = `import { defineDemo } from '../define.ts'
export default defineDemo({
  title: '느린 데모',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [{
    id: 'wait',
    title: '기다리기',
    command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'sh', '-c', 'sleep 3; echo done'],
    timeoutMs: 1500,
    expect: [{ says: '끝납니다', output: 'done', falsify: { commands: { wait: ['echo', 'no'] } } }],
  }],
})
`

const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
function run(command: string, args: string[] = [], env: Record<string, string> = {}, folder = root) {
  return execa('node', [
    `demos/commands/${command}.ts`,
    ...args,
  ], {
    cwd: folder,
    preferLocal: true,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { XDG_RUNTIME_DIR, ...env },
  })
}
function workingCopies(): string[] {
  const folder = join(XDG_RUNTIME_DIR, 'docker-basics')
  return existsSync(folder) ? readdirSync(folder).filter(name => existsSync(join(folder, name, 'helloworld', 'Dockerfile'))) : []
}

describe('the command line', () => {
  it('lists the demos, for people and for machines', async () => {
    expect((await run('demos')).stdout).toMatch(/^helloworld\s+도커 스타일 체험하기 \(2단계\)$/m)
    expect(JSON.parse((await run('demos', ['--json'])).stdout)).toContainEqual({
      id: 'helloworld',
      title: '도커 스타일 체험하기',
      steps: [
        expect.objectContaining({ title: '이미지 빌드' }),
        expect.objectContaining({ command: ['docker', 'container', 'run', 'ch01/helloworld:latest'] }),
      ],
    })
  })

  it.concurrent.each([
    ['an unknown demo', 'demos', ['nope'], 2, '데모 nope는 없습니다.'],
    ['a wrong flag', 'demos', ['--nope'], 2, '명령의 옵션이 올바르지 않습니다.'],
    ['less time than usual', 'demos', ['helloworld', '--patience', '0'], 2, '--patience에는 1 이상의 수를 적습니다: 0'],
    ['a wrong argument', 'start', ['nope'], 2, '알 수 없는 인수입니다: nope'],
    ['a wrong port', 'start', ['--port', '99999'], 2, '포트 번호가 올바르지 않습니다: 99999'],
    ['a port that browsers keep away from', 'start', ['--port', '6000'], 2, '브라우저가 열지 않는 포트입니다: 6000'],
    ['a wrong flag', 'export', ['--nope'], 2, '명령의 옵션이 올바르지 않습니다.'],
    ['a wrong flag', 'doctor', ['--nope'], 2, '명령의 옵션이 올바르지 않습니다.'],
    ['a slide that is not there', 'rehearse', ['999'], 2, '1쪽부터'],
    ['something that is no slide', 'rehearse', ['x'], 2, '쪽을 알 수 없습니다: x'],
    ['an address but nobody to share with', 'start', ['--host', '127.0.0.2'], 2, '--host는 --remote와 함께 씁니다.'],
    ['an argument too many', 'build', ['nope'], 2, '이 명령에는 인수가 없습니다.'],
    ['an unknown demo', 'record', ['nope'], 2, '데모 nope는 없습니다.'],
  ])('with %s, %s %j ends with its exit code and a Korean message, without a stack trace', async (_, command, args, exitCode, message) => {
    const result = await run(command, args)
    expect(result.exitCode).toBe(exitCode)
    expect(result.all).toContain(message)
    expect(result.all).not.toMatch(/\n\s+at /)
  })

  it.concurrent.each([
    'start',
    'build',
    'export',
  ])('%s for a lecture that there is not ends with 2 and names those that there are', async (command) => {
    const result = await run(command, [], { LECTURE: '45' })
    expect(result.exitCode).toBe(2)
    expect(result.all).toMatch(/LECTURE=45[\s\S]*30, 60, 90/)
  })

  it.skipIf(!cli)(`says with exit code 3 that no engine answers, and what to do${withCli}`, async () => {
    const results = await Promise.all(([
      ['demos', ['helloworld']],
      ['demos', ['clean']],
      ['demos', ['ledger']],
      ['record', []],
      ['rehearse', []],
    ] as const).map(
      ([command, args]) => run(command, [...args], nowhere),
    ))
    for (const result of results) {
      expect(result.exitCode).toBe(3)
      expect(result.all).toContain('도커 엔진에 연결할 수 없습니다.')
    }
  })

  it('the doctor names what is missing and what to do about it', async () => {
    const result = await run('doctor', ['--json'], nowhere)
    expect(result.exitCode).toBe(1)
    expect(JSON.parse(result.stdout)).toContainEqual(expect.objectContaining({
      name: '도커 엔진',
      state: 'bad',
      hint: expect.stringMatching(/\S/),
    }))
  })

  it('the export says which browser does not start, and how to choose another', async () => {
    const result = await execa(join(root, 'node_modules/.bin/node'), ['demos/commands/export.ts'], {
      cwd: root,
      reject: false,
      all: true,
      env: { CHROME_PATH: '/nowhere/chrome' },
    })
    expect(result.exitCode).toBe(1)
    expect(result.all).toContain('/nowhere/chrome이 실행되는지 확인하세요. 다른 브라우저의 경로는 CHROME_PATH에 적습니다.')
  })

  it('a port in use is named, with the next step', async () => {
    const server = createServer().listen(0, 'localhost')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const result = await run('start', ['--port', String(port), '--open=false'])
    server.close()
    expect(result.exitCode).toBe(1)
    expect(result.all).toContain(`${port}번 포트를 이미 다른 프로그램이 쓰고 있습니다.`)
  })
})

describe.skipIf(!engine)(`the command line on the ${withEngine}`, () => {
  afterAll(() => clean(engine!.api))

  it('runs a demo, streams its output and its checks, and ends with 0', async () => {
    const result = await run('demos', ['helloworld'])
    expect(result.exitCode).toBe(0)
    expect(result.stdout).toContain('$ docker image build -t ch01/helloworld:latest .')
    expect(result.stdout).toMatch(/Hello, World!\n[\s\S]*✓ “Hello, World!”가 출력됩니다/)
  })

  it('tells the same run as events, one JSON line each', async () => {
    const events = (await run('demos', ['helloworld', '--json'])).stdout.split('\n').map(line => JSON.parse(line) as RunEvent)
    expect(events[0]).toMatchObject({ type: 'run-started', demo: 'helloworld' })
    expect(events.at(-1)).toMatchObject({ type: 'run-ended', outcome: 'passed' })
  })

  it('gives a slow engine as many times its usual time as --patience says', async () => {
    const folder = dirname(await copyDeck('# 시험\n'))
    await mkdir(join(folder, 'demos/slow'))
    await writeFile(join(folder, 'demos/slow/demo.ts'), SLOW_DEMO)
    expect((await run('demos', ['slow'], {}, folder)).stdout).toContain('1.5초 안에 끝나지 않아 중지했습니다.')
    expect((await run('demos', ['slow', '--patience', '20'], {}, folder)).exitCode).toBe(0)
    await rm(folder, { recursive: true })
  })

  it('the rehearsal of a slide runs its commands in a browser, also those that it folds, and says what they leave', async () => {
    const result = await run('rehearse', [String(PARTS_SLIDE)])
    expect(existsSync(join(root, DRIVEN_CACHE)), 'it takes no prepared dependency from an open deck').toBe(true)
    expect(result.all).toMatch(new RegExp(`✓ ${PARTS_SLIDE}쪽 .+ · 명령 4개`))
    expect(result.all).toMatch(/실패 0 · 느림 \d · 남은 컨테이너·네트워크·볼륨 0/)
    expect(result.exitCode).toBe(0)
  }, 180_000) // a deck and a browser of its own, both cold

  it('leaves no container, no working copy and, after clean, no image', async () => {
    await run('demos', ['helloworld'])
    expect((await run('demos', ['clean'])).stdout).toBe('이미지 1개를 지웠습니다.')
    expect((await execa('docker', ['container', 'ls', '-aq', '--filter', 'label=ch01.run'])).stdout).toBe('')
    expect(workingCopies()).toEqual([])
  })

  it.each([
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
  ] as const)('%s on the server, a container of its run alive, leaves nothing behind', async (signal) => {
    const deck = await startDeck({ env: { XDG_RUNTIME_DIR } })
    expect(workingCopies()).toHaveLength(1)
    const token = /const wsToken = "([^"]+)"/.exec(await (await fetch(`${deck.url}@vite/client`)).text())![1]!
    const socket = new WebSocket(`${deck.url.replace('http', 'ws')}?token=${token}`, 'vite-hmr')
    const ask = (data: unknown): void => socket.send(JSON.stringify({ type: 'custom', event: 'demo:to-server', data }))
    await new Promise<void>(resolve => socket.onmessage = ({ data }) => {
      if (String(data).includes('"connected"')) {
        ask({ type: 'hello', key: deck.key })
        ask({
          type: 'edit',
          demo: 'helloworld',
          file: 'helloworld',
          text: '#!/bin/sh\ntrap "" TERM INT HUP\necho on\nwhile :; do sleep 1; done\n',
        })
        ask({ type: 'run', demo: 'helloworld', after: null })
      }
      if (String(data).includes('"text":"on\\n"'))
        resolve()
    })
    deck.process.kill(signal)
    expect((await deck.process).exitCode).toBe(0)
    expect(workingCopies()).toEqual([])
    expect((await execa('docker', ['container', 'ls', '-aq', '--filter', 'label=ch01.run'])).stdout).toBe('')
  })
})
