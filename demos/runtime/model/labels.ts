import type { Step } from '../../define.ts'
import { dockerCommand, madeImages } from './docker-command.ts'

/**
 * How the deck knows its own again, on any engine.
 * A container inherits its image's labels, so the two kinds have labels of their own:
 * what somebody starts from the deck's image is not the deck's.
 */
export const IMAGE_LABEL = 'ch01.image'
export const DEMO_LABEL = 'ch01.demo'
export const RUN_LABEL = 'ch01.run'
export const OWNER_LABEL = 'ch01.owner'

/** Images that the deck makes live under this prefix, also in a registry on this machine, so that nobody's own tag is overwritten. */
export const OWN_IMAGE = /^(?:localhost:\d+\/)?ch01\//

/** The commands that create something the deck can label, and whether it is an image. */
const makers: Readonly<Record<string, 'image' | 'object'>> = {
  'image build': 'image',
  'buildx build': 'image',
  'container run': 'object',
  'container create': 'object',
  'network create': 'object',
  'volume create': 'object',
}

/** A command with the labels by which what it creates is found again; `added` is the slice put in. */
export function labelled(
  command: readonly string[],
  { demo, run, owner }: { demo: string, run: string, owner: string },
): { args: string[], added: [from: number, to: number] } {
  const docker = dockerCommand(command)
  const maker = docker && makers[docker.verb]
  if (!maker)
    return { args: [...command], added: [0, 0] }
  const labels = maker === 'image'
    ? [`${IMAGE_LABEL}=${demo}`]
    : [`${DEMO_LABEL}=${demo}`, `${RUN_LABEL}=${run}`, `${OWNER_LABEL}=${owner}`]
  const flags = labels.flatMap(each => ['--label', each])
  const { at } = docker
  return { args: [...command.slice(0, at), ...flags, ...command.slice(at)], added: [at, at + flags.length] }
}

/** The image names that the commands would make. */
export function tagsOf(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap(({ command }) => madeImages(command)))]
}

/** The names of the volumes that the commands would make. */
export function volumesOf(steps: readonly Step[]): string[] {
  return steps.filter(({ command }) => dockerCommand(command)?.verb === 'volume create').map(({ command }) => command.at(-1)!)
}

/** What was removed, counted by kind. */
export interface Removed extends Record<'containers' | 'images' | 'networks' | 'volumes', number> {
  /** Names of what somebody uses and what was left for that. */
  inUse: string[]
  /** How many things were left because another deck that is open uses them. */
  ofOthers: number
}

/** What was removed, as one Korean sentence. */
export function removedText(removed: Removed): string {
  const parts = ([['images', '이미지'], ['containers', '컨테이너'], ['networks', '네트워크'], ['volumes', '볼륨']] as const)
    .filter(([kind]) => removed[kind] > 0)
    .map(([kind, name]) => `${name} ${removed[kind]}개`)
  return [
    parts.length === 0 ? '지울 것이 없습니다.' : `${parts.join(', ')}를 지웠습니다.`,
    ...removed.inUse.length > 0 ? [`쓰이고 있어 남겼습니다: ${removed.inUse.join(', ')}.`] : [],
    ...removed.ofOthers > 0 ? [`열려 있는 다른 덱의 것 ${removed.ofOthers}개를 남겼습니다.`] : [],
  ].join(' ')
}
