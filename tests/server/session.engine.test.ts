import type { ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clean } from '../../demos/runtime/engine/ledger.ts'
import { readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { engine, withEngine } from '../support/engine.ts'

const heard: ServerMessage[] = []
const answers: ServerMessage[] = []
const lecturer = { role: 'lecturer' as const, send: (message: ServerMessage) => void answers.push(message) }
const audience = { ...lecturer, role: 'audience' as const }
let session: Session

beforeEach(async () => {
  heard.length = 0
  answers.length = 0
  session = await Session.open(await readCatalogue(), { broadcast: message => void heard.push(message) })
})
afterEach(() => session.close())

const events = (): RunEvent[] => heard.flatMap(message => message.type === 'events' ? message.events : [])
const types = (): string[] => events().map(event => event.type)
const refusal = () => answers.find(message => message.type === 'refused')
async function until<T>(get: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const value = get()
    if (value)
      return value
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('waited 20 s in vain')
}
const ended = () => until(() => events().find(event => event.type === 'run-ended'))

describe('a client', () => {
  it('that says hello gets the whole state', async () => {
    await session.receive(audience, { type: 'hello' })
    expect(answers[0]).toMatchObject({
      type: 'snapshot',
      lecturer: false,
      demos: { helloworld: { seq: 0, state: { status: 'idle' }, files: { Dockerfile: expect.stringContaining('FROM') } } },
    })
  })

  it('of the lecturer that asks whether all is ready tells all clients; who joins later knows it too', async () => {
    await Promise.all([session.receive(lecturer, { type: 'runDoctor' }), session.receive(lecturer, { type: 'runDoctor' })])
    const told = heard.filter(message => message.type === 'findings')
    expect(told).toHaveLength(1)
    expect(told[0]!.findings).toContainEqual(expect.objectContaining({ name: '도커 엔진', state: engine ? 'ok' : 'bad' }))
    expect(told[0]!.findings).toContainEqual(expect.objectContaining({ name: '녹화', state: 'ok' }))
    await session.receive(audience, { type: 'hello' })
    expect(answers.at(-1)).toMatchObject({ findings: told[0]!.findings })
  })

  it.each([
    { type: 'runDoctor' },
    { type: 'run', demo: 'helloworld', after: null },
    { type: 'advance', demo: 'helloworld', after: null, upTo: 0 },
    { type: 'stop', demo: 'helloworld', run: 'x' },
    { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM evil' },
    { type: 'reset', demo: 'helloworld', file: 'Dockerfile' },
    { type: 'clean', demo: 'helloworld' },
    { type: 'show', demo: 'helloworld', recorded: true },
  ])('of the audience may not $type', async (message) => {
    await session.receive(audience, message)
    expect(refusal()).toMatchObject({ problem: { message: '보기 전용 화면입니다.' } })
    expect(heard.filter(each => each.type !== 'engine')).toEqual([])
  })

  it('that comes late is told that the recording is shown in place of the run, until there is a new run', async () => {
    await session.receive(lecturer, { type: 'show', demo: 'helloworld', recorded: true })
    expect(heard).toContainEqual({ type: 'show', demo: 'helloworld', recorded: true })
    await session.receive(audience, { type: 'hello' })
    expect(answers.at(-1)).toMatchObject({ type: 'snapshot', demos: { helloworld: { showRecording: true } } })
    await session.receive(lecturer, { type: 'clean', demo: 'helloworld' })
    await session.receive(audience, { type: 'hello' })
    expect(answers.at(-1)).toMatchObject(engine ? { demos: { helloworld: { showRecording: false } } } : {})
  })

  it.each([
    ['a malformed message', { type: 'run' }, '알 수 없는 요청이라 무시했습니다.'],
    ['no message', null, '알 수 없는 요청이라 무시했습니다.'],
    ['an unknown demo', { type: 'run', demo: 'nope', after: null }, '데모 nope는 없습니다.'],
    ['an unknown step', { type: 'run', demo: 'helloworld', after: null, upTo: 7 }, '데모 helloworld에는 8번째 단계가 없습니다.'],
    ['a file outside the working copy', {
      type: 'edit',
      demo: 'helloworld',
      file: '../../x',
      text: '',
    }, '이 데모에는 고칠 수 있는 파일 "../../x"가 없습니다.'],
    ['a file over 64 KiB', {
      type: 'edit',
      demo: 'helloworld',
      file: 'Dockerfile',
      text: 'x'.repeat(70_000),
    }, '파일이 64 KiB를 넘어 저장하지 않았습니다.'],
  ])('that sends %s is told so, and nothing changes', async (_, request, message) => {
    await session.receive(lecturer, request)
    expect(refusal()).toMatchObject({ problem: { message, hint: expect.stringMatching(/\S/) } })
    expect(heard.filter(each => each.type !== 'engine')).toEqual([])
  })
})

describe.skipIf(!engine)(`a run on the ${withEngine}`, () => {
  afterAll(() => clean(engine!.api))

  it('tells its events in order, numbered without a gap, those of one moment together', async () => {
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    expect(await ended()).toMatchObject({ outcome: 'passed' })
    expect(types().filter(type => type !== 'output')).toEqual([
      'run-started', 'step-started', 'step-ended', 'step-started', 'step-ended', 'run-ended',
    ])
    const told = heard.filter(message => message.type === 'events')
    expect(told.flatMap(({ seq, events }) => events.map((_, index) => seq + index))).toEqual(events().map((_, index) => index + 1))
    expect(told.map(message => message.events.map(({ type }) => type))).toContainEqual(expect.arrayContaining([
      'step-ended',
      'step-started',
    ]))
  })

  it('is followed without a gap by a client that joins while events wait to be told', async () => {
    vi.useFakeTimers({ toFake: ['setImmediate'] }) // they wait for the run's end
    try {
      await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
      await session.receive(audience, { type: 'hello' })
      const joined = answers.at(-1) as Extract<ServerMessage, { type: 'snapshot' }>
      expect(joined.demos.helloworld).toMatchObject({ seq: 2, state: { status: 'running' } })
      await ended()
      expect(heard.flatMap(message => message.type === 'events' ? [message.seq] : [])).toEqual([1, 3])
    }
    finally {
      vi.useRealTimers()
    }
  })

  it('is started once when two clients ask at the same time', async () => {
    await Promise.all([
      session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null }),
      session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null }),
    ])
    await ended()
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null }) // a client that has not heard yet
    expect(types().filter(type => type === 'run-started')).toHaveLength(1)
  })

  it('goes on click by click, and no step runs twice', async () => {
    await session.receive(lecturer, { type: 'advance', demo: 'helloworld', after: null, upTo: 0 })
    await until(() => types().includes('step-ended'))
    const { run } = events()[0] as Extract<RunEvent, { type: 'run-started' }>
    await session.receive(lecturer, { type: 'advance', demo: 'helloworld', after: run, upTo: 0 })
    expect(types().filter(type => type === 'step-started')).toHaveLength(1)
    await Promise.all([1, 2].map(() => session.receive(lecturer, { type: 'advance', demo: 'helloworld', after: run, upTo: 1 })))
    expect(await ended()).toMatchObject({ outcome: 'passed' })
    await session.receive(lecturer, { type: 'advance', demo: 'helloworld', after: run, upTo: 1 }) // a slow client's click
    expect(types().filter(type => type === 'step-started')).toHaveLength(2)
  })

  it('started anew while it waits for a click begins from the first step', async () => {
    await session.receive(lecturer, { type: 'advance', demo: 'helloworld', after: null, upTo: 0 })
    await until(() => types().includes('step-ended'))
    const { run } = events()[0] as Extract<RunEvent, { type: 'run-started' }>
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: run })
    await until(() => events().filter(event => event.type === 'run-ended').length === 2)
    expect(types().filter(type => type !== 'output')).toEqual([
      'run-started', 'step-started', 'step-ended', 'run-ended', 'run-started', 'step-started',
      'step-ended', 'step-started', 'step-ended', 'run-ended',
    ])
  })

  it('builds what was edited, and says why it fails', async () => {
    await session.receive(lecturer, { type: 'edit', demo: 'helloworld', file: 'helloworld', text: '#!/bin/sh\necho 안녕\n' })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    expect(await ended()).toMatchObject({ outcome: 'failed' })
    expect(events().findLast(event => event.type === 'step-ended')).toMatchObject({ step: 1, exitCode: 0, checks: [{ passed: false }] })
  })

  it('begins when the edits that were sent just before it have been written', async () => {
    const text = (last: boolean): string => `FROM debian:trixie-slim\n${last ? '' : 'COPI'}${'#'.repeat(60_000)}\n`
    for (let count = 0; count < 200; count++)
      void session.receive(lecturer, { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: text(count === 199) })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null, upTo: 0 })
    await until(() => types().includes('step-ended'))
    expect(events().find(event => event.type === 'step-ended')).toMatchObject({ outcome: 'passed' })
  })

  it('with an error in the Dockerfile fails with the reason in Korean', async () => {
    await session.receive(lecturer, { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'FROM debian:trixie-slim\nCOPI x\n' })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    await ended()
    expect(events().find(event => event.type === 'step-ended')).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      reason: expect.stringContaining('Dockerfile에 오류가 있습니다.'),
    })
  })

  it('that is stopped leaves no container, even one that ignores SIGTERM', async () => {
    await session.receive(lecturer, {
      type: 'edit',
      demo: 'helloworld',
      file: 'helloworld',
      text: '#!/bin/sh\ntrap "" TERM INT\necho on\nwhile :; do sleep 1; done\n',
    })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    await until(() => events().find(event => event.type === 'output' && event.step === 1))
    const { run } = events()[0] as Extract<RunEvent, { type: 'run-started' }>
    await session.receive(lecturer, { type: 'stop', demo: 'helloworld', run })
    expect(await ended()).toMatchObject({ outcome: 'cancelled' })
    await until(
      async () => (await execa('docker', ['container', 'ls', '-aq', '--filter', `label=ch01.run=${run}`])).stdout === '' || undefined,
    )
  })

  it('is ended and swept when the deck closes', async () => {
    await session.receive(lecturer, { type: 'edit', demo: 'helloworld', file: 'helloworld', text: '#!/bin/sh\necho on\nexec sleep 60\n' })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    await until(() => events().find(event => event.type === 'output' && event.step === 1))
    await session.close()
    expect((await execa('docker', ['container', 'ls', '-aq', '--filter', 'label=ch01.run'])).stdout).toBe('')
  })

  it('asked for while the demo is being cleaned begins when that is done', async () => {
    const cleaning = session.receive(lecturer, { type: 'clean', demo: 'helloworld' })
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    await cleaning
    expect(await ended()).toMatchObject({ outcome: 'passed' })
    expect(heard.filter(({ type }) => type === 'cleaned' || type === 'events')[0]!.type).toBe('cleaned')
  })

  it('is forgotten and its image removed by clean', async () => {
    await session.receive(lecturer, { type: 'run', demo: 'helloworld', after: null })
    await ended()
    await session.receive(lecturer, { type: 'clean', demo: 'helloworld' })
    expect(heard.at(-1)).toMatchObject({ type: 'cleaned', message: expect.stringContaining('이미지 1개') })
    await session.receive(audience, { type: 'hello' })
    expect(answers.at(-1)).toMatchObject({ demos: { helloworld: { state: { status: 'idle', id: null } } } })
  })
})

