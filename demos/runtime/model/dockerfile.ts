import type { Instruction } from 'dockerfile-ast'
import { DockerfileParser, From } from 'dockerfile-ast'
import { Util } from 'dockerfile-ast/lib/util.js'

/**
 * What a Dockerfile says, by the parser of the Dockerfile language server (dockerfile-ast). Tried beside it:
 * docker-file-parser and dockerfilejs, which take the lines of a heredoc for instructions and have stood still for years;
 * dockerfile-utils, which is this parser and a linter; tree-sitter-dockerfile, which has no package for a browser.
 */

Util.isUTF8BOM = char => char === '\uFEFF' // its own asks for Node's Buffer, which no page has

export interface DockerfileInstruction {
  /** `FROM`, `COPY`, … */
  keyword: string
  /** What follows the keyword, on one line; of a heredoc its first line, as BuildKit shows it. */
  text: string
  /** Whether it makes a step of its own that adds to the file system. */
  isStep: boolean
}

export interface Stage {
  /** As the builder calls it: the name after AS in small letters, else `stage-N`. */
  name: string
  /** The image that it begins with, or null where it begins with nothing (`scratch`) or with another stage. */
  image: string | null
  /** The stages that it takes something from, by their place in the file. */
  uses: number[]
  /** From FROM on. */
  instructions: DockerfileInstruction[]
}

/** Instructions that BuildKit reports as steps of their own (https://docs.docker.com/build/building/best-practices/). */
const STEPS = new Set(['COPY', 'ADD', 'RUN', 'WORKDIR'])

/** The parser takes time by the square of a comment's length. */
const LONG_COMMENT = /^([^\S\n]*#.{200}).+$/gm

/** The stages of a Dockerfile, also of one that is being written. What stands before the first FROM makes no layer. */
export function stagesOf(text: string): Stage[] {
  const dockerfile = DockerfileParser.parse(text.replaceAll(LONG_COMMENT, '$1'))
  const lines = text.split(/\r?\n/)
  const defaults = new Map(dockerfile.getInitialARGs().map((arg) => {
    const property = arg.getProperty()
    return [property?.getName(), property?.getValue()]
  }))
  const stages: Stage[] = []
  const named = new Map<string, number>()
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword()
    const words = textOf(instruction, lines, dockerfile.getEscapeCharacter())
    if (instruction instanceof From) {
      const image = (instruction.getImage() ?? '').replaceAll(
        /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
        (_, name?: string, otherwise?: string, bare?: string) => defaults.get(name ?? bare) ?? otherwise ?? '',
      )
      const base = named.get(image.toLowerCase())
      const isImage = base === undefined && image !== 'scratch'
      const name = instruction.getBuildStage()?.toLowerCase()
      if (name !== undefined)
        named.set(name, stages.length)
      stages.push({
        name: name ?? `stage-${stages.length}`,
        image: isImage ? image : null,
        uses: base === undefined ? [] : [base],
        instructions: [{ keyword, text: words, isStep: isImage }],
      })
      continue
    }
    const stage = stages.at(-1)
    if (!stage)
      continue
    const flags = /^(?:--\S+\s+)*/.exec(words)![0]
    for (const [, name] of flags.matchAll(/\bfrom=["']?([^\s,"']+)/g)) {
      const used = named.get(name!.toLowerCase()) ?? Number(name)
      if (used < stages.length)
        stage.uses.push(used)
    }
    stage.instructions.push({ keyword, text: words, isStep: STEPS.has(keyword) })
  }
  return stages
}

/** What follows an instruction's keyword, without line breaks and comments. */
function textOf(instruction: Instruction, all: readonly string[], escape: string): string {
  const { start, end } = instruction.getRange()
  const lines = all.slice(start.line, end.line + 1)
  lines[0] = lines[0]!.slice(start.character + instruction.getInstruction().length)
  const parts: string[] = []
  let continues = true
  while (continues && lines.length > 0) {
    const line = lines.shift()!.trim()
    if (parts.length > 0 && (line === '' || line.startsWith('#')))
      continue
    continues = line.endsWith(escape)
    parts.push(continues ? line.slice(0, -1).trimEnd() : line)
  }
  const heredoc = lines.find(line => line.trim() !== '')
  return [...parts, ...heredoc === undefined ? [] : [`(${heredoc.trim()}…)`]].filter(part => part !== '').join(' ')
}
