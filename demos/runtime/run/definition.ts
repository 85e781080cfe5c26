import type { Demo, Falsehood, Step } from '../../define.ts'
import type { Fault } from './definition-shape.ts'
import { dockerCommand, imageWords, madeImages, repositoryOf, unaccountable } from '../model/docker-command.ts'
import { withParticle } from '../model/korean.ts'
import { OWN_IMAGE } from '../model/labels.ts'
import { STEP_REFERENCE } from '../model/steps.ts'
import { faultsOfShape } from './definition-shape.ts'

/**
 * All that is wrong in a definition, first its shape, then what its parts mean for each other.
 * `files` reads a file of the demo's folder, and gives null where there is none.
 */
export async function faultsOf(definition: unknown, files: (path: string) => Promise<string | null>): Promise<Fault[]> {
  const faults = faultsOfShape(definition)
  return faults.length > 0 ? faults : [...faultsOfSteps(definition as Demo), ...await faultsOfFiles(definition as Demo, files)]
}

const SHELL_WORD = /^(?:\||\|\||&&|[&;<]|\d?>{1,2}|2>&1)$/
/** Programs that reach an engine without the docker CLI. */
const OTHER_CLI = /^(?:docker-compose|podman|nerdctl|ctr|buildah|crictl)$/

function faultsOfSteps(demo: Demo): Fault[] {
  const faults: Fault[] = []
  const at = (message: string, ...path: (string | number)[]): unknown => faults.push({ path: ['steps', ...path], message })
  if (demo.steps.every(({ expect = [] }) => expect.length === 0))
    faults.push({ path: ['steps'], message: '어느 단계에도 expect가 없습니다. 증명하려는 것이 출력에 어떻게 나타나는지 적으세요.' })

  for (const [index, step] of demo.steps.entries()) {
    const { command, expect = [] } = step
    const earlier = demo.steps.slice(0, index).map(({ id }) => id)
    if (earlier.includes(step.id))
      at(`id ${withParticle(step.id, '이/가')} 앞에 또 있습니다.`, index, 'id')
    for (const [each, { sameAs, differsFrom }] of expect.entries()) {
      for (const [key, id] of Object.entries({ sameAs, differsFrom })) {
        if (id !== undefined && !earlier.includes(id))
          at(notEarlier(id, earlier), index, 'expect', each, key)
      }
    }
    faults.push(
      ...faultsOfCommand(demo, command, { earlier, path: ['steps', index, 'command'] }),
      ...faultsOfFalsehood(demo, step.falsify, { index, path: ['steps', index, 'falsify'] }),
      ...expect.flatMap(({ falsify }, each) =>
        faultsOfFalsehood(demo, falsify, { index, path: ['steps', index, 'expect', each, 'falsify'] })),
    )
  }
  return [...faults, ...namesTwice(demo)]
}

function notEarlier(id: string, earlier: readonly string[]): string {
  return `${withParticle(id, '은/는')} 이보다 앞에 있는 단계가 아닙니다.${earlier.length > 0 ? ` 앞에 있는 단계: ${earlier.join(', ')}` : ''}`
}

/** What is wrong in a command: `earlier` are the steps before it, `path` is its place in the definition. */
function faultsOfCommand(
  demo: Demo,
  command: Step['command'],
  { earlier, path }: { earlier: readonly string[], path: Fault['path'] },
): Fault[] {
  const faults: Fault[] = []
  const at = (message: string, ...word: number[]): unknown => faults.push({ path: [...path, ...word], message })
  const [program] = command
  for (const [word, value] of command.entries()) {
    for (const [, id] of value.matchAll(STEP_REFERENCE)) {
      if (!earlier.includes(id!))
        at(notEarlier(id!, earlier), word)
    }
    if (SHELL_WORD.test(value))
      at(`셸을 거치지 않으므로 ${withParticle(value, '은/는')} 명령에 글자 그대로 건네집니다. 단계를 나누거나 into를 쓰세요.`, word)
    if (program !== 'docker' && /\bdocker\s+[a-z]/.test(value))
      at('다른 프로그램 안에서 실행하는 docker 명령에는 라벨을 붙일 수 없습니다. 단계의 명령으로 적으세요.', word)
  }
  if (OTHER_CLI.test(program))
    at(`${withParticle(program, '이/가')} 만드는 것에는 라벨을 붙일 수 없어, 이 강의가 찾아서 지울 수 없습니다.`)
  const reason = unaccountable(command)
  if (reason !== null)
    at(reason)
  for (const word of imageWords(command))
    imageFault(demo, command, word).forEach(message => at(message, word))
  return faults
}

