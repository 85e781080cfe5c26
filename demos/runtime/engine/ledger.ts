import type { Removed } from '../model/labels.ts'
import type { LedgerEntry } from '../model/ledger-text.ts'
import type { ApiResponse, EngineApi } from './api.ts'
import { DEMO_LABEL, IMAGE_LABEL, OWN_IMAGE, OWNER_LABEL, RUN_LABEL } from '../model/labels.ts'
import { ProblemError } from '../model/problem.ts'
import { accepted, byFilters, get, inspectImage } from './api.ts'

/**
 * What the deck has created on an engine, and nothing else, found by its labels over the Engine API: to list and to remove. It is
 * the same for the engine that the docker CLI reaches and for the one in the tab.
 */

/** Podman spells out the registry that Docker leaves out. */
const DEFAULT_REGISTRY = /^docker\.io\/(?:library\/)?/

/** Time that removing may take, in milliseconds: Podman waits 10 s for a container to stop, and a large image takes its time. */
const REMOVE_TIMEOUT_MS = 30_000
/** The pause before a container that somebody else is removing is asked for again, in milliseconds. */
const REMOVE_PAUSE_MS = 100

/** What may be in the ledger besides what its label says. */
export interface LedgerOptions {
  /** The tags that demos make, in full: an image made from ours inherits its label. Without them all of `ch01/` is ours. */
  tags?: ReadonlySet<string> | undefined
}

/** By which process and in which run something was made; empty where its label is missing. */
export interface Maker {
  owner: string
  run: string
}

export interface Ledger {
  containers: (Maker & { id: string, name: string, image: string, status: string, demo: string })[]
  images: { id: string, tag: string, demo: string }[]
  networks: (Maker & { id: string, name: string, demo: string })[]
  volumes: (Maker & { name: string, demo: string })[]
}

type Labels = Record<string, string> | null | undefined

/** What the API lists, of what the deck needs. */
interface ListedContainer { Id: string, Names: string[] | null, Image: string, ImageID: string, Status: string, Labels: Labels }
interface ListedImage { Id: string, RepoTags: string[] | null, Labels: Labels }
interface ListedNetwork { Id: string, Name: string, Labels: Labels }
interface ListedVolume { Name: string, Labels: Labels }

/** `GET /system/df`; a size that the engine has not reckoned is -1 or missing. */
interface DiskUsage {
  Images?: { Id: string, Size: number, SharedSize: number }[] | null
  Containers?: { Id: string, SizeRw?: number }[] | null
  Volumes?: { Name: string, UsageData?: { Size: number } | null }[] | null
}

/**
 * Reads the ledger from the engine, of one demo or of all.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function readLedger(api: EngineApi, { demo, tags }: LedgerOptions & { demo?: string | undefined } = {}): Promise<Ledger> {
  const label = (name: string): string => demo === undefined ? name : `${name}=${demo}`
  const [containers, images, networks, volumes] = await Promise.all([
    get<ListedContainer[]>(api, `/containers/json?all=1&${byFilters({ label: [label(DEMO_LABEL), RUN_LABEL] })}`),
    get<ListedImage[]>(api, `/images/json?${byFilters({ label: [label(IMAGE_LABEL)] })}`),
    get<ListedNetwork[]>(api, `/networks?${byFilters({ label: [label(DEMO_LABEL)] })}`),
    get<{ Volumes: ListedVolume[] | null }>(api, `/volumes?${byFilters({ label: [label(DEMO_LABEL)] })}`),
  ])
  return {
    containers: (await withOwnLabels(api, containers ?? [])).map(({ Id, Names, Image, Status, Labels }) =>
      ({ id: Id, name: Names?.[0]?.replace(/^\//, '') ?? '', image: Image, status: Status, ...madeBy(Labels) })),
    images: (images ?? []).flatMap(({ Id, RepoTags, Labels }) =>
      namesOf(RepoTags)
        .filter(tag => OWN_IMAGE.test(tag) && tags?.has(tag) !== false)
        .map(tag => ({ id: Id, tag, demo: Labels?.[IMAGE_LABEL] ?? '' }))),
    networks: (networks ?? []).map(({ Id, Name, Labels }) => ({ id: Id, name: Name, ...madeBy(Labels) })),
    volumes: (volumes?.Volumes ?? []).map(({ Name, Labels }) => ({ name: Name, ...madeBy(Labels) })),
  }
}

/**
 * The ledger with what each thing costs on disk. What an image shares with another counts for neither.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function readLedgerEntries(api: EngineApi, options?: LedgerOptions): Promise<LedgerEntry[]> {
  const [{ containers, images, networks, volumes }, sizes] = await Promise.all([readLedger(api, options), diskSizes(api)])
  return [
    ...images.map(({ id, tag, demo }) => ({ kind: '이미지', name: tag, demo, bytes: sizes.get(bareId(id)) ?? null }) as const),
    ...containers.map(({ id, name, demo }) => ({ kind: '컨테이너', name, demo, bytes: sizes.get(id) ?? null }) as const),
    ...networks.map(({ name, demo }) => ({ kind: '네트워크', name, demo, bytes: 0 }) as const),
    ...volumes.map(({ name, demo }) => ({ kind: '볼륨', name, demo, bytes: sizes.get(name) ?? null }) as const),
  ]
}

/**
 * Removes exactly the ledger, of one demo or of all, and counts it. What somebody uses is left, and so is what another
 * deck that is open has made, by `isOfOthers`. An image that somebody has given a name of their own keeps that name.
 * @throws {ProblemError} when the engine refuses to remove something for another reason; the rest has been removed then.
 */