describe.skipIf(!engine?.isLocal)('what a deck that died has left', () => {
  it('is swept though the engine has failed to answer once', async () => {
    await session.close() // it would sweep too
    const dead = `${processName().split('-')[0]}-${(await execa('sh', ['-c', 'echo $$'])).stdout}`
    const orphan = await engine!.docker([
      'container', 'create', '--label', 'ch01.demo=helloworld', '--label', 'ch01.run=x', '--label', `ch01.owner=${dead}`,
      'debian:trixie-slim', 'true',
    ])
    const folder = await mkdtemp(join(tmpdir(), 'ch01-'))
    let failures = 0
    const proxy = createServer((client) => {
      const socket = connect(engine!.host!.replace('unix://', ''))
      client.on('error', () => socket.destroy())
      socket.on('error', () => client.destroy()).on('close', () => client.destroy())
      client.on('close', () => socket.destroy()).on('data', (data) => {
        if (!data.includes('/containers/json') || failures > 0)
          return void socket.write(data)
        failures += 1
        client.destroy()
      })
      socket.pipe(client)
    }).listen(join(folder, 'e.sock'))
    vi.stubEnv('DOCKER_HOST', `unix://${join(folder, 'e.sock')}`)
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    session = await Session.open(new Map(), { broadcast: () => {} })
    try {
      const look = (): Promise<string> => execa('docker', ['container', 'inspect', orphan], { reject: false }).then(({ stderr }) => stderr)
      await expect.poll(look).toContain('No such container')
      expect(failures).toBe(1)
    }
    finally {
      vi.unstubAllEnvs()
      log.mockRestore()
      await session.close()
      proxy.close()
      await rm(folder, { recursive: true })
      await execa('docker', ['container', 'rm', '--force', orphan], { reject: false })
    }
  })
})