/** What is wrong in what makes a claim of the step `index` false; `path` is its place in the definition. */
function faultsOfFalsehood(
  demo: Demo,
  falsehood: Falsehood | undefined,
  { index, path }: { index: number, path: Fault['path'] },
): Fault[] {
  const { files = {}, commands = {} } = falsehood ?? {}
  const ids = demo.steps.slice(0, index + 1).map(({ id }) => id)
  return [
    ...Object.keys(files).filter(each => !demo.files.includes(each)).map(each =>
      ({ path: [...path, 'files', each], message: `${withParticle(each, '이/가')} files에 없습니다.` })),
    ...Object.entries(commands as Record<string, Step['command']>).flatMap(([id, command]) => ids.includes(id)
      ? faultsOfCommand(demo, command, { earlier: ids.slice(0, ids.indexOf(id)), path: [...path, 'commands', id] })
      : [{ path: [...path, 'commands', id], message: `${withParticle(id, '은/는')} 이 단계나 앞에 있는 단계가 아닙니다. 있는 단계: ${ids.join(', ')}` }]),
  ]
}

function imageFault({ steps, baseImages }: Demo, command: Step['command'], word: number): string[] {
  const made = new Set([...steps.map(step => step.command), command].flatMap(madeImages).map(repositoryOf))
  const declared = new Set([...made, ...baseImages.map(repositoryOf)])
  const verb = dockerCommand(command)!.verb
  const image = command[word]!
  const repository = repositoryOf(image)
  if (madeImages(command).includes(image) && !OWN_IMAGE.test(image))
    return [`이미지 ${withParticle(image, '은/는')} ch01/ 아래에 만들어야 합니다. 이름에 /를 넣지 않으면 ch01/이 앞에 붙습니다.`]
  if (image.includes('{') || image.startsWith('sha256:'))
    return []
  if ((verb === 'image tag' || verb === 'image pull' || verb === 'image rm') && !made.has(repository))
    return [`이미지 ${withParticle(image, '은/는')} 이 데모가 만들지 않아서 ${verb === 'image rm' ? '지울 수 없습니다.' : '라벨을 붙일 수 없습니다. 받아 둘 이미지는 baseImages에 적으세요.'}`]
  if (verb !== 'image ls' && !declared.has(repository))
    return [`이미지 ${withParticle(image, '이/가')} baseImages에 없고, 이 데모가 만들지도 않습니다.`]
  return []
}

/** The verbs that give a name, and those that take one back. */
const NAMERS: Readonly<Record<string, 'container' | 'network' | 'volume'>> = {
  'container run': 'container',
  'container create': 'container',
  'network create': 'network',
  'volume create': 'volume',
}

function namesTwice({ steps }: Demo): Fault[] {
  const faults: Fault[] = []
  const taken = new Set<string>()
  for (const [index, { command, exitCode = 0, times = 1 }] of steps.entries()) {
    const docker = dockerCommand(command)
    const kind = docker && NAMERS[docker.verb]
    const word = kind === 'container' ? command.indexOf('--name') + 1 : command.length - 1
    const name = command[word]
    if (kind && name !== undefined && word > 0 && exitCode === 0) {
      if (taken.has(`${kind} ${name}`) || (times > 1 && !command.includes('--rm')))
        faults.push({ path: ['steps', index, 'command', word], message: `이름 ${withParticle(name, '을/를')} 두 번 씁니다. 지우지 않은 것과 부딪혀 실패합니다.` })
      if (!command.includes('--rm'))
        taken.add(`${kind} ${name}`)
    }
    else if (docker && /^(?:container|network|volume) rm$/.test(docker.verb)) {
      for (const removed of command.slice(docker.at))
        taken.delete(`${docker.verb.split(' ')[0]} ${removed}`)
    }
  }
  return faults
}

async function faultsOfFiles(demo: Demo, files: (path: string) => Promise<string | null>): Promise<Fault[]> {
  const declared = new Set([...demo.baseImages, ...demo.steps.flatMap(({ command }) => madeImages(command))].map(repositoryOf))
  const faults = await Promise.all(demo.files.map(async (path, index): Promise<Fault[]> => {
    const text = await files(path)
    if (text === null)
      return [{ path: ['files', index], message: `파일 ${withParticle(path, '이/가')} 데모 폴더에 없습니다.` }]
    const missing = /(?:^|\/)Dockerfile/.test(path) ? basesOf(text).find(image => !declared.has(repositoryOf(image))) : undefined
    return missing === undefined ? [] : [{ path: ['baseImages'], message: `${path}의 FROM에 적은 이미지 ${withParticle(missing, '이/가')} 없습니다.` }]
  }))
  const into = demo.steps.flatMap((step, index): Fault[] => step.into === undefined || demo.files.includes(step.into)
    ? []
    : [{ path: ['steps', index, 'into'], message: `${withParticle(step.into, '이/가')} files에 없습니다.` }])
  return [...faults.flat(), ...into]
}

/** The images on which a Dockerfile builds, its own stages and what a build argument names aside. */
function basesOf(dockerfile: string): string[] {
  const froms = [...dockerfile.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)]
  const stages = new Set(froms.map(([, , stage]) => stage))
  return froms.map(([, image]) => image!).filter(image => image !== 'scratch' && !image.includes('$') && !stages.has(image))
}
