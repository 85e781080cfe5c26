import type { Stage } from './dockerfile.ts'
import { stagesOf } from './dockerfile.ts'

export type LayerState = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'unused'

/** One instruction of a Dockerfile and what the builder has said of it. */
export interface Layer {
  /** `FROM`, `COPY`, … */
  instruction: string
  /** What follows the instruction. */
  text: string
  state: LayerState
  /** Seconds as the builder reported them; null while unknown or where the builder reports none. */
  seconds: number | null
  /** Whether it adds a file-system layer; if not, it only sets the image's configuration (0 B) or names where the stage begins. */
  filesystem: boolean
}

/** A build as far as it is known. */
export interface Build {
  /** The builder's plain log; it may be cut anywhere. */
  log: string
  /** Null while it runs. */
  exitCode: number | null
  /** The stage that is built, where it is not the last. */
  target?: string | undefined
}

/**
 * The layers of a build: from the Dockerfile what there will be, from the builder's log how far it is.
 * Knows BuildKit's plain progress, the classic builder and Podman's Buildah.
 * @returns null when the log is of no known format: the text stays, only the picture is lost.
 */
export function layersOf(dockerfile: string, { log, exitCode, target }: Build): Layer[] | null {
  const stages = stagesOf(dockerfile).map(stage => ({
    ...stage,
    triggers: 0,
    layers: stage.instructions.map(({ keyword, text, isStep }): Layer => ({
      instruction: keyword,
      text,
      state: 'waiting',
      seconds: null,
      filesystem: isStep,
    })),
  }))
  const used = usedStages(stages, target)
  if (/^#\d+ /m.test(log))
    readBuildKit(log.split('\n'), stages, used)
  else if (/^(?:Step \d+\/\d+ : |(?:\[\d+\/\d+\] )?STEP \d+\/\d+: )/m.test(log))
    readClassic(log.split('\n'), stages)
  else if (log.split('\n', 21).length > 20 && !/^(?:Sending build context|DEPRECATED)/m.test(log))
    return null
  if (exitCode === 0)
    settle(stages, used)
  return stages.flatMap(stage => stage.layers)
}

/** The stage that a build's arguments ask for; undefined stands for the last. */
export function targetOf(args: readonly string[]): string | undefined {
  const at = args.findIndex(arg => /^--target(?:=|$)/.test(arg))
  return args[at]?.split('=')[1] ?? (at < 0 ? undefined : args[at + 1])
}

interface BuiltStage extends Stage {
  layers: Layer[]
  /** Steps that its image has put off until now. */
  triggers: number
}

/** The stages that the build's result needs: the others are not built. */
function usedStages(stages: readonly BuiltStage[], target: string | undefined): Set<BuiltStage> {
  const last = target === undefined ? -1 : stages.findIndex(({ name }, index) => name === target.toLowerCase() || String(index) === target)
  const used = new Set<BuiltStage>()
  const visit = (stage: BuiltStage | undefined): void => {
    if (!stage || used.has(stage))
      return
    used.add(stage)
    stage.uses.forEach(index => visit(stages[index]))
  }
  visit(stages.at(last))
  return used
}

/** After a build that passed nothing waits: what the log does not name was there already, or is not needed. */
function settle(stages: readonly BuiltStage[], used: ReadonlySet<BuiltStage>): void {
  for (const stage of stages) {
    const isUsed = used.has(stage) || stage.layers.slice(1).some(({ state }) => state !== 'waiting')
    for (const layer of stage.layers) {
      if (layer.state === 'waiting' || layer.state === 'running')
        layer.state = isUsed ? 'done' : 'unused'
    }
  }
}

function readBuildKit(lines: readonly string[], stages: readonly BuiltStage[], used: ReadonlySet<BuiltStage>): void {
  const vertices = new Map<string, Layer[]>()
  let written = false
  for (const line of lines) {
    const [, vertex, rest] = /^#(\d+) (.+)$/.exec(line) ?? []
    if (vertex === undefined || rest === undefined)
      continue
    const [, name, no, text] = /^\[(?:[^\s/]+\/\S+ )?(?:([a-z]\S*) )? *(\d+)\/\d+\] (.*)/.exec(rest) ?? []
    if (no !== undefined && text !== undefined) {
      const layers = layersOfStep(stages, used, { name, no: Number(no), text })
      vertices.set(vertex, layers)
      for (const layer of layers) {
        if (layer.state === 'waiting')
          layer.state = 'running'
      }
      continue
    }
    if (/^(?:writing image|exporting manifest) \S.* done$/.test(rest))
      written = true
    for (const layer of vertices.get(vertex) ?? [])
      report(layer, rest)
  }
  for (const { layers: [from, ...layers] } of stages) {
    const isBuiltOn = layers.some(({ filesystem, state, text }) => filesystem && state !== 'waiting' && !/^(?:--\S+ )*--link\b/.test(text))
    if (from?.state === 'waiting' && isBuiltOn)
      from.state = 'done'
  }
  if (written) {
    for (const layer of [...used].flatMap(stage => stage.layers)) {
      if (!layer.filesystem)
        layer.state = 'done'
    }
  }
}

/** Takes what BuildKit says of a step. */
function report(layer: Layer, text: string): void {
  const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(text)
  if (done) {
    layer.state = layer.state === 'cached' ? 'cached' : 'done'
    layer.seconds = Number(done[1])
  }
  else if (text === 'CACHED') {
    layer.state = 'cached'
  }
  else if (/^(?:ERROR|CANCELED)\b/.test(text)) {
    layer.state = 'failed'
  }
}

/**
 * What a step of BuildKit's stands for; the only stage has no name. A stage's FROM counts where it is an image's, and
 * stages that begin with the same image share its step. What the image has put off until now (ONBUILD) comes after it,
 * so that the Dockerfile's own steps have greater numbers.
 */
function layersOfStep(
  stages: readonly BuiltStage[],
  used: ReadonlySet<BuiltStage>,
  { name, no, text }: { name: string | undefined, no: number, text: string },
): Layer[] {
  const stage = name === undefined ? stages.at(-1) : stages.find(each => each.name === name)
  if (!stage)
    return []
  if (no === 1 && stage.image !== null)
    return stages.filter(each => each === stage || (each.image === stage.image && used.has(each))).map(({ layers }) => layers[0]!)
  const steps = stage.layers.filter(each => each.filesystem)
  for (let triggers = Math.max(stage.triggers, no - steps.length); triggers < no; triggers++) {
    const layer = steps[no - 1 - triggers]
    if (layer && isOf(layer, text)) {
      stage.triggers = triggers
      return [layer]
    }
  }
  return []
}

/** Whether BuildKit's words for a step are a layer's, up to what it changes: a variable, or the words of a heredoc. */
function isOf({ instruction, text }: Layer, step: string): boolean {
  const start = `${instruction} ${text}`.split(/\$|<</)[0]!
  return withoutSpace(step).startsWith(withoutSpace(start))
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '')
}

