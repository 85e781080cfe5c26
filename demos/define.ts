import { prefixer } from './runtime/model/docker-command.ts'

/**
 * How a claim would be false: what another run has in place of the demo's own, in which what is claimed must not be seen.
 * `npm run demo -- <demo> --falsify` shows it, and a test runs it; slides and recordings know nothing of it.
 */
export interface Falsehood<Id extends string = string> {
  /** Other texts of the demo's files, by name. */
  files?: Readonly<Record<string, string>>
  /** Other commands of this step or of earlier ones, by the step's id. */
  commands?: { readonly [Step in NoInfer<Id>]?: readonly [string, ...string[]] }
}

/** What a step should show; checked when the step has ended. */
export interface Expectation<Id extends string = string> {
  /** What the audience should see, in Korean, e.g. `"Hello, World!"가 출력됩니다`. */
  says: string
  /**
   * What must occur in the step's output, without colour codes and what the docker CLI warns of: a text in which `[..]` stands
   * for anything within a line and a line `...` for any number of lines, or a regular expression.
   */
  output?: string | RegExp
  /** The id of an earlier step whose output must be the same. */
  sameAs?: NoInfer<Id>
  /** The id of an earlier step with whose output this one's must have no line in common. */
  differsFrom?: NoInfer<Id>
  /** What of the two outputs is compared: each match, in order; their lines when left out. */
  part?: RegExp
  /** What would make this expectation fail and leave the step's others as they are. */
  falsify?: Falsehood<Id>
}

/** A step that looks at this machine; it is skipped where this is not the engine's, or where its probe fails. */
export interface HostStep {
  /** Why it cannot be shown elsewhere, or what one would see there, in Korean, one or two sentences. */
  elsewhere: string
  /** A command that must succeed first, in place of the engine being here; `{build}` stands for what the step `build` has printed. */
  probe?: readonly [string, ...string[]]
}

/** One command of a demo. */
export interface Step<Id extends string = string, Word extends string = string> {
  /** A short English word, unique in the demo, by which slides and other steps name the step, e.g. `build`. */
  id: Id
  /** What the step does, in Korean, a few words. */
  title: string
  /**
   * The argument list, the program first. It is never handed to a shell.
   * `{build}` in a word stands for the last line that the earlier step `build` has printed, such as an ID.
   */
  command: readonly [Word, ...Word[]]
  /** How many times in a row it runs; once when left out. */
  times?: number
  /**
   * How long it is run again until it shows what it should, in milliseconds, for a step that changes nothing; what it prints
   * the last time counts. Commands that only look at the engine's state, such as `docker container ls`, have 3000.
   */
  retryMs?: number
  /** The file of the working copy that takes what it prints, as `> file` does. */
  into?: string
  /** Set for a step that needs this machine to be the engine's. */
  host?: HostStep
  /** The exit code that counts as success, or those where engines differ; 0 when left out. */
  exitCode?: number | readonly number[]
  /** Where the server that the step has started answers; the step ends when it does, as one would wait before going on. */
  ready?: string
  /** Time limit in milliseconds; {@link DEFAULT_TIMEOUT_MS} when left out. */
  timeoutMs?: number
  expect?: readonly Expectation<Id>[]
  /** What would make the exit code another, for an `exitCode` other than 0; the first expectation's when left out. */
  falsify?: Falsehood<Id>
}

/** A named, fixed list of steps with the files it works on. Its id is its folder's name. */
export interface Demo<Id extends string = string, Word extends string = string> {
  /** In Korean, for lists and panel heads. */
  title: string
  /** Files of the demo's folder that a run works on, in the order in which tabs show them. */
  files: readonly string[]
  /** Images that must be on the machine before a run. */
  baseImages: readonly string[]
  /** Why the engine in the browser tab cannot run it, in Korean, one sentence; left out where it can. Live and recorded go for all. */
  notInTab?: string
  steps: readonly Step<Id, Word>[]
  /** Why Podman's Docker-compatible socket cannot show it, in Korean, one sentence; with `before` it can from that major version on. */
  podman?: { cannot: string, before?: number }
}

export const DEFAULT_TIMEOUT_MS = 60_000

/** A word of a command if each step that it names is one of the demo's; `{{…}}` and `${…}` name none. */
type WordNaming<Id extends string, Word extends string> = Word extends `${infer Before}{${infer Name}}${string}`
  ? Before extends `${string}${'{' | '$'}` ? Word
    : Name extends Id | `${string}${' ' | '{' | '.' | ',' | ';' | '$' | '"'}${string}` ? Word : `${Before}{${Id}}${string}`
  : Word

/**
 * A demo as written, typed so that a step's id that does not exist is an error in the editor, with `ch01/` put before
 * the images that it makes. What is not well formed is left for the check of the definition to tell.
 * @example
 * export default defineDemo({
 *   title: '이미지 만들고 실행하기',
 *   files: ['Dockerfile'],
 *   baseImages: ['busybox:stable'],
 *   steps: [
 *     { id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'hello', '.'] },
 *     {
 *       id: 'run',
 *       title: '실행',
 *       command: ['docker', 'container', 'run', '--rm', '{build}'],
 *       expect: [{ says: '인사를 합니다', output: 'Hello' }],
 *     },
 *   ],
 * })
 */
export function defineDemo<const Id extends string, const Word extends string>(
  demo: Demo<Id, Word & WordNaming<NoInfer<Id>, Word>>,
): Demo<Id> {
  if (!isWellFormed(demo.steps))
    return demo
  const prefixed = prefixer(demo.steps.flatMap(commandsOf))
  const withPrefix = <Part extends { falsify?: Falsehood }>(part: Part): Part => part.falsify?.commands
    ? { ...part, falsify: { ...part.falsify, commands: mapValues(part.falsify.commands, prefixed) } }
    : part
  return {
    ...demo,
    steps: demo.steps.map(step => withPrefix({
      ...step,
      command: prefixed(step.command),
      ...step.expect && { expect: step.expect.map(withPrefix) },
    })),
  }
}

function mapValues<Value>(values: Readonly<Record<string, Value | undefined>>, map: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value!)]))
}

/** The command of a step, and those that its falsehoods have. */
export function commandsOf({ command, expect = [], falsify }: Step): Step['command'][] {
  const falsehoods = [falsify, ...expect.map(each => each.falsify)]
  return [command, ...falsehoods.flatMap(each => Object.values(each?.commands ?? {}) as Step['command'][])]
}

/** Whether all that is to be changed is there. */
function isWellFormed(steps: unknown): boolean {
  return Array.isArray(steps)
    && steps.every((step: Partial<Step> | null) => Array.isArray(step?.command)
      && (step.expect === undefined || (Array.isArray(step.expect) && step.expect.every(each => typeof each === 'object')))
      && commandsOf(step as Step).every(command => Array.isArray(command) && command.every(word => typeof word === 'string')))
}
