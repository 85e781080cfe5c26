import type { DockerEngine } from '../../demos/runtime/engine/docker.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEngine, engineStatus } from '../../demos/runtime/engine/docker.ts'
import { limitsOf } from '../../demos/runtime/engine/doctor.ts'
import { clean, readLedger } from '../../demos/runtime/engine/ledger.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { engine, withEngine } from '../support/engine.ts'
import { noSecondEngine, SecondEngine } from '../support/second-engine.ts'

/** Runs a demo on an engine, and gives its events. */
async function runDemo(engine: DockerEngine, id: string): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  await runOnce({ engine, demoId: id, demo: demoOf(await readCatalogue(), id), onEvent: event => void events.push(event) })
  return events
}

const openssl = !(await execa('openssl', ['version'], { reject: false })).failed
const noTls = engine === null ? withEngine : noSecondEngine !== null ? `건너뜀: ${noSecondEngine}` : !openssl ? '건너뜀: openssl이 없습니다.' : null

describe.skipIf(noTls !== null)(`an engine behind TLS on the loopback address${noTls === null ? '' : ` — ${noTls}`}`, () => {
  let folder: string
  let second: SecondEngine
  let host: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'docker-basics-tls-'))
    await makeCertificates(folder)
    second = await SecondEngine.open({ certificates: folder })
    // Serves as well, and there is little room.
    await execa('docker', ['--host', second.host, 'image', 'build', '--tag', 'debian:trixie-slim', '-'], {
      input: 'FROM busybox:stable\nRUN mkdir -p /usr/local/bin\n',
      env: { DOCKER_CONTEXT: '' },
    })
    host = second.tlsHost!
  })
  afterAll(async () => {
    await second?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('is chosen by DOCKER_HOST: builds, runs and leaves nothing running', async () => {
    const tls = await connectEngine({ env: { ...process.env, DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder } })
    expect(await tls.ping()).toBe(true)
    const events = await runDemo(tls, 'helloworld')
    expect(events.at(-1), JSON.stringify(events)).toMatchObject({ type: 'run-ended', outcome: 'passed' })
    expect(await tls.docker(['container', 'ls', '--all', '--quiet', '--filter', 'label=ch01.run'])).toBe('')
    expect(await clean(tls.api)).toMatchObject({ images: 1, containers: 0 })
  })

  it('runs a demo beside this machine’s engine in one process, and each has a ledger of its own', async () => {
    const tls = await connectEngine({ env: { ...process.env, DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder } })
    const both = await Promise.all([engine!, tls].map(each => runDemo(each, 'helloworld')))
    expect(both.map(events => events.at(-1))).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }])
    const images = async () => (await Promise.all([engine!, tls].map(({ api }) => readLedger(api, { demo: 'helloworld' })))).map(
      ledger => ledger.images.map(({ tag }) => tag),
    )
    expect(await images()).toEqual([['ch01/helloworld:latest'], ['ch01/helloworld:latest']])
    await clean(tls.api)
    expect(await images()).toEqual([['ch01/helloworld:latest'], []])
    await clean(engine!.api)
  })

  it('is chosen by docker context', async () => {
    const { DOCKER_HOST: _host, DOCKER_CONTEXT: _context, ...rest } = process.env
    const env = { ...rest, DOCKER_CONFIG: join(folder, 'config') }
    const context = (...args: string[]) => execa('docker', ['context', ...args], { env, extendEnv: false })
    await context('create', 'ch01-tls', '--docker', `host=${host},ca=${folder}/ca.pem,cert=${folder}/cert.pem,key=${folder}/key.pem`)
    await context('use', 'ch01-tls')
    const tls = await connectEngine({ env })
    expect(tls).toMatchObject({ context: 'ch01-tls', host, isLocal: false })
    await context('use', 'default') // the engine stays the one that was chosen
    const events = await runDemo(tls, 'lifecycle')
    expect(events.at(-1)).toMatchObject({ type: 'run-ended', outcome: 'passed' })
    expect(await clean(tls.api)).toMatchObject({ containers: 0 })
    expect(process.env.DOCKER_CONTEXT).not.toBe('ch01-tls')
  })

  it('whose certificate is not the one that was agreed on is named as such, with what to check', async () => {
    await mkdir(join(folder, 'other'))
    await makeCertificates(join(folder, 'other'))
    const env = { ...process.env, DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'other') }
    expect(await engineStatus({ env })).toMatchObject({
      reachable: false,
      problem: {
        message: '도커 엔진의 TLS 인증서가 맞지 않습니다.',
        hint: expect.stringContaining('DOCKER_CERT_PATH'),
        detail: expect.stringContaining('x509'),
      },
    })
  })
})

describe('what an engine cannot show', async () => {
  const catalogue = await readCatalogue()
  const here = { Name: hostname(), KernelVersion: release(), DockerRootDir: '/var/lib/docker', SystemTime: '', CgroupDriver: 'cgroupfs' }
  const limits = (engine: string, about: Partial<typeof here> = {}) => limitsOf(catalogue, {
    engine,
    builder: null,
    platform: 'linux/amd64',
  }, { ...here, ...about }).map(({ detail }) => detail!.split('\n').map(line => line.split(':')[0]))[0]
  ?? []

  it('is nothing with Docker Engine on this machine', () => {
    expect(limits('20.10.24+dfsg1')).toEqual([])
    expect(limits('29.0.0')).toEqual([])
  })

  it('is nothing with an engine elsewhere: its host is looked at from a container', () => {
    expect(limits('26.1.5', { Name: 'engine-elsewhere' })).toEqual([])
  })

  it('are what needs BuildKit, dockerd or exact exit codes, with Podman; with older ones more', () => {
    expect(limits('Podman 5.4.2')).toEqual(expect.arrayContaining(['build-vs-run', 'registry', 'runtime-chain']))
    expect(limits('Podman 5.4.2')).not.toContain('throwaway')
    expect(limits('Podman 4.3.1')).toContain('throwaway')
  })

  it('are limits and figures of containers where the engine uses no cgroups, as a rootless one may have to', () => {
    expect(limits('26.1.5', { CgroupDriver: 'none' })).toEqual(['cgroups', 'overhead'])
  })
})

/** What `dockerd --tlsverify` needs (https://docs.docker.com/engine/security/protect-access/): an authority, a server, a client. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=ch01', '-keyout', 'ca-key.pem', '-out', 'ca.pem')
  for (const [name, file, use] of [['server', 'server', 'serverAuth'], ['client', 'cert', 'clientAuth']] as const) {
    const keyFile = file === 'cert' ? 'key.pem' : `${file}-key.pem`
    await openssl('req', ...key, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', `${file}.csr`)
    await writeFile(join(folder, 'ext'), `subjectAltName=IP:127.0.0.1\nextendedKeyUsage=${use}\n`)
    await openssl(
      'x509', '-req', '-days', '2', '-in', `${file}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem',
      '-CAcreateserial', '-extfile', 'ext', '-out', `${file}.pem`,
    )
  }
}