/** The classic builder's log, and Buildah's, which counts each stage's steps anew and says nothing of a FROM. */
function readClassic(lines: readonly string[], stages: readonly BuiltStage[]): void {
  const layers = stages.flatMap(stage => stage.layers)
  let current: Layer | undefined
  for (const line of lines) {
    const [, classic, total, stage = '1', buildah]
      = /^(?:Step (\d+)\/(\d+) : |(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: )/.exec(line) ?? []
    if (classic !== undefined || buildah !== undefined) {
      if (current?.state === 'running')
        current.state = 'done'
      const before = Number(total) - layers.length // the classic builder counts what stands before the first FROM
      current = buildah === undefined ? layers[Number(classic) - 1 - before] : stages[Number(stage) - 1]?.layers[Number(buildah) - 1]
      if (current)
        current.state = 'running'
    }
    else if (current && /^ ?-{2,3}> Using cache/.test(line)) {
      current.state = 'cached'
    }
    else if (current?.state === 'running' && /^ ?-{2,3}> [0-9a-f]{11,12}$/.test(line)) {
      current.state = 'done'
    }
    else if (current?.state === 'running' && /returned a non-zero code|^COPY failed|^ADD failed|building at STEP/.test(line)) {
      current.state = 'failed'
    }
  }
}
