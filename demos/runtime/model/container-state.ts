import type { StepState } from './run-events.ts'

/** What has become of the container that a run's steps make. */
export type ContainerState = 'none' | 'created' | 'running' | 'exited' | 'removed'

/** The steps that a container's life is told by, as far as a demo has them. */
export interface LifeSteps {
  create?: StepState | undefined
  /** `docker container run` or `start`. */
  run?: StepState | undefined
  remove?: StepState | undefined
}

/** What has become of a container, from the steps that create, run and remove it; one that runs with `--rm` goes when it ends. */
export function containerState({ create, run, remove }: LifeSteps): ContainerState {
  if (remove?.status === 'passed')
    return 'removed'
  if (!run || ['idle', 'skipped'].includes(run.status))
    return create?.status === 'passed' ? 'created' : 'none'
  if (run.status === 'running')
    return 'running'
  if (run.args.includes('--rm') || create?.args.includes('--rm'))
    return 'removed'
  return run.status === 'passed' && run.args.some(arg => arg === '-d' || arg === '--detach') ? 'running' : 'exited'
}
