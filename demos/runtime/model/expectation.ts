import type { Expectation, Step } from '../../define.ts'
import type { Check } from './run-events.ts'
import Anser from 'anser'
import { withoutWarnings } from './cli-warnings.ts'

/** A line of an expectation that stands for any number of lines. */
export const LINES_LEFT_OUT = '...'
const TEXT_LEFT_OUT = '[..]'

/** A step's output as it is checked: without colours, and without what the docker CLI says beside it. */
export function checkedText(output: string): string {
  return withoutWarnings(Anser.ansiToText(output))
}

/** Which characters a match takes, [from, to). */
type Range = [from: number, to: number]

/**
 * Where in an output what is expected stands first, or null. A text must occur in it, by the conventions of cram and trycmd:
 * `[..]` stands for anything within a line, a line `...` for any number of lines; blanks around a line do not count.
 * The time for a text grows with the output's length, not with its square as that of a pattern with several gaps would.
 */
export function findExpected(expected: string | RegExp, output: string): Range | null {
  if (typeof expected !== 'string') {
    const match = expected.exec(output)
    return match && [match.index, match.index + match[0].length]
  }
  const lines = expected.trim().split('\n').map(line => line.trim())
  const blocks: string[][][] = [[]]
  for (const line of lines) {
    if (line === LINES_LEFT_OUT && lines.length > 1)
      blocks.push([])
    else
      blocks.at(-1)!.push(line.split(TEXT_LEFT_OUT))
  }
  return blocks.flat(2).every(part => output.includes(part)) ? findBlocks(blocks, output) : null
}

/** Where blocks of lines, any number of lines apart, stand first; each line is given as its parts. */
function findBlocks(blocks: readonly string[][][], output: string): Range | null {
  const lines = output.split('\n')
  const offsetOf = (end: number): number => {
    let offset = 0
    for (let line = 0; line < end; line += 1)
      offset += lines[line]!.length + 1
    return offset
  }
  let line = 0
  let [from, to] = [0, 0]
  for (const [index, block] of blocks.entries()) {
    if (block.length === 0)
      continue
    let found: Range | null = null
    const sides = { begins: index > 0, ends: index < blocks.length - 1 }
    for (; found === null && line + block.length <= lines.length; line += 1)
      found = lines[line]!.includes(block[0]![0]!) ? findBlock(block, lines, line, sides) : null
    if (found === null)
      return null
    if (index === 0)
      from = offsetOf(line - 1) + found[0]
    line += block.length - 1
    to = offsetOf(line - 1) + found[1]
  }
  return [from, to]
}

/** Which side of what is looked for is that of a line. */
interface Sides { begins: boolean, ends: boolean }

/** Where a block stands in the lines from that one on: from which character of its first line to which of its last one. */
function findBlock(block: readonly string[][], lines: readonly string[], at: number, { begins, ends }: Sides): Range | null {
  let range: Range | null = null
  for (const [index, parts] of block.entries()) {
    const found = findParts(parts, lines[at + index]!, { begins: begins || index > 0, ends: ends || index < block.length - 1 })
    if (!found)
      return null
    range = [range?.[0] ?? found[0], found[1]]
  }
  return range
}

/** Where parts stand in a line, one after the other. */
function findParts(parts: readonly string[], line: string, { begins, ends }: Sides): Range | null {
  if (!line.includes(parts[0]!))
    return null
  const end = line.trimEnd().length
  let at = 0
  let from = 0
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    const least = index === 0 && begins ? line.length - line.trimStart().length : at
    const found = isLast && (ends || (part === '' && index > 0))
      ? end - part.length
      : index === 0 && begins ? least : line.indexOf(part, least)
    if (found < least || (index === 0 && begins && found !== least) || !line.startsWith(part, found))
      return null
    if (index === 0)
      from = found
    at = found + part.length
  }
  return [from, at]
}

/** The earlier steps with which a step is compared. */
export function comparedWith({ expect = [] }: Pick<Step, 'expect'>): string[] {
  return expect.flatMap(({ sameAs, differsFrom }) => [sameAs, differsFrom].filter(id => id !== undefined))
}

/**
 * What the expectations of a step came to with its output and those of the steps before it.
 * What would be compared with a step that was skipped, whose output is undefined, is left out.
 */
export function check(step: Pick<Step, 'expect'>, text: string, outputs: Readonly<Record<string, string | undefined>> = {}): Check[] {
  return (step.expect ?? []).filter(each => comparedWith({ expect: [each] }).every(id => outputs[id] !== undefined)).map((expectation) => {
    const missed = missedBy(expectation, text, outputs)
    return { says: expectation.says, passed: missed === null, ...missed !== null && { missed } }
  })
}

/** What was looked for and not there, in Korean, or null. */
function missedBy(
  { output, sameAs, differsFrom, part }: Expectation,
  text: string,
  outputs: Readonly<Record<string, string | undefined>>,
): string | null {
  if (output !== undefined && !findExpected(output, text))
    return `출력에 없는 것: ${typeof output === 'string' ? output.trim() : String(output)}`
  const other = sameAs ?? differsFrom
  if (other === undefined)
    return null
  const [mine, theirs] = [partsOf(text, part), partsOf(outputs[other] ?? '', part)]
  if (mine.length === 0 || theirs.length === 0)
    return `${mine.length === 0 ? '이' : other} 단계의 출력에 견줄 것이 없습니다.`
  if (sameAs !== undefined)
    return mine.join('\n') === theirs.join('\n') ? null : `${sameAs} 단계의 출력과 다릅니다: ${theirs.join('\n')}`
  const others = new Set(theirs)
  const common = mine.filter(each => others.has(each))
  return common.length === 0 ? null : `${differsFrom} 단계의 출력과 같습니다: ${common.join('\n')}`
}

/** What of an output is compared. */
function partsOf(text: string, part: RegExp = /\S.*/): string[] {
  return [...text.matchAll(new RegExp(part, `${part.flags}g`))].map(([match]) => match.trimEnd())
}
