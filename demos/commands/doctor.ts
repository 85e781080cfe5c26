import { statfs } from 'node:fs/promises'
import process from 'node:process'
import { styleText } from 'node:util'
import { hasImage, prepareBaseImage } from '../base-image.ts'
import { findBrowser } from '../browser.ts'
import { readCatalogue } from '../catalogue.ts'
import { docker, engineStatus } from '../docker.ts'
import { ProblemError, problemOf } from '../problem.ts'
import { EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run doctor [-- --prepare] [--json]'
/** Free disk below which a lecture may run out, in bytes. */
const ENOUGH_DISK = 2 * 1024 ** 3
const LEAST_NODE = [22, 18] as const

/** One thing that a lecture needs; `next` says what to do where it is not as it should be. */
interface Finding {
  name: string
  state: 'ok' | 'warn' | 'bad'
  says: string
  next?: string
  detail?: string
}

await main(async () => {
  const { values: { json = false, prepare = false }, positionals } = readArgs(usage, { json: { type: 'boolean' }, prepare: { type: 'boolean' } })
  if (positionals.length > 0)
    throw new MisuseError({ says: `알 수 없는 인수입니다: ${positionals.join(' ')}`, next: usage })
  const images = await baseImages()
  if (prepare)
    await prepareAll(images)
  const findings = await examine(images)
  if (json) {
    console.log(JSON.stringify(findings, null, 2))
  }
  else {
    for (const finding of findings)
      print(finding)
    console.log(findings.every(({ state }) => state !== 'bad') ? '\n강의를 시작할 준비가 되었습니다. npm start' : '\n고칠 것이 있습니다. 고치기 전까지 슬라이드는 녹화를 보여 줍니다.')
  }
  return findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.ok
})

/** The base images of all demos. */
async function baseImages(): Promise<string[]> {
  return [...new Set([...(await readCatalogue()).values()].flatMap(entry => 'demo' in entry ? entry.demo.baseImages : []))]
}

async function prepareAll(images: string[]): Promise<void> {
  const engine = await engineStatus()
  if (!engine.reachable)
    throw new ProblemError(engine.problem)
  for (const image of images) {
    if (!await hasImage(image))
      await prepareBaseImage(image, line => console.error(styleText('dim', `  ${line}`)))
  }
}

async function examine(images: string[]): Promise<Finding[]> {
  const engine = await engineStatus()
  const findings = [checkNode(), checkBrowser()]
  if (!engine.reachable) {
    const { says, next, detail } = engine.problem
    return [...findings, { name: '도커 엔진', state: 'bad', says, next, ...detail !== undefined && { detail } }]
  }
  const { version } = engine
  const context = process.env.DOCKER_HOST ? `DOCKER_HOST=${process.env.DOCKER_HOST}` : `컨텍스트 ${await docker('context', 'show').catch(() => 'default')}`
  return [
    ...findings,
    { name: '도커 엔진', state: 'ok', says: `${version.engine} (${version.platform}), ${context}` },
    version.builder
      ? { name: '빌더', state: 'ok', says: version.builder }
      : { name: '빌더', state: 'warn', says: 'buildx가 없어 옛 빌더로 빌드합니다.', next: '데비안이라면 apt-get install docker-buildx, 그 밖에는 Docker 공식 문서의 buildx 설치를 따르세요.' },
    ...await Promise.all(images.map(checkImage)),
    await checkDisk(),
  ]
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return { name: 'Node.js', state: enough ? 'ok' : 'bad', says: process.versions.node, ...!enough && { next: 'npm ci를 다시 실행하세요. 이 프로젝트가 쓰는 Node.js 24가 함께 설치됩니다.' } }
}

function checkBrowser(): Finding {
  const path = findBrowser()
  return path
    ? { name: '브라우저', state: 'ok', says: path }
    : { name: '브라우저', state: 'warn', says: 'PDF를 만들 브라우저가 없습니다. 강의에는 지장이 없습니다.', next: 'npx playwright install chromium을 실행하거나, 데비안이라면 apt-get install chromium을 실행하세요.' }
}

async function checkImage(image: string): Promise<Finding> {
  const name = `베이스 이미지 ${image}`
  try {
    return await hasImage(image)
      ? { name, state: 'ok', says: '네트워크 없이 쓸 수 있습니다.' }
      : { name, state: 'bad', says: '이 엔진에 없습니다.', next: 'npm run doctor -- --prepare로 준비하세요.' }
  }
  catch (error) {
    const { says, next, detail } = problemOf(error)
    return { name, state: 'bad', says, next, ...detail !== undefined && { detail } }
  }
}

async function checkDisk(): Promise<Finding> {
  const root = await docker('info', '--format', '{{.DockerRootDir}}').catch(() => '')
  const stats = await statfs(root).catch(() => null)
  if (!stats)
    return { name: '디스크', state: 'ok', says: '엔진이 다른 기계나 가상 머신에 있어 확인하지 않았습니다.' }
  const free = stats.bavail * stats.bsize
  const says = `여유 ${(free / 1024 ** 3).toFixed(1)} GiB`
  return free >= ENOUGH_DISK
    ? { name: '디스크', state: 'ok', says }
    : { name: '디스크', state: 'warn', says: `${says}, 모자랄 수 있습니다.`, next: '공간을 비우세요. 이 강의가 만든 것은 npm run demo -- clean으로 지울 수 있습니다.' }
}

function print({ name, state, says, next, detail }: Finding): void {
  const mark = { ok: styleText('green', '✓'), warn: styleText('yellow', '!'), bad: styleText('red', '✗') }[state]
  console.log(`${mark} ${styleText('bold', name)}  ${says}`)
  if (next)
    console.log(`  → ${next}`)
  if (detail)
    console.log(styleText('dim', detail.replaceAll(/^/gm, '    ')))
}
