import type { Problem } from '../../demos/runtime/model/problem.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import getPort from 'get-port'

/**
 * `npm run engines`: runs all demos on the engine of a small machine of its own, with another kernel and cgroup v2, and writes
 * what came out into result.md. For a night: every instruction of the machine is emulated.
 */

const BASE_IMAGES = ['debian:trixie-slim', 'busybox:stable', 'registry:2']
/** How long a machine may take until its engine answers, in milliseconds, and the pause between two questions. */
const BOOT_MS = 20 * 60_000
const PAUSE_MS = 5000
/** How many times its usual time limit a step may take where every instruction is emulated. */
const PATIENCE = '20'
const TITLE = `# 작은 기계의 엔진에서

\`npm run engines\`가 쓴 표입니다. 데비안 14의 커널로 QEMU에서 부팅한 기계의 엔진을 이 컴퓨터의 CLI가 TCP로 씁니다.

| 날짜 | 엔진 | CLI | containerd, runc | 커널 | cgroup | 이미지 저장소 | 결과 | 건너뜀과 실패 |
|---|---|---|---|---|---|---|---|---|
`

const folder = await mkdtemp('/tmp/ch01-m-')
const port = await getPort({ host: '127.0.0.1' })
const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_CONTEXT: '' }
const quietly = { stdin: 'ignore', reject: false } as const
const machine = execa('bash', [join(import.meta.dirname, 'machine.sh'), folder, String(port)], { ...quietly, all: true })
try {
  await untilItAnswers()
  await execa('docker', ['image', 'save', ...BASE_IMAGES], { buffer: false }).pipe('docker', ['image', 'load', '--quiet'], { env })
  const demos = await execa('npm', ['run', '--silent', 'demo', '--', 'all', '--json', '--patience', PATIENCE], { ...quietly, env })
  const row = [...await engineCells(), ...resultCells(demos.stdout)]
  await writeFile(join(import.meta.dirname, 'result.md'), `${TITLE}| ${row.join(' | ')} |\n`)
  process.exitCode = demos.exitCode
}
finally {
  machine.kill()
  await machine
  await rm(folder, { recursive: true })
}

/** @throws {Error} when the machine ends, or its engine does not answer in time. */
async function untilItAnswers(): Promise<void> {
  const end = performance.now() + BOOT_MS
  const ended = machine.then(({ all }) => all)
  while ((await execa('docker', ['version'], { env, reject: false, timeout: PAUSE_MS })).failed) {
    const said = await Promise.race([ended, new Promise<null>(resolve => setTimeout(resolve, PAUSE_MS, null))])
    if (said !== null || performance.now() > end)
      throw new Error(`The machine's engine does not answer.\n${said ?? ''}`)
  }
}

/** What the engine says of itself: date, engine, CLI, containerd and runc, kernel, cgroup, store. */
async function engineCells(): Promise<string[]> {
  interface Version {
    Client: { Version: string }
    Server: { Version: string, Arch: string, Components: { Name: string, Version: string }[] }
  }
  const { Client, Server } = JSON.parse((await execa('docker', ['version', '--format', 'json'], { env })).stdout) as Version
  interface Info { KernelVersion: string, CgroupVersion: string, CgroupDriver: string, Driver: string }
  const info = JSON.parse((await execa('docker', ['info', '--format', 'json'], { env })).stdout) as Info
  const version = (name: string): string => Server.Components.find(each => each.Name === name)?.Version ?? '모름'
  return [
    new Date().toISOString().slice(0, 10),
    `${Server.Version} (${Server.Arch})`,
    Client.Version,
    `${version('containerd')}, ${version('runc')}`,
    info.KernelVersion,
    `v${info.CgroupVersion}, ${info.CgroupDriver}`,
    info.Driver,
  ]
}

/** How many demos passed, which steps were skipped or failed and why, and which runs could not begin, from what the runs tell. */
function resultCells(output: string): [counts: string, reasons: string] {
  const told = output.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as RunEvent | { problem: Problem })
  const events = told.filter(each => 'type' in each)
  const problems = told.filter(each => 'problem' in each)
  let demo = ''
  const reasons: string[] = []
  const outcomes: string[] = []
  for (const event of events) {
    if (event.type === 'run-started')
      demo = event.demo
    if (event.type === 'step-ended' && event.outcome !== 'passed') {
      const missed = event.checks.filter(({ passed }) => !passed).map(({ says }) => `✗ ${says}`)
      reasons.push(`${demo}: ${[...missed, event.reason ?? ''].join(' ').trim().replaceAll('|', '\\|').replaceAll('\n', ' ')}`)
    }
    if (event.type === 'run-ended')
      outcomes.push(event.outcome)
  }
  reasons.push(...problems.map(({ problem }) => problem.message))
  const passed = outcomes.filter(outcome => outcome === 'passed').length
  return [`${outcomes.length + problems.length}개 중 ${passed}개 성공`, [...new Set(reasons)].join('<br>')]
}
