import { withParticle } from './korean.ts'

/** What a `docker` command does: its management command and verb, e.g. `container run`, and where its own words begin. */
export interface DockerCommand {
  verb: string
  /** The index of the first word after the verb. */
  at: number
}

/** Groups of commands; any other first word is a short form or a plugin. */
const GROUPS = new Set(['builder', 'buildx', 'container', 'context', 'image', 'manifest', 'network', 'plugin', 'system', 'trust', 'volume'])
/** Groups that manage what outlives a run, on this machine or on a swarm. */
const SWARM_GROUPS = new Set(['checkpoint', 'compose', 'config', 'node', 'secret', 'service', 'stack', 'swarm'])
/** The short forms and what they stand for; those that stand for themselves have no group. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([
    'attach', 'commit', 'cp', 'create', 'diff', 'exec', 'export', 'kill', 'logs', 'pause', 'port',
    'rename', 'restart', 'rm', 'run', 'start', 'stats', 'stop', 'top', 'unpause', 'update', 'wait',
  ].map(word => [word, `container ${word}`])),
  ...Object.fromEntries(['build', 'history', 'import', 'load', 'pull', 'push', 'save', 'tag'].map(word => [word, `image ${word}`])),
  ...Object.fromEntries(['info', 'version', 'search', 'login', 'logout', 'events', 'inspect'].map(word => [word, word])),
  ps: 'container ls',
  images: 'image ls',
  rmi: 'image rm',
}

/** Options of `docker` itself that take a value. */
const GLOBAL_VALUES = /^(?:--(?:host|context|config|log-level|tlscacert|tlscert|tlskey)|-[Hcl])$/
/** Options of `docker container run` and `create` that take no value. */
const RUN_SWITCHES = /^(?:--(?:rm|detach|interactive|tty|init|privileged|read-only|publish-all|no-healthcheck|oom-kill-disable|sig-proxy|quiet|disable-content-trust)|-[ditPq]+)$/
/** Commands all of whose words besides options name images. */
const IMAGE_VERBS = new Set([
  'image history', 'image inspect', 'image ls', 'image pull', 'image push', 'image rm', 'image save',
  'image tag',
])
/** Options of those commands that take a value. */
const IMAGE_VALUES = /^(?:--(?:format|filter|output|platform)|-[fo])$/

/** What a command asks of the docker CLI, without the options that come before; null when it is another program's. */
export function dockerCommand(command: readonly string[]): DockerCommand | null {
  if (command[0] !== 'docker')
    return null
  let at = 1
  while (command[at]?.startsWith('-'))
    at += GLOBAL_VALUES.test(command[at]!) ? 2 : 1
  const [word = '', next = ''] = command.slice(at)
  if (GROUPS.has(word) || SWARM_GROUPS.has(word))
    return { verb: word === 'builder' || word === 'buildx' ? `buildx ${next}` : `${word} ${next}`, at: at + 2 }
  return { verb: SHORT_FORMS[word] ?? word, at: at + 1 }
}

/** Whether a command builds an image. */
export function isBuild(command: readonly string[]): boolean {
  return /^(?:image|buildx) build$/.test(dockerCommand(command)?.verb ?? '')
}

/** The indexes of a command's words that name images, those that it makes included. */
export function imageWords(command: readonly string[]): number[] {
  const docker = dockerCommand(command)
  if (!docker)
    return []
  const { verb, at } = docker
  if (isBuild(command))
    return [...command.keys()].filter(index => index > at && /^(?:-t|--tag)$/.test(command[index - 1]!))
  const values = operands(command, at, verb)
  if (verb === 'container run' || verb === 'container create')
    return values.slice(0, 1)
  return IMAGE_VERBS.has(verb) ? values : []
}

/** The indexes of the words that are neither options nor their values. */
function operands(command: readonly string[], at: number, verb: string): number[] {
  const takesValue = (option: string): boolean => !option.includes('=')
    && (verb === 'container run' || verb === 'container create' ? !RUN_SWITCHES.test(option) : IMAGE_VALUES.test(option))
  const found: number[] = []
  for (let index = at; index < command.length; index++) {
    const word = command[index]!
    if (!word.startsWith('-'))
      found.push(index)
    else if (takesValue(word))
      index += 1
  }
  return found
}