export async function clean(
  api: EngineApi,
  { demo, tags, isOfOthers = () => false }: LedgerOptions & { demo?: string | undefined, isOfOthers?: (owner: string) => boolean } = {},
): Promise<Removed> {
  const ledger = await readLedger(api, { demo, tags })
  const isOurs = ({ owner }: Maker): boolean => !isOfOthers(owner)
  const { images } = ledger
  const [containers, networks, volumes] = [ledger.containers.filter(isOurs), ledger.networks.filter(isOurs), ledger.volumes.filter(isOurs)]
  const inUse: { kind: 'images' | 'networks' | 'volumes', name: string }[] = []
  const removeUnused = (kind: 'images' | 'networks' | 'volumes', name: string, id = name) => async (): Promise<void> => {
    if (!await remove(api, `/${kind}/${encodeURIComponent(id)}`))
      inUse.push({ kind, name })
  }
  await removeAll([
    containers.map(({ id }) => () => removeContainer(api, id)),
    ...images.map(({ tag }) => [removeUnused('images', tag)]), // one may be the other's parent
    networks.map(({ id, name }) => removeUnused('networks', name, id)),
    volumes.map(({ name }) => removeUnused('volumes', name)),
  ])
  const used = (kind: string): number => inUse.filter(each => each.kind === kind).length
  return {
    containers: containers.length,
    images: images.length - used('images'),
    networks: networks.length - used('networks'),
    volumes: volumes.length - used('volumes'),
    inUse: inUse.map(({ name }) => name),
    ofOthers: [ledger.containers, ledger.networks, ledger.volumes].flat().length - containers.length - networks.length - volumes.length,
  }
}

/** Those of the containers that have the run's label themselves: one that somebody makes of a committed container inherits it. */
async function withOwnLabels(api: EngineApi, containers: readonly ListedContainer[]): Promise<ListedContainer[]> {
  const ids = [...new Set(containers.map(({ ImageID }) => ImageID))]
  const inherited = new Map(await Promise.all(ids.map(
    async id => [id, (await inspectImage(api, id))?.Config.Labels?.[RUN_LABEL]] as const,
  )))
  return containers.filter(({ ImageID, Labels }) => inherited.get(ImageID) === undefined || inherited.get(ImageID) !== Labels?.[RUN_LABEL])
}

/** Removes the containers, networks and volumes that one run has left. */
export async function sweepRun(api: EngineApi, run: string): Promise<void> {
  await sweep(api, `${RUN_LABEL}=${run}`)
}

/**
 * Removes the containers, networks and volumes of runs that nobody carries on, such as those of a deck that died.
 * Their images stay as the cache.
 * @returns how many containers, networks and volumes it was.
 */
export async function sweepOrphans(api: EngineApi, isOrphan: (maker: Maker) => boolean): Promise<number> {
  const { containers, networks, volumes } = await readLedger(api)
  const orphans = [...containers, ...networks, ...volumes].filter(isOrphan)
  const makers = new Map(orphans.map(({ owner, run }) => [`${owner} ${run}`, { owner, run }]))
  for (const { owner, run } of makers.values())
    await sweep(api, `${OWNER_LABEL}=${owner}`, `${RUN_LABEL}=${run}`)
  return orphans.length
}

