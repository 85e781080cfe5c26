import type { Step } from '../../demos/define.ts'
import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import type { Catalogue } from '../../demos/runtime/run/catalogue.ts'
import type { ServedDeck } from '../support/deck.ts'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { engineStatus } from '../../demos/runtime/engine/docker.ts'
import { ownFolder } from '../../demos/runtime/run/own-folder.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { TestClient } from '../support/client.ts'
import { startDeck } from '../support/deck.ts'
import { cli, withCli } from '../support/engine.ts'
import { noSecondEngine, SecondEngine } from '../support/second-engine.ts'

/** Debian's faketime: a program's clock is set while it runs, and no other's. */
const clock = { LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1', FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }
const noClock = (await execa('date', ['+%Y'], { reject: false, env: { ...clock, FAKETIME: '@2001-06-01 00:00:00' } })).stdout === '2001'
  ? ''
  : ' — 건너뜀: faketime 패키지가 없습니다'

async function until<T>(what: string, get: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const value = await get()
    if (value)
      return value
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`waited 30 s in vain: ${what}`)
}

describe.skipIf(noSecondEngine)(`an engine of its own that${noSecondEngine ? ` — 건너뜀: ${noSecondEngine}` : ''}`, () => {
  let second: SecondEngine
  let session: Session | undefined
  let heard: ServerMessage[] = []
  let answers: ServerMessage[] = []
  const before = { ...process.env }
  const lecturer = { role: 'lecturer' as const, send: (message: ServerMessage) => void answers.push(message) }

  beforeAll(async () => {
    second = await SecondEngine.open()
    delete process.env.DOCKER_CONTEXT
    process.env.DOCKER_HOST = second.host
  })
  afterEach(async () => {
    await session?.close()
    session = undefined
  })
  afterAll(async () => {
    process.env = before
    await second?.remove()
  })

  const events = (): RunEvent[] => heard.flatMap(message => message.type === 'events' ? message.events : [])
  const ended = () => until('the end of the run', () => events().find(event => event.type === 'run-ended'))
  const output = (text: string) => until(
    `the output ${text}`,
    () => events().some(event => event.type === 'output' && event.text.includes(text)),
  )
  const reason = () => events().find(
    event => event.type === 'step-ended' && event.outcome !== 'passed',
  ) as Extract<RunEvent, { type: 'step-ended' }>
  | undefined
  const engineIs = (reachable: boolean, since = 0) => until(
    `an engine that is ${reachable ? 'there' : 'away'}`,
    () => heard.slice(since).find(message => message.type === 'engine' && message.engine.reachable === reachable),
  )
  const refusal = () => answers.find(message => message.type === 'refused')
  const leftovers = async (): Promise<string> => (await second.docker(
    'container', 'ls', '--all', '--quiet', '--filter', 'label=ch01.run',
  )).stdout

  const build = (timeoutMs = 30_000): Step => ({
    id: 'build',
    title: '빌드',
    command: ['docker', 'image', 'build', '--network', 'none', '-t', 'ch01/helloworld:latest', '.'],
    timeoutMs,
  })
  const run = (script: string, ...options: string[]): Step => ({
    id: 'run',
    title: '실행',
    command: ['docker', 'container', 'run', ...options, 'busybox:stable', 'sh', '-c', script],
  })
  /** Ends at a SIGTERM, so that an engine that comes back need not wait for it. */
  const stay = 'trap "exit 0" TERM; echo on; sleep 60 & wait'

  async function open(steps: Step[], baseImages = ['busybox:stable']): Promise<void> {
    heard = []
    answers = []
    const catalogue: Catalogue = new Map([[
      'helloworld',
      { demo: { title: '시험', files: ['helloworld', 'Dockerfile'], baseImages, steps } },
    ]])
    session = await Session.open(catalogue, { broadcast: message => void heard.push(message) })
    await engineIs(true)
  }
  const start = (after: string | null = null): Promise<void> => session!.receive(lecturer, { type: 'run', demo: 'helloworld', after })
  const dockerfile = (text: string): Promise<void> => session!.receive(lecturer, {
    type: 'edit',
    demo: 'helloworld',
    file: 'Dockerfile',
    text,
  })
  const runId = (): string => (events()[0] as Extract<RunEvent, { type: 'run-started' }>).run

  it('is killed in the middle of a build fails the step with the next one, and is live again when it is back', async () => {
    await open([build()])
    await dockerfile('FROM busybox:stable\nRUN echo building; sleep 60\n')
    await start()
    await output('] RUN echo building') // the step of the builder has begun
    await output(' building\n')
    await second.signal('SIGKILL')
    expect(await ended()).toMatchObject({ outcome: 'failed' })
    expect(reason()).toMatchObject({ reason: expect.stringMatching(/연결이 끊겼습니다.*도커를 다시 켜면.*녹화/) })
    expect(await engineIs(false)).toMatchObject({ engine: { problem: { message: '도커 엔진에 연결할 수 없습니다.' } } })
    const lost = heard.length
    await second.start()
    await engineIs(true, lost)
    await dockerfile('FROM busybox:stable\nCMD ["true"]\n')
    const first = runId()
    heard = []
    await start(first)
    expect(await ended()).toMatchObject({ outcome: 'passed' })
  })

  it('is killed in the middle of a run leaves nothing of it when it is back', async () => {
    await open([run(stay)])
    await start()
    await output('on')
    expect(await leftovers()).not.toBe('') // the engine keeps its container while it is down
    await second.signal('SIGKILL')
    expect(await ended()).toMatchObject({ outcome: 'failed' })
    expect(reason()).toMatchObject({ exitCode: 125, reason: expect.stringContaining('연결이 끊겼습니다') })
    await second.start()
    await until('its container to be gone', async () => await leftovers() === '')
  })

  it('hangs: a stop works at once, a start says why not, and all is well when it goes on', async () => {
    await open([run(stay)])
    await start()
    await output('on')
    await second.signal('SIGSTOP')
    try {
      await session!.receive(lecturer, { type: 'stop', demo: 'helloworld', run: runId() })
      expect(await ended()).toMatchObject({ outcome: 'cancelled' })
      await start(runId())
      expect(refusal()).toMatchObject({ problem: { message: '도커 엔진이 응답하지 않습니다.', hint: expect.stringMatching(/\S/) } })
      await engineIs(false)
    }
    finally {
      await second.signal('SIGCONT')
    }
    await engineIs(true, heard.findLastIndex(({ type }) => type === 'engine') + 1)
    await until('its container to be gone', async () => await leftovers() === '')
  })

  it('denies permission is named, with the group to join', async () => {
    process.seteuid!(65534) // nobody
    try {
      expect(await engineStatus()).toMatchObject({
        reachable: false,
        problem: { message: '도커 소켓에 접근할 권한이 없습니다.', hint: expect.stringContaining('usermod -aG docker') },
      })
    }
    finally {
      process.seteuid!(0)
    }
  })

  it('has no room left for a build says so, and has room again after that', async () => {
    await open([build()])
    await dockerfile('FROM busybox:stable\nRUN dd if=/dev/zero of=/big bs=1M count=1000\n')
    await start()
    expect(await ended()).toMatchObject({ outcome: 'failed' })
    expect(reason()).toMatchObject({ reason: expect.stringMatching(/디스크가 가득 찼습니다.*clean/) })
    expect((await second.docker('container', 'run', '--rm', 'busybox:stable', 'true')).exitCode).toBe(0)
  })

  it('has no image and reaches no registry says how to prepare one of the demo, and what else helps for another', async () => {
    await open([build()], ['busybox:stable', 'nothing.invalid/here:1'])
    await start()
    expect(refusal()).toMatchObject({ problem: {
      message: '베이스 이미지 nothing.invalid/here:1이 이 엔진에 없습니다.',
      hint: expect.stringContaining('--prepare'),
    } })
    expect(events()).toEqual([])
    await session!.close()

    await open([build()])
    await dockerfile('FROM nothing.invalid/here:1\n')
    await start()
    expect(await ended()).toMatchObject({ outcome: 'failed' })
    expect(reason()).toMatchObject({ reason: expect.stringMatching(/이미지 nothing\.invalid\/here:1을 찾을 수 없습니다\..*네트워크를 확인하세요/) })
  })

  it('runs a container that ignores SIGTERM and outlasts its step leaves none behind', async () => {
    await open([{ ...run('trap "" TERM INT; echo on; while :; do sleep 1; done'), timeoutMs: 1500 }])
    await start()
    expect(await ended()).toMatchObject({ outcome: 'timed-out' })
    expect(reason()).toMatchObject({ reason: '1.5초 안에 끝나지 않아 중지했습니다.' })
    await until('its container to be gone', async () => await leftovers() === '')
  })

  it.each([
    ['container', ['container', 'create', '--name', 'ch01-taken', 'busybox:stable', 'true'], run('true', '--name', 'ch01-taken')],
    ['network', ['network', 'create', '--internal', '--subnet', '198.51.100.0/28', 'ch01-taken'], {
      id: 'create',
      title: '만들기',
      command: ['docker', 'network', 'create', 'ch01-taken'],
    }],
    ['volume', ['volume', 'create', 'ch01-taken'], { id: 'create', title: '만들기', command: ['docker', 'volume', 'create', 'ch01-taken'] }],
  ] as const)('holds a %s of somebody else under a demo\'s name keeps it untouched', async (kind, make, step) => {
    expect((await second.docker(...make)).exitCode).toBe(0)
    const theirs = (await second.docker(kind, 'inspect', 'ch01-taken')).stdout
    await open([step])
    await start()
    const message = await until('a refusal or a failed step', () => refusal() ?? reason())
    expect(JSON.stringify(message)).toMatch(/이미 있습니다/)
    await session!.receive(lecturer, { type: 'clean', demo: 'helloworld' })
    expect((await second.docker(kind, 'inspect', 'ch01-taken')).stdout).toBe(theirs)
    await second.docker(kind, 'rm', 'ch01-taken')
  })

  describe('a CLI', () => {
    let folder: string
    const path = process.env.PATH
    beforeAll(async () => folder = await mkdtemp(join(tmpdir(), 'ch01-cli-')))
    afterEach(() => void (process.env.PATH = path))
    afterAll(() => rm(folder, { recursive: true }))

    it('that is gone since the deck was opened fails the step and says what to install', async () => {
      await symlink((await execa('which', ['docker'])).stdout, join(folder, 'docker'))
      process.env.PATH = folder
      await open([run('true')])
      await rm(join(folder, 'docker'))
      await start()
      expect(await ended()).toMatchObject({ outcome: 'failed' })
      expect(reason()).toMatchObject({ reason: expect.stringMatching(/docker 명령을 찾을 수 없습니다.*설치/) })
    })

    it('without buildx builds all the same, or says what to install', async () => {
      // The plugins are hidden from this program alone, in a mount namespace of its own.
      const docker = (await execa('which', ['docker'])).stdout
      await writeFile(join(folder, 'docker'), `#!/bin/sh\nexec unshare --mount sh -c 'for each in /usr/libexec/docker/cli-plugins /usr/lib/docker/cli-plugins /usr/local/lib/docker/cli-plugins /usr/local/libexec/docker/cli-plugins; do [ ! -d $each ] || mount -t tmpfs none $each; done; exec ${docker} "$@"' docker "$@"\n`)
      await chmod(join(folder, 'docker'), 0o755)
      process.env.PATH = `${folder}:${path}`
      process.env.DOCKER_CONFIG = folder
      try {
        expect(await engineStatus()).toMatchObject({ reachable: true, version: { builder: null } })
        await open([build()])
        await dockerfile('FROM busybox:stable\nCMD ["true"]\n')
        await start()
        await ended()
        expect(reason()?.reason ?? 'buildx가 설치되어 있지 않습니다.').toContain('buildx가 설치되어 있지 않습니다.')
      }
      finally {
        delete process.env.DOCKER_CONFIG
      }
    })
  })

  describe('under a server that', () => {
    const demo = 'overhead' // its third step leaves a container running
    const clients: TestClient[] = []
    let served: ServedDeck | undefined
    const join10 = (): Promise<TestClient[]> => Promise.all(Array.from({ length: 10 }, async () => {
      const client = await TestClient.open(served!.port, demo, served!.key)
      clients.push(client)
      return client
    }))
    const ours = (): string[] => readdirSync(ownFolder()).filter(
      name => name.startsWith(`${processName().split('-')[0]}-`) && existsSync(join(ownFolder(), name, demo)),
    )
    afterAll(async () => {
      clients.forEach(client => client.close())
      served?.process.kill('SIGKILL')
      await served?.process
    })

    it.skipIf(noClock)(`has its clock set a day on and two back within a run, times nothing out and measures as before${noClock}`, async () => {
      const file = join(tmpdir(), `ch01-clock-${process.pid}`)
      const DAY_MS = 24 * 60 * 60_000
      await writeFile(file, '+0')
      served = await startDeck({ env: { ...clock, FAKETIME_TIMESTAMP_FILE: file } })
      const client = await TestClient.open(served!.port, demo, served!.key)
      const begun = (step: number) => client.until(() => client.events.find(event => event.type === 'step-started' && event.step === step))
      const runs = () => client.events.filter(({ type }) => type === 'run-started') as Extract<RunEvent, { type: 'run-started' }>[]
      try {
        await client.until(
          () => client.heard.find(message => (message.type === 'snapshot' || message.type === 'engine') && message.engine?.reachable),
        )
        client.send({ type: 'run', demo, after: null })
        await begun(1)
        await writeFile(file, '+1d')
        await begun(2)
        await writeFile(file, '-1d')
        expect(await client.until(() => client.events.find(({ type }) => type === 'run-ended'))).toMatchObject({ outcome: 'passed' })
        client.send({ type: 'run', demo, after: runs()[0]!.run, upTo: 0 })
        const [first, second] = await client.until(() => runs().length === 2 ? runs() : undefined)
        expect((Date.parse(second!.date) - Date.parse(first!.date)) / DAY_MS).toBeCloseTo(-1, 2)
        for (const event of client.events) {
          for (const ms of [event.at, event.type === 'step-ended' ? event.durationMs : 0]) {
            expect(ms).toBeGreaterThanOrEqual(0)
            expect(ms).toBeLessThan(60_000)
          }
        }
      }
      finally {
        client.close()
        await served.stop()
        await rm(file)
      }
    })

    it('is killed with a run under way, ten clients looking on, finds what it left when it is started again', async () => {
      served = await startDeck()
      const ten = await join10()
      await Promise.all(ten.map(
        client => client.until(
          () => client.heard.find(message => (message.type === 'snapshot' || message.type === 'engine') && message.engine?.reachable),
        ),
      ))
      for (const client of ten) // ten presenters press at once
        client.send({ type: 'advance', demo, after: null, upTo: 2 })
      await Promise.all(ten.map(client => client.until(() => client.events.find(event => event.type === 'step-ended' && event.step === 2))))
      for (const client of ten)
        expect(client.events).toEqual(ten[0]!.events)
      expect(ten[0]!.events.filter(({ type }) => type === 'run-started')).toHaveLength(1)
      clients.splice(0).forEach(client => client.close()) // all browsers are closed: the run stays
      expect(await leftovers()).not.toBe('')

      const killed = served.process
      killed.kill('SIGKILL')
      await killed
      const left = ours().filter(name => name.includes(`-${killed.pid}-`))
      expect(left).not.toEqual([])
      expect(await leftovers()).not.toBe('')
      served = await startDeck({ env: { SHELL: '/bin/sh' }, inTerminal: true })
      await until('the orphan to be gone', async () => await leftovers() === '')
      expect(ours().filter(name => left.includes(name))).toEqual([])
    })

    it('loses its terminal, a run under way, leaves nothing behind', async () => {
      const copies = ours()
      const [client] = await join10()
      client!.send({ type: 'advance', demo, after: null, upTo: 2 })
      await client!.until(() => client!.events.find(event => event.type === 'step-ended' && event.step === 2))
      expect(await leftovers()).not.toBe('')
      served!.process.kill('SIGKILL') // the terminal's own program, as when its window is closed
      await until('the container to be gone', async () => await leftovers() === '')
      await until('the server to be gone', () => fetch(served!.url).then(() => false, () => true))
      await until('its working copies to be gone', () => ours().length === copies.length - 1)
    })
  })
})

describe('a socket that takes questions and never answers', () => {
  it.skipIf(!cli)(`is told from an engine that is off, with the next step${withCli}`, async () => {
    const socket = join(tmpdir(), `ch01-mute-${process.pid}.sock`)
    const server = createServer(() => {}).listen(socket)
    try {
      const env = { ...process.env, DOCKER_HOST: `unix://${socket}` }
      expect(await engineStatus({ env, askTimeoutMs: 500 })).toMatchObject({
        reachable: false,
        problem: { message: '도커 엔진이 응답하지 않습니다.', hint: expect.stringMatching(/\S/) },
      })
    }
    finally {
      server.close()
    }
  })
})
