import type { Demo } from '../../define.ts'
import type { EngineVersion, RunEvent } from '../model/run-events.ts'
import type { WorkingCopy } from '../run/working-copy.ts'
import { randomBytes } from 'node:crypto'
import { dockerProblem } from '../model/docker-problems.ts'
import { tagsOf, volumesOf } from '../model/labels.ts'
import { redactStream } from '../run/redact.ts'
import { Run } from '../run/run.ts'
import { answered, exec, skips } from './docker.ts'
import { checkImages, checkVolumes, label, removeReplaced, sweepRun } from './ledger.ts'
import { PODMAN_ENV, podmanCannot, podmanVersion } from './podman.ts'
import { startSpawner } from './spawn.ts'

/**
 * Starts a run on the engine that the docker CLI reaches.
 * @throws {ProblemError} when a base image is missing or a name is taken by a foreign image; nothing has run then.
 */
export async function startRun(id: string, demo: Demo, version: EngineVersion, copy: WorkingCopy, upTo: number, emit: (event: RunEvent, run: Run) => void): Promise<Run> {
  const before = await checkImages(demo.baseImages, tagsOf(demo.steps))
  await checkVolumes(volumesOf(demo.steps))
  await startSpawner()
  const env = podmanVersion(version) === null ? {} : PODMAN_ENV
  const run = randomBytes(6).toString('hex')
  return new Run(run, id, demo, {
    version,
    patience: 1,
    label: command => label(command, id, run),
    skips: async step => podmanCannot(demo, version) ?? skips(step),
    write: (file, text) => copy.edit(file, text),
    exec: (args, options) => exec(args, copy.folder, options, env),
    answered,
    redactStream,
    sweep: async () => {
      await sweepRun(run)
      await removeReplaced(before)
    },
    explain: (output) => {
      const problem = dockerProblem(output)
      return problem && `${problem.message} ${problem.hint}`
    },
  }, upTo, emit)
}
