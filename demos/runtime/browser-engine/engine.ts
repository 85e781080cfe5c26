import type { Demo, Step } from '../../define.ts'
import type { EngineVersion, RunEvent } from '../model/run-events.ts'
import type { Channel } from './channel.ts'
import { byFilters, post } from '../engine/api.ts'
import { sweepRun } from '../engine/ledger.ts'
import { dockerProblem } from '../model/docker-problems.ts'
import { IMAGE_LABEL, labelled, RUN_LABEL, tagsOf } from '../model/labels.ts'
import { Run } from '../run/run.ts'

/** How many times a step's usual limit it may take in the guest, whose CPU is emulated. */
const PATIENCE = 6
/** After so many builds and runs there is little left to compile. */
const WARM_TURNS = 3
/** The longest of them, in milliseconds. */
const WARM_TIMEOUT_MS = 300_000
/** Time that the probe of a program may take, in milliseconds. */
const PROBE_TIMEOUT_MS = 60_000
/** What the labels of the deck's own containers say in the guest, where there is but one process that makes any. */
const OWNER = 'tab'

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

export interface BrowserRunOptions {
  channel: Channel
  version: EngineVersion
  demoId: string
  demo: Demo
  /** The demo's files as they stand now, by name. */
  files: Readonly<Record<string, string>>
  /** What the guest has of them; brought up to date first. */
  sent: Sent
  /** The last step, 0-based, that runs before {@link Run.advance} is called; all of them when left out. */
  upTo?: number | undefined
  onEvent: (event: RunEvent, run: Run) => void
}

/** Starts a run on the engine in the tab. */
export async function startBrowserRun({ channel, version, demoId, demo, files, sent, upTo, onEvent }: BrowserRunOptions): Promise<Run> {
  const folder = `/deck/${demoId}`
  for (const file of demo.files) {
    if (sent.get(file) !== files[file])
      await channel.put(`${folder}/${file}`, files[file] ?? '')
    sent.set(file, files[file] ?? '')
  }
  if (demo.files.length === 0)
    await channel.put(`${folder}/.keep`, '') // a command needs a folder to run in
  const id = [...crypto.getRandomValues(new Uint8Array(6))].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return new Run({
    id,
    demoId,
    demo,
    upTo,
    onEvent,
    engine: {
      version,
      patience: PATIENCE,
      files: () => files,
      label: command => labelled(command, { demo: demoId, run: id, owner: OWNER }),
      skips: step => skips(channel, step),
      write: (file, text) => channel.put(`${folder}/${file}`, text),
      exec: (args, options) => channel.run(folder, args, options),
      sweep: async () => {
        await sweepRun(channel, id)
        if (tagsOf(demo.steps).length > 0)
          await pruneImages(channel, demoId)
      },
      explain: (output) => {
        const problem = dockerProblem(output, { inTab: true })
        return problem && `${problem.message} ${problem.hint}`
      },
    },
  })
}

/**
 * Goes through what a demo does, until `signal` says that somebody wants to: the emulator compiles the engine's
 * code while it runs, and none of that is in the saved state. Nothing of it is left.
 */
export async function warmUp(channel: Channel, image: string, signal: AbortSignal): Promise<void> {
  const folder = '/deck/.warm'
  const options = { signal, timeoutMs: WARM_TIMEOUT_MS, onOutput: () => {} }
  const build = ['docker', 'image', 'build', '--quiet', '--label', `${IMAGE_LABEL}=warm`, '.']
  const run = ['docker', 'container', 'run', '--rm', '--label', `${RUN_LABEL}=warm`, image, 'true']
  let built = false // a build that is cut short leaves nothing, and asking the engine for it would cost the reader who waits
  try {
    for (let turn = 0; turn < WARM_TURNS; turn++) {
      await channel.put(`${folder}/Dockerfile`, `FROM ${image}\nCOPY Dockerfile /\nRUN true ${turn}\n`)
      built = (await channel.run(folder, build, options)).exitCode === 0 || built
      await channel.run(folder, run, options)
    }
  }
  finally {
    if (built) {
      await sweepRun(channel, 'warm')
      await pruneImages(channel, 'warm')
    }
  }
}

/** Removes what a rebuild has left without a name; the build cache stays. In the tab nobody else has images. */
async function pruneImages(channel: Channel, demoId: string): Promise<void> {
  await post(channel, `/images/prune?${byFilters({ dangling: ['true'], label: [`${IMAGE_LABEL}=${demoId}`] })}`)
}

/** In the guest every step is on the engine's own machine; it is skipped where that has not got the program. */
async function skips(channel: Channel, { command: [program], host }: Step): Promise<string | null> {
  if (!host)
    return null
  const probe = host.probe ?? ['which', program]
  const options = { signal: new AbortController().signal, timeoutMs: PROBE_TIMEOUT_MS, onOutput: () => {} }
  const { exitCode } = await channel.run('/', probe, options).catch(() => ({ exitCode: null }))
  return exitCode === 0 ? null : `브라우저 안의 리눅스에 ${program} 명령이 없습니다.`
}
