import type { Removed } from '../model/labels.ts'
import { withParticle } from '../model/korean.ts'
import { DEMO_LABEL, IMAGE_LABEL, labelled, OWNER_LABEL, RUN_LABEL } from '../model/labels.ts'
import { ProblemError } from '../model/problem.ts'
import { isDead, owner } from '../run/process-name.ts'
import { docker, dockerWithin, inspectImage } from './docker.ts'

/** Images that the deck makes live under this prefix, also in a registry on this machine, so that nobody's own tag is overwritten. */
const IMAGE_PREFIX = /^(?:localhost:\d+\/)?ch01\//

/** Time that removing may take, in milliseconds: Podman waits 10 s for a container to stop, and a large image takes its time. */
const REMOVE_TIMEOUT_MS = 30_000

/** What the deck has created on the engine, and nothing else. */
export interface Ledger {
  containers: { id: string, name: string, image: string, status: string, demo: string }[]
  images: { id: string, tag: string, demo: string }[]
  networks: { id: string, name: string, demo: string }[]
  volumes: { name: string, demo: string }[]
}

/** A command with the labels by which what it creates is found again; `added` is the slice put in. */
export function label(command: readonly string[], demo: string, run: string): { args: string[], added: [from: number, to: number] } {
  return labelled(command, demo, run, owner)
}

/**
 * Asks whether a run may begin: base images there, and no foreign image under a name that it makes.
 * Gives the ids that its names have now.
 * @throws {ProblemError} when one is missing or foreign.
 */
export async function checkImages(baseImages: readonly string[], tags: readonly string[]): Promise<Map<string, string>> {
  const wrong = tags.find(tag => !IMAGE_PREFIX.test(tag))
  if (wrong !== undefined)
    throw new ProblemError({ message: `이미지 이름 ${withParticle(wrong, '은/는')} ch01/로 시작해야 합니다.`, hint: 'demo.ts의 이미지 이름을 고치세요.' })
  const images = await inspect([...baseImages, ...tags])
  const missing = baseImages.find(name => !images.has(name))
  if (missing !== undefined)
    throw new ProblemError({ message: `베이스 이미지 ${withParticle(missing, '이/가')} 이 엔진에 없습니다.`, hint: '터미널에서 npm run doctor -- --prepare를 실행한 뒤 다시 시도하세요.' })
  const foreign = tags.find(tag => images.has(tag) && !images.get(tag)!.labels[IMAGE_LABEL])
  if (foreign !== undefined)
    throw new ProblemError({ message: `이 강의가 만들지 않은 이미지 ${withParticle(foreign, '이/가')} 이미 있습니다. 덮어쓰지 않았습니다.`, hint: `docker image tag ${foreign} 다른이름으로 옮기고 docker image rm ${withParticle(foreign, '을/를')} 실행하세요.` })
  return new Map(tags.filter(tag => images.has(tag)).map(tag => [tag, images.get(tag)!.id]))
}

/**
 * Asks whether a run may make its volumes. A container's or a network's name that is taken makes the command fail;
 * `docker volume create` takes somebody else's volume for its own.
 * @throws {ProblemError} when a volume of that name is foreign.
 */
export async function checkVolumes(names: readonly string[]): Promise<void> {
  if (names.length === 0)
    return
  const [all, ours] = await Promise.all([[], ['--filter', `label=${DEMO_LABEL}`]].map(async filter => (await docker('volume', 'ls', '--quiet', ...filter)).split('\n')))
  const foreign = names.find(name => all!.includes(name) && !ours!.includes(name))
  if (foreign !== undefined)
    throw new ProblemError({ message: `이 강의가 만들지 않은 볼륨 ${withParticle(foreign, '이/가')} 이미 있습니다. 건드리지 않았습니다.`, hint: `필요 없는 것이라면 docker volume rm ${withParticle(foreign, '을/를')} 실행한 뒤 다시 시도하세요.` })
}

interface ImageFacts { id: string, labels: Record<string, string>, tags: string[] }

/** Facts of those of the images that exist, by the name asked for. */
async function inspect(names: string[]): Promise<Map<string, ImageFacts>> {
  const found = await Promise.all(names.map(async (name) => {
    const image = await inspectImage(name)
    return image && [name, { id: image.Id, labels: image.Config.Labels ?? {}, tags: image.RepoTags ?? [] }] as const
  }))
  return new Map(found.filter(entry => entry !== null))
}

/** Lines of JSON, as `--format json` prints them. */
function rows(text: string): Record<string, string>[] {
  return text.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, string>)
}

