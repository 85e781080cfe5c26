import type { Finding } from '../../demos/runtime/model/messages.ts'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDoctor } from '../../demos/runtime/engine/doctor.ts'
import { readLedger } from '../../demos/runtime/engine/ledger.ts'
import { tryRun } from '../../demos/runtime/engine/trial.ts'
import { readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { engine, withEngine } from '../support/engine.ts'
import { noSecondEngine, SecondEngine } from '../support/second-engine.ts'

const catalogue = await readCatalogue()

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** What the trial does, as one would type it. */
async function byHand(): Promise<void> {
  const own = `ch01-hand-${randomBytes(4).toString('hex')}`
  const dockerfile = `FROM busybox:stable\nRUN mkdir /www && echo ${own} > /www/index.html\nCMD ["httpd", "-f", "-h", "/www"]\n`
  const docker = (command: string, ...last: string[]) => execa('docker', [...command.split(' '), ...last], { input: dockerfile })
  try {
    await docker(`image build --tag ${own} -`)
    await docker(`network create ${own}`)
    await docker(`container run --detach --name ${own} --network ${own} --publish 127.0.0.1::80 ${own}`)
    await docker(`container exec ${own} sh -c`, `until wget -q -O - http://${own}/; do usleep 50000; done`)
  }
  finally {
    await docker(`container rm --force ${own}`)
    await docker(`network rm ${own}`)
    await docker(`image rm ${own}`)
  }
}

const ofDoctor = async () => Object.values(await readLedger(engine!.api, { demo: 'doctor' })).flat()

describe.skipIf(!engine)(`the doctor on the ${withEngine}`, () => {
  it('has run a container and fetched a page from it before it says that all is ready, and leaves nothing', async () => {
    const findings = await runDoctor(catalogue)
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
    expect(findings).toContainEqual(expect.objectContaining({
      name: '시험 실행',
      state: 'ok',
      message: expect.stringContaining('공개한 포트'),
    }))
    expect(await ofDoctor()).toEqual([])
  })

  // A limit in seconds would tell how busy the machine is: the same commands by hand take two seconds where nothing else runs.
  it('takes no more than twice as long for its trial as its commands take by hand', async () => {
    const seconds = { hand: Infinity, trial: Infinity }
    for (let round = 0; round < 3; round++) {
      seconds.hand = Math.min(seconds.hand, await secondsOf(byHand))
      seconds.trial = Math.min(seconds.trial, await secondsOf(async () => expect(await tryRun(engine!)).toMatchObject({ state: 'ok' })))
    }
    expect(seconds.trial, JSON.stringify(seconds)).toBeLessThan(2 * seconds.hand)
  })

  it('names each setting that the lecturer’s own commands follow, and runs all the same', async () => {
    const settings = { BUILDX_BUILDER: 'gone', DOCKER_DEFAULT_PLATFORM: 'linux/arm64', DOCKER_CONTENT_TRUST: '1', DOCKER_BUILDKIT: '0' }
    const findings = await runDoctor(catalogue, { env: { ...process.env, ...settings } })
    const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({ '시험 실행': 'ok', '고른 빌더': 'warn', '플랫폼': 'warn', '이미지 서명': 'warn', 'BuildKit': 'warn' })
  })

  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  it.skipIf(!isRoot)('finds no fault with a temporary folder in which nothing can be executed: no run does', async () => {
    const { stdout } = await execa('unshare', ['--mount', 'sh', '-euc', `
      mount -t tmpfs -o noexec,mode=1777 tmpfs /mnt
      printf '#!/bin/sh' > /mnt/program && chmod +x /mnt/program && ! /mnt/program
      export TMPDIR=/mnt XDG_RUNTIME_DIR=
      node demos/commands/demos.ts helloworld >&2
      node demos/commands/doctor.ts --json || true
    `], { cwd: join(import.meta.dirname, '../..'), stdin: 'ignore' })
    const states = Object.fromEntries((JSON.parse(stdout) as Finding[]).map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({ '시험 실행': 'ok' })
    expect(states).not.toHaveProperty('임시 폴더')
  })

  it('leaves nothing when it is stopped in the middle', async () => {
    const abort = new AbortController()
    const stopping = setInterval(async () => (await ofDoctor()).length > 0 && abort.abort(), 20)
    const findings = await runDoctor(catalogue, { signal: abort.signal })
    clearInterval(stopping)
    expect(findings).toContainEqual(expect.objectContaining({ name: '시험 실행', state: 'unknown' }))
    expect(await ofDoctor()).toEqual([])
  })
})

const withSecond = noSecondEngine === null ? '' : ` — ${noSecondEngine}`

describe.skipIf(noSecondEngine !== null)(`the doctor on an engine that is not as it should be${withSecond}`, () => {
  let second: SecondEngine
  const doctor = async (): Promise<Record<string, Finding>> => {
    const env = { ...process.env, DOCKER_HOST: second.host, DOCKER_CONTEXT: '' }
    const findings = await runDoctor(catalogue, { env, askTimeoutMs: 60_000 })
    return Object.fromEntries(findings.map(finding => [finding.name, finding]))
  }
  beforeAll(async () => second = await SecondEngine.open())
  afterAll(() => second?.remove())

  it('says that there is no bridge network, and what to do', async () => {
    expect((await doctor())['시험 실행']).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('엔진에 기본 네트워크(bridge)가 없습니다.'),
      hint: expect.stringContaining('daemon.json'),
    })
  })

  it('says that a base image is for another platform, and does not try it', async () => {
    const args = ['--host', second.host, 'image', 'import', '--platform', 'linux/s390x', '-', 'busybox:stable']
    await execa('tar', ['-c', '/etc/hostname'], { buffer: false, stderr: 'ignore' }).pipe('docker', args, { env: { DOCKER_CONTEXT: '' } })
    expect((await doctor())['베이스 이미지']).toMatchObject({
      state: 'bad',
      message: expect.stringContaining('다른 플랫폼의 이미지: busybox:stable'),
    })
  })

  it('says that it could not try anything without the image', async () => {
    await second.docker('image', 'rm', '--force', 'busybox:stable')
    expect((await doctor())['시험 실행']).toMatchObject({ state: 'unknown', message: expect.stringContaining('busybox:stable') })
  })
})
