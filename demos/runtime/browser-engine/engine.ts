import type { Demo, Step } from '../../define.ts'
import type { Removed } from '../model/labels.ts'
import type { EngineVersion, RunEvent } from '../model/run-events.ts'
import type { Channel } from './channel.ts'
import { dockerProblem } from '../model/docker-problems.ts'
import { DEMO_LABEL, IMAGE_LABEL, labelled, RUN_LABEL, tagsOf } from '../model/labels.ts'
import { Run } from '../run/run.ts'

/** How many times a step's usual limit it may take in the guest, whose CPU is emulated. */
const PATIENCE = 6
/** After so many builds and runs there is little left to compile. */
const WARM_TURNS = 3

/** What the guest is: written by save.ts, read by the page that loads it. */
export interface Manifest {
  memoryMb: number
  version: EngineVersion
  /** Base images that are there. */
  images: string[]
  parts: { file: string, bytes: number, sha256: string }[]
}

/** What the guest has of a demo's files, by their names. */
export type Sent = Map<string, string>

/** The API's answer, of what we need (https://docs.docker.com/reference/api/engine/). */
interface Listed { Id: string, RepoTags?: string[] | null, Name?: string }

/** Runs a demo on the engine in the guest. What the guest has of its files is brought up to date first. */
export async function runInGuest(channel: Channel, version: EngineVersion, id: string, demo: Demo, files: Readonly<Record<string, string>>, sent: Sent, upTo: number, emit: (event: RunEvent, run: Run) => void): Promise<Run> {
  const folder = `/deck/${id}`
  for (const file of demo.files) {
    if (sent.get(file) !== files[file])
      await channel.put(`${folder}/${file}`, files[file] ?? '')
    sent.set(file, files[file] ?? '')
  }
  if (demo.files.length === 0)
    await channel.put(`${folder}/.keep`, '') // a command needs a folder to run in
  const run = crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(16).padStart(8, '0'), '').slice(0, 12)
  return new Run(run, id, demo, {
    version,
    patience: PATIENCE,
    label: command => labelled(command, id, run, 'tab'),
    skips: step => skips(channel, step),
    write: (file, text) => channel.put(`${folder}/${file}`, text),
    exec: (args, options) => channel.run(folder, args, options),
    sweep: async () => {
      await remove(channel, RUN_LABEL, run)
      if (tagsOf(demo.steps).length > 0) // what a rebuild has left without a name; its cache stays
        await channel.api('POST', `/images/prune?filters=${filters({ dangling: ['true'], label: [`${IMAGE_LABEL}=${id}`] })}`)
    },
    explain: (output) => {
      const problem = dockerProblem(output, true)
      return problem && `${problem.message} ${problem.hint}`
    },
  }, upTo, emit)
}

/** Removes what a demo has made in the guest, and counts it. */
export async function cleanGuest(channel: Channel, id: string): Promise<Removed> {
  const removed = await remove(channel, DEMO_LABEL, id)
  const images = await list(channel, `/images/json?filters=${filters({ label: [`${IMAGE_LABEL}=${id}`] })}`)
  const tags = images.flatMap(image => image.RepoTags ?? []).filter(tag => tag !== '<none>:<none>')
  for (const tag of tags)
    await channel.api('DELETE', `/images/${encodeURIComponent(tag)}`)
  return { ...removed, images: tags.length }
}

/**
 * Goes through what a demo does, until `signal` says that somebody wants to: the emulator compiles the engine's
 * code while it runs, and none of that is in the saved state. Nothing of it is left.
 */
export async function warmUp(channel: Channel, image: string, signal: AbortSignal): Promise<void> {
  const folder = '/deck/.warm'
  const options = { signal, timeoutMs: 300_000, onOutput: () => {} }
  let built = false // what is cut short in the build leaves nothing, and to ask the engine for it would cost the one who waits
  try {
    for (let turn = 0; turn < WARM_TURNS; turn++) {
      await channel.put(`${folder}/Dockerfile`, `FROM ${image}\nCOPY Dockerfile /\nRUN true ${turn}\n`)
      built = (await channel.run(folder, ['docker', 'image', 'build', '--quiet', '--label', `${IMAGE_LABEL}=warm`, '.'], options)).exitCode === 0 || built
      await channel.run(folder, ['docker', 'container', 'run', '--rm', '--label', `${RUN_LABEL}=warm`, image, 'true'], options)
    }
  }
  finally {
    if (built) {
      await remove(channel, RUN_LABEL, 'warm')
      await channel.api('POST', `/images/prune?filters=${filters({ dangling: ['true'], label: [`${IMAGE_LABEL}=warm`] })}`)
    }
  }
}

/** In the guest every step is on the engine's own machine; it is skipped where that has not got the program. */
async function skips(channel: Channel, { command: [program], host }: Step): Promise<string | null> {
  if (!host)
    return null
  const probe = host.probe ?? ['which', program]
  const { exitCode } = await channel.run('/', probe, { signal: new AbortController().signal, timeoutMs: 60_000, onOutput: () => {} }).catch(() => ({ exitCode: null }))
  return exitCode === 0 ? null : `브라우저 안의 리눅스에 ${program} 명령이 없습니다.`
}

function filters(by: Record<string, string[]>): string {
  return encodeURIComponent(JSON.stringify(by))
}

async function list(channel: Channel, path: string): Promise<Listed[]> {
  const { status, body } = await channel.api('GET', path)
  return status === 200 ? JSON.parse(body) as Listed[] : []
}

/** Removes the containers, networks and volumes that carry a label. */
async function remove(channel: Channel, label: string, value: string): Promise<Removed> {
  const by = filters({ label: [`${label}=${value}`] })
  const containers = await list(channel, `/containers/json?all=1&filters=${by}`)
  for (const { Id } of containers)
    await channel.api('DELETE', `/containers/${Id}?force=1&v=1`)
  const networks = await list(channel, `/networks?filters=${by}`)
  for (const { Id } of networks)
    await channel.api('DELETE', `/networks/${Id}`)
  return { containers: containers.length, images: 0, networks: networks.length, volumes: 0 }
}