/** Commands that show a state and change nothing. */
const LOOKS = /^(?:(?:container|image|network|volume) (?:ls|inspect)|container (?:top|port|diff|logs|stats)|image history)$/
/** What makes such a command go on for ever. */
const GOES_ON = /^(?:-f|--follow)$/

/** Whether a command shows a state that may come about a moment later, and ends. */
export function showsState(command: readonly string[]): boolean {
  const verb = dockerCommand(command)?.verb ?? ''
  return LOOKS.test(verb)
    && (verb !== 'container logs' || !command.some(word => GOES_ON.test(word)))
    && (verb !== 'container stats' || command.includes('--no-stream'))
}

/** Why the deck cannot answer for what a docker command does to the engine, in Korean, or null. */
export function unaccountable(command: readonly string[]): string | null {
  const docker = dockerCommand(command)
  if (!docker || docker.verb === '')
    return null
  const { verb } = docker
  const [group = '', word = ''] = verb.split(' ')
  const typed = `docker ${verb}`
  if (word === 'prune')
    return `${withParticle(typed, '은/는')} 이 강의가 만들지 않은 것까지 지웁니다.`
  const creates = SWARM_GROUPS.has(group)
    || (!GROUPS.has(group) && !Object.hasOwn(SHORT_FORMS, group))
    || [
      'buildx bake', 'buildx create', 'container commit', 'context create', 'context use', 'image import',
      'manifest create', 'plugin install', 'plugin create', 'trust key', 'trust sign',
    ].includes(verb)
  return creates ? `${typed} 명령이 만드는 것에는 라벨을 붙일 수 없어, 이 강의가 찾아서 지울 수 없습니다.` : null
}

const IMAGE_PREFIX = 'ch01/'

/** An image's name without its tag or digest. */
export function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[\w.-]+$/, '')
}

/**
 * Puts `ch01/` before each image of a command that one of the commands makes: the deck's images live under that prefix,
 * so that nobody's own tag is overwritten. A name with a registry before it stays as it is written.
 */
export function prefixer(commands: readonly (readonly string[])[]): <C extends readonly string[]>(command: C) => C {
  const made = new Set(commands.flatMap(command => madeImages(command)).map(repositoryOf).filter(name => !name.includes('/')))
  return <C extends readonly string[]>(command: C) => {
    const images = imageWords(command).filter(index => made.has(repositoryOf(command[index]!)))
    return images.reduce<string[]>((words, index) => words.with(index, `${IMAGE_PREFIX}${words[index]}`), [...command]) as unknown as C
  }
}

/** Whether a command runs a container of which nothing remains but what it has printed. */
export function isThrowaway(command: readonly string[]): boolean {
  return dockerCommand(command)?.verb === 'container run'
    && command.includes('--rm')
    && !command.some(word => /^(?:-d|--detach|-v|--volume|--mount)$/.test(word))
}

/** Whether a command runs a container that may run a second time: no name is taken, no volume written to twice. */
export function isRepeatable(command: readonly string[]): boolean {
  return isThrowaway([...command, '--rm']) && (command.includes('--rm') || !command.some(word => /^--name(?:=|$)/.test(word)))
}

/** Whether nothing of a command remains for the steps after it but what it has printed. */
export function onlyLooks(command: readonly string[]): boolean {
  const verb = dockerCommand(command)?.verb ?? ''
  return verb === 'container run'
    ? isThrowaway(command)
    : /^(?:version|info|(?:container|image) (?:ls|inspect|logs|diff|stats|history))$/.test(verb)
}

/** The names that a command gives to images. */
export function madeImages(command: readonly string[]): string[] {
  const images = imageWords(command).map(index => command[index]!)
  return isBuild(command) ? images : dockerCommand(command)?.verb === 'image tag' ? images.slice(-1) : []
}