function labelValue(labels: string | undefined, name: string): string {
  return labels?.split(',').find(each => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

/**
 * Reads the ledger from the engine, of one demo or of all.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function readLedger(demo?: string): Promise<Ledger> {
  const by = (name: string): string[] => ['--filter', `label=${name}${demo === undefined ? '' : `=${demo}`}`]
  const json = ['--no-trunc', '--format', '{{json .}}']
  const [containers, images, networks, volumes] = await Promise.all([
    docker('container', 'ls', '--all', ...by(DEMO_LABEL), '--filter', `label=${RUN_LABEL}`, ...json),
    docker('image', 'ls', ...by(IMAGE_LABEL), ...json),
    docker('network', 'ls', ...by(DEMO_LABEL), ...json),
    docker('volume', 'ls', ...by(DEMO_LABEL), '--format', '{{json .}}'),
  ])
  const tagged = rows(images).filter(row => IMAGE_PREFIX.test(row.Repository!))
  const facts = await inspect(tagged.map(row => `${row.Repository}:${row.Tag}`))
  return {
    containers: rows(containers).map(row => ({ id: row.ID!, name: row.Names!, image: row.Image!, status: row.Status!, demo: labelValue(row.Labels, DEMO_LABEL) })),
    images: [...facts].map(([tag, { id, labels }]) => ({ id, tag, demo: labels[IMAGE_LABEL]! })),
    networks: rows(networks).map(row => ({ id: row.ID!, name: row.Name!, demo: labelValue(row.Labels, DEMO_LABEL) })),
    volumes: rows(volumes).map(row => ({ name: row.Name!, demo: labelValue(row.Labels, DEMO_LABEL) })),
  }
}

/**
 * Removes exactly the ledger, of one demo or of all, and counts it.
 * An image that somebody has given a name of their own keeps that name.
 */
export async function clean(demo?: string): Promise<Removed> {
  const ledger = await readLedger(demo)
  await removeContainers(ledger.containers.map(each => each.id))
  await removeAll(['image', 'rm'], ledger.images.map(each => each.tag))
  await removeAll(['network', 'rm'], ledger.networks.map(each => each.id))
  await removeAll(['volume', 'rm'], ledger.volumes.map(each => each.name))
  return { containers: ledger.containers.length, images: ledger.images.length, networks: ledger.networks.length, volumes: ledger.volumes.length }
}

async function removeAll(command: string[], targets: string[]): Promise<void> {
  if (targets.length > 0)
    await dockerWithin(REMOVE_TIMEOUT_MS, ...command, ...targets)
}

/** Removes containers and their volumes; one that somebody else is removing already is waited for. */
async function removeContainers(ids: string[]): Promise<void> {
  try {
    await removeAll(['container', 'rm', '--force', '--volumes'], ids)
  }
  catch (error) {
    const lines = error instanceof ProblemError ? error.problem.detail?.split('\n') : undefined
    if (!lines?.every(line => /removal of container \S+ is already in progress|no such container/i.test(line)))
      throw error
    const end = performance.now() + REMOVE_TIMEOUT_MS
    while ((await docker('container', 'ls', '--all', '--quiet', ...ids.flatMap(id => ['--filter', `id=${id}`]))) !== '') {
      if (performance.now() > end)
        throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

/** Removes the containers, networks and volumes that one run has left. */
export async function sweepRun(run: string): Promise<void> {
  await sweep(`label=${RUN_LABEL}=${run}`)
}

async function sweep(...filters: string[]): Promise<void> {
  const by = filters.flatMap(each => ['--filter', each])
  const ids = async (...command: string[]): Promise<string[]> => (await docker(...command, ...by, '--quiet')).split('\n').filter(line => line !== '')
  const [containers, networks, volumes] = await Promise.all([ids('container', 'ls', '--all'), ids('network', 'ls'), ids('volume', 'ls')])
  await removeContainers(containers)
  await removeAll(['network', 'rm'], networks)
  await removeAll(['volume', 'rm'], volumes)
}

/**
 * Removes what decks of this machine that died have left running, and what is left of this one's runs
 * that have ended: an engine that was away could not be swept. Their images stay as the cache.
 * @returns how many containers, networks and volumes it was.
 */
export async function sweepOrphans(ended: ReadonlySet<string> = new Set()): Promise<number> {
  const { containers, networks, volumes } = await readLedger()
  const all = [
    ...await makersOf('container', containers.map(each => each.id)),
    ...await makersOf('network', networks.map(each => each.id)),
    ...await makersOf('volume', volumes.map(each => each.name)),
  ]
  const orphans = all.filter(({ by, run }) => by === owner ? ended.has(run) : isDead(by))
  for (const [by, run] of new Map(orphans.map(({ by, run }) => [`${by} ${run}`, [by, run] as const])).values())
    await sweep(`label=${OWNER_LABEL}=${by}`, `label=${RUN_LABEL}=${run}`)
  return orphans.length
}

/** Which process and which run have made each of them. */
async function makersOf(kind: 'container' | 'network' | 'volume', targets: string[]): Promise<{ by: string, run: string }[]> {
  if (targets.length === 0)
    return []
  const labels = kind === 'container' ? '.Config.Labels' : '.Labels'
  const lines = await docker(kind, 'inspect', '--format', `{{index ${labels} "${OWNER_LABEL}"}} {{index ${labels} "${RUN_LABEL}"}}`, ...targets)
  return lines.split('\n').map((line) => {
    const [by = '', run = ''] = line.split(' ')
    return { by, run }
  })
}

/** Removes images that a rebuild has left without any name, given the ids that the names had before. */
export async function removeReplaced(before: ReadonlyMap<string, string>): Promise<void> {
  const images = await inspect([...before.values()])
  const nameless = [...images.values()].filter(({ tags }) => tags.length === 0).map(({ id }) => id)
  await removeAll(['image', 'rm'], nameless)
}
