import type { Demo } from '../../define.ts'
import type { Finding } from '../model/messages.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { Catalogue } from '../run/catalogue.ts'
import type { ConnectOptions } from './docker.ts'
import type { EngineInfo } from './host.ts'
import { existsSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { findBrowser, noBrowser } from '../browser/chromium.ts'
import { npmChromiumPath } from '../browser/npm-chromium.ts'
import { decode } from '../model/recording.ts'
import { engineName } from '../model/run-events.ts'
import { demosFolder } from '../run/catalogue.ts'
import { inspectImage, isForPlatform } from './api.ts'
import { needsCgroups, noCgroups } from './cgroups.ts'
import { connectEngine, DockerEngine } from './docker.ts'
import { findingOf } from './finding.ts'
import { engineInfo, isHere } from './host.ts'
import { checkCheckout, checkClock, checkLineEnds, checkTemporaryFolder } from './machine.ts'
import { podmanCannot } from './podman.ts'
import { findSettings } from './settings.ts'
import { tryRun } from './trial.ts'

/** Free disk below which a lecture may run out, in bytes. */
const ENOUGH_DISK = 2 * 1024 ** 3
const LEAST_NODE = [22, 18] as const

/** The base images of all demos. */
export function baseImagesOf(catalogue: Catalogue): string[] {
  return [...new Set([...catalogue.values()].flatMap(entry => 'demo' in entry ? entry.demo.baseImages : []))]
}

/**
 * Looks at all that a lecture needs and does once what it does, as `npm run doctor` prints it and the opening slide shows it;
 * never throws for a known reason. A signal that aborts ends the trial.
 */
export async function runDoctor(
  catalogue: Catalogue,
  { signal, ...options }: ConnectOptions & { signal?: AbortSignal } = {},
): Promise<Finding[]> {
  const [folder, checkout, lineEnds, recordings] = await Promise.all([
    checkTemporaryFolder(),
    checkCheckout(),
    checkLineEnds(),
    checkRecordings(catalogue),
  ])
  const engine = folder ?? await connectEngine(options).catch((error: unknown) => findingOf('도커 엔진', error))
  const isConnected = engine instanceof DockerEngine
  return [
    ...isConnected ? await checkEngine(engine, { catalogue, lastRecording: recordings.last, signal }) : [engine],
    ...await findSettings(options.env ?? process.env, isConnected ? engine : null),
    ...isConnected ? [] : [checkClock(null, Date.now(), recordings.last)],
    checkout,
    lineEnds,
    ...faultsOf(catalogue),
    recordings.finding,
    checkNode(),
    checkBrowser(),
  ].filter(finding => finding !== null)
}

async function checkEngine(
  engine: DockerEngine,
  { catalogue, lastRecording, signal }: { catalogue: Catalogue, lastRecording: string | null, signal: AbortSignal | undefined },
): Promise<(Finding | null)[]> {
  const { version } = engine
  const context = engine.context === null ? `DOCKER_HOST=${engine.host}` : `컨텍스트 ${engine.context}`
  const asked = Date.now()
  const [images, info] = await Promise.all([
    checkImages(engine, baseImagesOf(catalogue)),
    engineInfo(engine).catch(() => null),
  ])
  return [
    { name: '도커 엔진', state: 'ok', message: `${engineName(version)} (${version.platform}), ${context}` },
    version.builder
      ? { name: '빌더', state: 'ok', message: version.builder }
      : {
          name: '빌더',
          state: 'warn',
          message: 'buildx가 없어 옛 빌더로 빌드합니다.',
          hint: '데비안이라면 apt-get install docker-buildx, 그 밖에는 Docker 공식 문서의 buildx 설치를 따르세요.',
        },
    ...limitsOf(catalogue, version, info),
    images,
    await tryRun(engine, signal),
    checkClock(info?.SystemTime ?? null, asked, lastRecording),
    await checkDisk(info),
  ]
}

/** The demos whose definition cannot be used. */
function faultsOf(catalogue: Catalogue): Finding[] {
  return [...catalogue.values()].flatMap(entry => 'problem' in entry ? [{ name: '데모', state: 'bad', ...entry.problem } as const] : [])
}

/** What this engine cannot show, demo by demo; nothing where it shows all. */
export function limitsOf(catalogue: Catalogue, version: EngineVersion, info: EngineInfo | null): Finding[] {
  const reasons = [...catalogue].flatMap(([id, entry]) => {
    const reason = 'demo' in entry
      ? podmanCannot(entry.demo, version) ?? withoutCgroups(entry.demo, info) ?? (info && isHere(info) ? null : notHere(entry.demo))
      : null
    return reason === null ? [] : [`${id}: ${reason}`]
  })
  if (reasons.length === 0)
    return []
  return [{
    name: '엔진의 한계',
    state: 'warn',
    message: `데모 ${reasons.length}개는 이 엔진에서 다 보여 줄 수 없습니다. 보여 줄 수 없는 단계는 이유를 밝히고 건너뜁니다.`,
    hint: '그 단계는 녹화를 보여 주거나, 이 컴퓨터의 Docker Engine을 쓰세요.',
    detail: reasons.join('\n'),
  }]
}

function withoutCgroups({ steps }: Demo, info: EngineInfo | null): string | null {
  return info?.CgroupDriver === 'none' && steps.some(needsCgroups) ? noCgroups : null
}

/** What an engine elsewhere cannot show: what a probe decides is not known before. */
function notHere({ steps }: Demo): string | null {
  return steps.find(({ host }) => host && !host.probe)?.host?.elsewhere ?? null
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  const finding = { name: 'Node.js', message: `${process.versions.node} (${LEAST_NODE.join('.')} 이상 필요)` } as const
  return enough
    ? { ...finding, state: 'ok' }
    : { ...finding, state: 'bad', hint: 'npm ci를 다시 실행하세요. 이 프로젝트가 쓰는 Node.js 24가 함께 설치됩니다.' }
}

function checkBrowser(): Finding {
  const name = '브라우저'
  const path = findBrowser()
  if (path === null)
    return { name, state: 'warn', message: 'PDF를 만들 브라우저가 없습니다. 강의에는 지장이 없습니다.', hint: noBrowser.hint }
  if (path === npmChromiumPath())
    return { name, state: 'ok', message: 'npm이 설치한 Chromium' }
  return existsSync(path)
    ? { name, state: 'ok', message: path }
    : { name, state: 'warn', message: `CHROME_PATH에 적힌 ${path} 파일이 없습니다.`, hint: '경로를 고치거나, CHROME_PATH를 지우고 다시 실행하세요.' }
}

async function checkImages({ api, version }: DockerEngine, images: string[]): Promise<Finding> {
  const name = '베이스 이미지'
  try {
    const found = await Promise.all(images.map(image => inspectImage(api, image)))
    const missing = images.filter((_, index) => found[index] === null)
    const foreign = images.filter((_, index) => found[index] && !isForPlatform(found[index], version.platform))
    const told = [
      ...missing.length > 0 ? [`이 엔진에 없는 이미지: ${missing.join(', ')}`] : [],
      ...foreign.length > 0 ? [`다른 플랫폼의 이미지: ${foreign.join(', ')} (이 엔진은 ${version.platform})`] : [],
    ]
    return told.length === 0
      ? { name, state: 'ok', message: `${images.join(', ')} 모두 있습니다.` }
      : { name, state: 'bad', message: told.join('. '), hint: 'npm run doctor -- --prepare로 준비하세요.' }
  }
  catch (error) {
    return findingOf(name, error)
  }
}

/** Whether each demo has a recording of its present steps, which the slides fall back on, and the date of the last one. */
async function checkRecordings(catalogue: Catalogue): Promise<{ finding: Finding, last: string | null }> {
  const name = '녹화'
  const dates = await Promise.all([...catalogue].map(async ([id, entry]) => 'demo' in entry ? recordedAt(id, entry.demo) : null))
  const lacking = [...catalogue.keys()].filter((_, index) => dates[index] === null)
  return {
    last: dates.filter(date => date !== null).sort().at(-1) ?? null,
    finding: lacking.length === 0
      ? { name, state: 'ok', message: `데모 ${catalogue.size}개를 엔진 없이도 보여 줄 수 있습니다.` }
      : { name, state: 'warn', message: `쓸 수 있는 녹화가 없는 데모: ${lacking.join(', ')}`, hint: 'npm run record로 녹화하세요.' },
  }
}

/** When a demo's recording was made, in ISO 8601; null where there is none that can be used. */
async function recordedAt(id: string, { steps }: Demo): Promise<string | null> {
  try {
    const [first] = decode(await readFile(join(demosFolder, id, 'recording.cast'), 'utf8'), steps.length, id)
    return first?.type === 'run-started' ? first.date : null
  }
  catch {
    return null // there is none, or `npm run record` has to make a new one
  }
}

async function checkDisk(info: EngineInfo | null): Promise<Finding> {
  const stats = info && await statfs(info.DockerRootDir).catch(() => null)
  if (!stats)
    return { name: '디스크', state: 'unknown', message: '엔진이 다른 기계나 가상 머신에 있어 확인하지 않았습니다.' }
  const free = stats.bavail * stats.bsize
  const message = `여유 ${(free / 1024 ** 3).toFixed(1)} GiB`
  return free >= ENOUGH_DISK
    ? { name: '디스크', state: 'ok', message }
    : { name: '디스크', state: 'warn', message: `${message}, 모자랄 수 있습니다.`, hint: '공간을 비우세요. 이 강의가 만든 것은 npm run demo -- clean으로 지울 수 있습니다.' }
}