/** Removes images that a rebuild has left without any name, given the ids that the names had before. */
export async function removeReplaced(api: EngineApi, before: ReadonlyMap<string, string>): Promise<void> {
  const images = await Promise.all([...new Set(before.values())].map(id => inspectImage(api, id)))
  const nameless = images.filter(image => image !== null && namesOf(image.RepoTags).length === 0)
  await removeAll([nameless.map(image => () => remove(api, `/images/${image!.Id}`))])
}

async function sweep(api: EngineApi, ...labels: string[]): Promise<void> {
  const by = byFilters({ label: labels })
  const [containers, networks, volumes] = await Promise.all([
    get<ListedContainer[]>(api, `/containers/json?all=1&${by}`),
    get<ListedNetwork[]>(api, `/networks?${by}`),
    get<{ Volumes: ListedVolume[] | null }>(api, `/volumes?${by}`),
  ])
  await removeAll([
    (await withOwnLabels(api, containers ?? [])).map(({ Id }) => () => removeContainer(api, Id)),
    (networks ?? []).map(({ Id }) => () => remove(api, `/networks/${Id}`)),
    (volumes?.Volumes ?? []).map(({ Name }) => () => remove(api, `/volumes/${encodeURIComponent(Name)}`)),
  ])
}

/** Removes one group after the other: a network in which a container runs cannot go. What is refused does not stop the rest. */
async function removeAll(groups: readonly (readonly (() => Promise<unknown>)[])[]): Promise<void> {
  const refused: unknown[] = []
  for (const group of groups) {
    for (const result of await Promise.allSettled(group.map(each => each()))) {
      if (result.status === 'rejected')
        refused.push(result.reason)
    }
  }
  if (refused.length > 0)
    throw refused[0]
}

/** Removes what lies at a path; what is not there any more is no failure. False when somebody uses it. */
async function remove(api: EngineApi, path: string): Promise<boolean> {
  const response = await api.request('DELETE', path, { timeoutMs: REMOVE_TIMEOUT_MS })
  const used = response.status === 409 || (response.status === 403 && /active endpoints/.test(response.body))
  if (response.status !== 404 && !used)
    accepted(response)
  return !used
}

/** Removes a container and its anonymous volumes; one that somebody else is removing already (409) is waited for. */
async function removeContainer(api: EngineApi, id: string): Promise<void> {
  const response: ApiResponse = await api.request('DELETE', `/containers/${id}?force=1&v=1`, { timeoutMs: REMOVE_TIMEOUT_MS })
  if (response.status === 404)
    return
  if (response.status !== 409)
    return void accepted(response)
  const end = performance.now() + REMOVE_TIMEOUT_MS
  while (await get(api, `/containers/${id}/json`) !== null) {
    if (performance.now() > end)
      accepted(response)
    await new Promise(resolve => setTimeout(resolve, REMOVE_PAUSE_MS))
  }
}

/** Sizes in bytes as `docker system df` reckons them, by id or name; none when it takes too long or the engine does not say. */
async function diskSizes(api: EngineApi): Promise<Map<string, number>> {
  try {
    const { Images, Containers, Volumes } = await get<DiskUsage>(api, '/system/df') ?? {}
    const sizes = [
      ...(Images ?? []).map(({ Id, Size, SharedSize }) => [bareId(Id), SharedSize < 0 ? -1 : Size - SharedSize] as const),
      ...(Containers ?? []).map(({ Id, SizeRw = 0 }) => [Id, SizeRw] as const),
      ...(Volumes ?? []).map(({ Name, UsageData }) => [Name, UsageData?.Size ?? -1] as const),
    ]
    return new Map(sizes.filter(([, bytes]) => bytes >= 0))
  }
  catch (error) {
    if (error instanceof ProblemError)
      return new Map()
    throw error
  }
}

function madeBy(labels: Labels): Maker & { demo: string } {
  return { demo: labels?.[DEMO_LABEL] ?? '', owner: labels?.[OWNER_LABEL] ?? '', run: labels?.[RUN_LABEL] ?? '' }
}

/** Podman leaves the algorithm out in one place and not in another. */
function bareId(id: string): string {
  return id.replace(/^sha256:/, '')
}

/** An image's names as the docker CLI shows them. */
function namesOf(tags: readonly string[] | null): string[] {
  return (tags ?? []).filter(tag => tag !== '<none>:<none>').map(tag => tag.replace(DEFAULT_REGISTRY, ''))
}
