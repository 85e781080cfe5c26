import type { Demo } from '../../define.ts'
import type { RunEvent } from '../model/run-events.ts'
import type { WorkingCopy } from '../run/working-copy.ts'
import type { DockerEngine } from './docker.ts'
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { dockerProblem } from '../model/docker-problems.ts'
import { labelled, tagsOf, volumesOf } from '../model/labels.ts'
import { processName } from '../run/process-name.ts'
import { Redactor } from '../run/redact.ts'
import { Run } from '../run/run.ts'
import { answered, skips } from './host.ts'
import { removeReplaced, sweepRun } from './ledger.ts'
import { checkImages, checkVolumes } from './names.ts'
import { podmanCannot } from './podman.ts'

/**
 * How often, and after what pause in milliseconds, a run is swept again whose command was cut off: an engine that has been
 * asked for a container makes it, whether or not the asking docker CLI is still there.
 */
const LATE_SWEEPS = 10
const LATE_SWEEP_MS = 100

export interface StartOptions {
  engine: DockerEngine
  demoId: string
  demo: Demo
  copy: Pick<WorkingCopy, 'folder' | 'files' | 'restore' | 'written' | 'edit'>
  /** The last step, 0-based, that runs before {@link Run.advance} is called; all of them when left out. */
  upTo?: number
  /** How many times its usual limit a step may take; once when left out. */
  patience?: number
  onEvent: (event: RunEvent, run: Run) => void
}

/**
 * Starts a run on an engine that the docker CLI reaches.
 * @throws {ProblemError} when a base image is missing or a name is taken by a foreign image; nothing has run then.
 */
export async function startRun({ engine, demoId, demo, copy, upTo, patience = 1, onEvent }: StartOptions): Promise<Run> {
  const { api, version } = engine
  const [before] = await Promise.all([
    checkImages(api, { baseImages: demo.baseImages, tags: tagsOf(demo.steps) }),
    checkVolumes(api, volumesOf(demo.steps)),
    engine.prepare(),
    copy.restore().then(copy.written),
  ])
  const id = randomBytes(6).toString('hex')
  const redactor = new Redactor(engine.buildEnv) // all that any command gets
  return new Run({
    id,
    demoId,
    demo,
    upTo,
    onEvent,
    engine: {
      version,
      patience,
      files: () => copy.files,
      label: command => labelled(command, { demo: demoId, run: id, owner: processName() }),
      skips: async step => podmanCannot(demo, version) ?? skips(engine, step),
      write: (file, text) => copy.edit(file, text),
      exec: (args, options) => engine.exec(args, { ...options, cwd: copy.folder }),
      answered: (address, signal) => answered(engine, address, signal),
      redactStream: sink => redactor.stream(sink),
      sweep: async (isCutOff) => {
        await sweepRun(api, id)
        const more = isCutOff ? LATE_SWEEPS : 0
        for (let turn = 0; turn < more; turn++) {
          await setTimeout(LATE_SWEEP_MS)
          await sweepRun(api, id)
        }
        await removeReplaced(api, before)
      },
      explain: (output) => {
        const problem = dockerProblem(output, { baseImages: demo.baseImages })
        return problem && `${problem.message} ${problem.hint}`
      },
    },
  })
}
