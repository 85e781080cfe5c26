export type LayerState = 'waiting' | 'running' | 'done' | 'cached' | 'failed'

/** One instruction of a Dockerfile and what the builder has said of it. */
export interface Layer {
  /** `FROM`, `COPY`, … */
  instruction: string
  /** What follows the instruction. */
  text: string
  state: LayerState
  /** Seconds as the builder reported them; null while unknown or where the builder reports none. */
  seconds: number | null
  /** Whether it adds a file-system layer; if not, it only sets the image's configuration (0 B). */
  filesystem: boolean
}

/** Instructions that BuildKit reports as steps of their own (https://docs.docker.com/build/building/best-practices/). */
const FILESYSTEM = new Set(['FROM', 'COPY', 'ADD', 'RUN', 'WORKDIR'])

/**
 * The layers of a build: from the Dockerfile what there will be, from the builder's plain log how far it is.
 * The log may be cut anywhere. Knows BuildKit's plain progress, the classic builder and Podman's Buildah.
 * @returns null when the log is of no known format: the text stays, only the picture is lost.
 */
export function layersOf(dockerfile: string, log: string): Layer[] | null {
  const stages = stagesOf(dockerfile)
  const layers = stages.flatMap(stage => stage.layers)
  if (/^#\d+ /m.test(log))
    readBuildKit(log.split('\n'), stages)
  else if (/^(?:Step \d+\/\d+ : |(?:\[\d+\/\d+\] )?STEP \d+\/\d+: )/m.test(log))
    readClassic(log.split('\n'), stages)
  else if (log.split('\n', 21).length > 20 && !/^(?:Sending build context|DEPRECATED)/m.test(log))
    return null
  return layers
}

interface Stage { name: string | null, layers: Layer[] }

function stagesOf(dockerfile: string): Stage[] {
  const stages: Stage[] = []
  const code = dockerfile.replaceAll(/^[^\S\n]*#.*\n?/gm, '').replaceAll(/\\[^\S\n]*\n\s*/g, '')
  for (const line of code.split('\n')) {
    const match = /^\s*([a-z]+)\s+(\S.*)$/i.exec(line)
    if (!match)
      continue
    const instruction = match[1]!.toUpperCase()
    const text = match[2]!.trim()
    if (instruction === 'FROM')
      stages.push({ name: /\sAS\s+(\S+)$/i.exec(text)?.[1]?.toLowerCase() ?? null, layers: [] })
    stages.at(-1)?.layers.push({ instruction, text, state: 'waiting', seconds: null, filesystem: FILESYSTEM.has(instruction) })
  }
  return stages
}

function readBuildKit(lines: string[], stages: Stage[]): void {
  const vertices = new Map<string, Layer>()
  let written = false
  for (const line of lines) {
    const [, vertex, rest] = /^#(\d+) (.+)$/.exec(line) ?? []
    if (vertex === undefined || rest === undefined)
      continue
    const step = /^\[(?:(\S+) )?(\d+)\/\d+\] /.exec(rest)
    if (step) {
      const layer = stageOf(stages, step[1])?.layers.filter(each => each.filesystem)[Number(step[2]) - 1]
      if (layer) {
        vertices.set(vertex, layer)
        if (layer.state === 'waiting')
          layer.state = 'running'
      }
      continue
    }
    if (/^(?:writing image|exporting manifest) \S.* done$/.test(rest))
      written = true
    const layer = vertices.get(vertex)
    if (!layer)
      continue
    const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(rest)
    if (done) {
      layer.state = layer.state === 'cached' ? 'cached' : 'done'
      layer.seconds = Number(done[1])
    }
    else if (rest === 'CACHED') {
      layer.state = 'cached'
    }
    else if (/^(?:ERROR|CANCELED)\b/.test(rest)) {
      layer.state = 'failed'
    }
  }
  if (written) {
    for (const layer of stages.flatMap(stage => stage.layers)) {
      if (!layer.filesystem)
        layer.state = 'done'
    }
  }
}

/** BuildKit names a stage by its AS name, or `stage-N`; the only stage has no name. */
function stageOf(stages: Stage[], name: string | undefined): Stage | undefined {
  return name === undefined ? stages.at(-1) : stages.find((stage, index) => stage.name === name || name === `stage-${index}`)
}

/** The classic builder's log, and Buildah's, which counts each stage's steps anew and says nothing of a FROM. */
function readClassic(lines: string[], stages: Stage[]): void {
  const layers = stages.flatMap(stage => stage.layers)
  let current: Layer | undefined
  for (const line of lines) {
    const [, classic, stage = '1', buildah] = /^(?:Step (\d+)\/\d+ : |(?:\[(\d+)\/\d+\] )?STEP (\d+)\/\d+: )/.exec(line) ?? []
    if (classic !== undefined || buildah !== undefined) {
      if (current?.state === 'running')
        current.state = 'done'
      current = buildah === undefined ? layers[Number(classic) - 1] : stages[Number(stage) - 1]?.layers[Number(buildah) - 1]
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
