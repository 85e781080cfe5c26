import type { Demo } from '../../define.ts'
import type { Finding } from '../model/messages.ts'
import type { EngineVersion } from '../model/run-events.ts'
import type { Catalogue } from '../run/catalogue.ts'
import type { ConnectOptions } from './docker.ts'
import { existsSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { problemOf } from '../model/problem.ts'
import { decode } from '../model/recording.ts'
import { engineName } from '../model/run-events.ts'
import { findBrowser, noBrowser } from '../pages/chromium.ts'
import { npmChromiumPath } from '../pages/npm-chromium.ts'
import { demosFolder } from '../run/catalogue.ts'
import { inspectImage } from './api.ts'
import { connectEngine, DockerEngine } from './docker.ts'
import { engineInfo, engineIsHere } from './host.ts'
import { podmanCannot } from './podman.ts'

/** Free disk below which a lecture may run out, in bytes. */
const ENOUGH_DISK = 2 * 1024 ** 3
const LEAST_NODE = [22, 18] as const

/** The base images of all demos. */
export function baseImagesOf(catalogue: Catalogue): string[] {
  return [...new Set([...catalogue.values()].flatMap(entry => 'demo' in entry ? entry.demo.baseImages : []))]
}

/** Looks at all that a lecture needs, as `npm run doctor` prints it and the opening slide shows it; never throws for a known reason. */
export async function runDoctor(catalogue: Catalogue, options?: ConnectOptions): Promise<Finding[]> {
  const [engine, recordings] = await Promise.all([connectEngine(options).catch(problemOf), checkRecordings(catalogue)])
  const machine = [checkNode(), checkBrowser()]
  if (!(engine instanceof DockerEngine)) {
    const { message, hint, detail } = engine
    return [{
      name: '도커 엔진',
      state: 'bad',
      message,
      hint,
      ...detail !== undefined && { detail },
    }, ...faultsOf(catalogue), recordings, ...machine]
  }
  const { version } = engine
  const context = engine.context === null ? `DOCKER_HOST=${engine.host}` : `컨텍스트 ${engine.context}`
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
    ...limitsOf(catalogue, version, await engineIsHere(engine)),
    await checkImages(engine, baseImagesOf(catalogue)),
    ...faultsOf(catalogue),
    recordings,
    await checkDisk(engine),
    ...machine,
  ]
}

/** The demos whose definition cannot be used. */
function faultsOf(catalogue: Catalogue): Finding[] {
  return [...catalogue.values()].flatMap(entry => 'problem' in entry ? [{ name: '데모', state: 'bad', ...entry.problem } as const] : [])
}

/** What this engine cannot show, demo by demo; nothing where it shows all. */
export function limitsOf(catalogue: Catalogue, version: EngineVersion, isHere: boolean): Finding[] {
  const reasons = [...catalogue].flatMap(([id, entry]) => {
    const reason = 'demo' in entry
      ? podmanCannot(entry.demo, version) ?? (isHere ? null : entry.demo.steps.find(({ host }) => host)?.host?.elsewhere ?? null)
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

async function checkImages({ api }: DockerEngine, images: string[]): Promise<Finding> {
  const name = '베이스 이미지'
  try {
    const found = await Promise.all(images.map(image => inspectImage(api, image)))
    const missing = images.filter((_, index) => found[index] === null)
    return missing.length === 0
      ? { name, state: 'ok', message: `${images.join(', ')} 모두 있습니다.` }
      : { name, state: 'bad', message: `이 엔진에 없는 이미지: ${missing.join(', ')}`, hint: 'npm run doctor -- --prepare로 준비하세요.' }
  }
  catch (error) {
    const { message, hint, detail } = problemOf(error)
    return { name, state: 'bad', message, hint, ...detail !== undefined && { detail } }
  }
}

/** Whether each demo has a recording of its present steps: what the slides fall back on. */
async function checkRecordings(catalogue: Catalogue): Promise<Finding> {
  const name = '녹화'
  const lacking: string[] = []
  for (const [id, entry] of catalogue) {
    if (!('demo' in entry) || !await hasRecording(id, entry.demo))
      lacking.push(id)
  }
  return lacking.length === 0
    ? { name, state: 'ok', message: `데모 ${catalogue.size}개를 엔진 없이도 보여 줄 수 있습니다.` }
    : { name, state: 'warn', message: `쓸 수 있는 녹화가 없는 데모: ${lacking.join(', ')}`, hint: 'npm run record로 녹화하세요.' }
}

async function hasRecording(id: string, { steps }: Demo): Promise<boolean> {
  try {
    decode(await readFile(join(demosFolder, id, 'recording.cast'), 'utf8'), steps.length, id)
    return true
  }
  catch {
    return false // there is none, or `npm run record` has to make a new one
  }
}

async function checkDisk(engine: DockerEngine): Promise<Finding> {
  const stats = await engineInfo(engine).then(({ DockerRootDir }) => statfs(DockerRootDir)).catch(() => null)
  if (!stats)
    return { name: '디스크', state: 'unknown', message: '엔진이 다른 기계나 가상 머신에 있어 확인하지 않았습니다.' }
  const free = stats.bavail * stats.bsize
  const message = `여유 ${(free / 1024 ** 3).toFixed(1)} GiB`
  return free >= ENOUGH_DISK
    ? { name: '디스크', state: 'ok', message }
    : { name: '디스크', state: 'warn', message: `${message}, 모자랄 수 있습니다.`, hint: '공간을 비우세요. 이 강의가 만든 것은 npm run demo -- clean으로 지울 수 있습니다.' }
}
