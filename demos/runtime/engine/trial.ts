import type { Demo } from '../../define.ts'
import type { Finding } from '../model/messages.ts'
import type { RunEvent } from '../model/run-events.ts'
import type { Run } from '../run/run.ts'
import type { DockerEngine } from './docker.ts'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dockerProblem } from '../model/docker-problems.ts'
import { withParticle } from '../model/korean.ts'
import { outputText } from '../model/run-events.ts'
import { temporaryPrefix } from '../run/process-name.ts'
import { get, inspectImage, isForPlatform } from './api.ts'
import { findingOf } from './finding.ts'
import { answered, pageAt } from './host.ts'
import { startRun } from './start-run.ts'

/** The image that the trial needs: the smallest with a web server. */
const TRIAL_IMAGE = 'busybox:stable'
/** Longest time that one command of the trial may take, in milliseconds. */
const STEP_TIMEOUT_MS = 20_000
/** Time that its page may take to come, in milliseconds. */
const PAGE_TIMEOUT_MS = 5000

/** The index of the step after which the page is fetched. */
const SERVE = 2

const name = '시험 실행'

/**
 * Does once what a lecture does, by the same way: a build, a container with a published port, a page fetched from it, and a
 * network in which it is found by its name. Nothing is left of it.
 */
export async function tryRun(engine: DockerEngine, signal?: AbortSignal): Promise<Finding> {
  const image = await inspectImage(engine.api, TRIAL_IMAGE).catch(() => null)
  if (!image || !isForPlatform(image, engine.version.platform))
    return { name, state: 'unknown', message: `쓸 수 있는 ${withParticle(TRIAL_IMAGE, '이/가')} 없어 시험하지 않았습니다.` }
  const start = performance.now()
  const id = randomBytes(4).toString('hex')
  const folder = await mkdtemp(temporaryPrefix())
  const demo = trialDemo(id)
  try {
    await writeFile(join(folder, 'Dockerfile'), dockerfile(id))
    const ended: Extract<RunEvent, { type: 'step-ended' }>[] = []
    const run = await startRun({
      engine,
      demoId: 'doctor',
      demo,
      copy: { folder, files: {}, restore: async () => {}, written: async () => {}, edit: async () => {} },
      upTo: SERVE,
      onEvent: event => event.type === 'step-ended' && void ended.push(event),
    })
    const stop = (): void => run.stop()
    signal?.addEventListener('abort', stop)
    const missed = await pageMissed(engine, id, run).catch((error: unknown) => findingOf(name, error))
    run.advance(demo.steps.length - 1)
    const outcome = await run.ended
    signal?.removeEventListener('abort', stop)
    if (outcome === 'cancelled')
      return { name, state: 'unknown', message: '중지해서 끝까지 시험하지 않았습니다.' }
    const failed = ended.find(each => each.outcome !== 'passed')
    if (failed)
      return failureOf(demo, run, failed)
    if (missed !== null)
      return missed
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    return {
      name,
      state: 'ok',
      message: engine.isLocal
        ? `빌드, 실행, 공개한 포트, 네트워크의 이름까지 ${seconds}초에 확인했습니다.`
        : `빌드, 실행, 네트워크의 이름까지 ${seconds}초에 확인했습니다. 공개한 포트는 엔진이 있는 기계에서 열립니다.`,
    }
  }
  catch (error) {
    return findingOf(name, error)
  }
  finally {
    await engine.api.request('DELETE', `/images/ch01/doctor:${id}`).catch(() => {}) // what is left is in the ledger
    await rm(folder, { recursive: true, force: true })
  }
}

/** A page that only this trial has, made by a command that runs in a container. */
function dockerfile(id: string): string {
  return `FROM ${TRIAL_IMAGE}\nRUN mkdir /www && echo ${id} > /www/index.html\nCMD ["httpd", "-f", "-h", "/www"]\n`
}

function trialDemo(id: string): Demo {
  const own = `ch01-doctor-${id}`
  const image = `ch01/doctor:${id}`
  return {
    title: name,
    files: [],
    baseImages: [TRIAL_IMAGE],
    steps: [
      { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '--tag', image, '.'] },
      { id: 'network', title: '네트워크 만들기', command: ['docker', 'network', 'create', own] },
      {
        id: 'serve',
        title: '실행',
        command: ['docker', 'container', 'run', '--detach', '--name', own, '--network', own, '--publish', '127.0.0.1::80', image],
      },
      {
        id: 'name',
        title: '이름으로 찾기',
        command: ['docker', 'container', 'exec', own, 'wget', '-q', '-O', '-', `http://${own}/`],
        retryMs: PAGE_TIMEOUT_MS,
        expect: [{ says: '컨테이너를 이름으로 찾습니다', output: id }],
      },
    ].map(step => ({ ...step, command: step.command as [string, ...string[]], timeoutMs: STEP_TIMEOUT_MS })),
  }
}

/** Why the page is not what the container serves, once it runs; null when it is, or when no page can be fetched from here. */
async function pageMissed({ api, isLocal }: DockerEngine, id: string, run: Run): Promise<Finding | null> {
  await run.settled()
  if (!isLocal || run.state.status !== 'running')
    return null
  const container = await get<{ NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> } }>(
    api,
    `/containers/ch01-doctor-${id}/json`,
  )
  const port = container?.NetworkSettings.Ports['80/tcp']?.[0]?.HostPort
  const address = `http://127.0.0.1:${port}/`
  await answered({ isLocal }, address, AbortSignal.timeout(PAGE_TIMEOUT_MS))
  const page = await pageAt(address, AbortSignal.timeout(PAGE_TIMEOUT_MS))
  return page?.trim() === id
    ? null
    : {
        name,
        state: 'bad',
        message: `컨테이너는 실행되지만, 공개한 포트(${address})로 페이지가 오지 않습니다.`,
        hint: '방화벽이나 보안 프로그램이 이 컴퓨터 안의 연결을 막는지 확인하고, 도커를 다시 시작하세요.',
      }
}

function failureOf(demo: Demo, run: Run, { step, reason, checks }: Extract<RunEvent, { type: 'step-ended' }>): Finding {
  const { title, command } = demo.steps[step]!
  const output = outputText(run.state.steps[step]!.output).trim()
  const problem = dockerProblem(output, { baseImages: demo.baseImages })
  return {
    name,
    state: 'bad',
    message: `${withParticle(title, '이/가')} 되지 않습니다. ${problem?.message ?? reason ?? checks[0]?.missed ?? ''}`.trim(),
    hint: problem?.hint ?? '터미널에서 npm run doctor가 보여 주는 원문을 확인하세요.',
    detail: `$ ${command.join(' ')}\n${output}`,
  }
}
