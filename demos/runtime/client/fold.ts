import Anser from 'anser'
import { markedRanges } from './output-blocks.ts'

/** What of an output is left out: nothing, a build's log of the builder's own work, or all lines in which nothing is marked. */
export type Fold = 'nothing' | 'aside' | 'unmarked'

/** A stretch of an output: its text, or only how many lines it has, where those tell a class little. */
export type Stretch = { text: string } | { lines: number }

/** What BuildKit does besides the Dockerfile's instructions. */
const ASIDE = /^(?:\[internal\] |building with |exporting to |resolve )/

/**
 * BuildKit's plain log with its own work folded: what is left are the instructions and the image's name.
 * Blank lines are left out. A text that is no such log is one stretch, as it is.
 */
export function folded(log: string): Stretch[] {
  const stretches: Stretch[] = []
  const aside = new Map<string, boolean>()
  for (const line of log.split('\n').filter(each => each.trim() !== '')) {
    const [, vertex, rest] = /^#(\d+) (.*)$/.exec(line) ?? []
    if (vertex === undefined || rest === undefined)
      return [{ text: log }]
    if (!aside.has(vertex))
      aside.set(vertex, ASIDE.test(rest))
    if (rest.startsWith('naming to '))
      aside.set(vertex, false)
    const last = stretches.at(-1)
    if (last && ('lines' in last) === aside.get(vertex))
      'lines' in last ? last.lines += 1 : last.text += `${line}\n`
    else
      stretches.push(aside.get(vertex) ? { lines: 1 } : { text: `${line}\n` })
  }
  return stretches.length > 0 ? stretches : [{ text: log }]
}

/**
 * An output with what tells nothing folded: the lines in which none of `marks` is found. A single line is not worth its
 * fold where others are shown.
 */
export function foldedUnmarked(output: string, marks: readonly (string | RegExp)[]): Stretch[] {
  const text = Anser.ansiToText(output)
  const ranges = markedRanges(text, marks)
  const stretches: Stretch[] = []
  let at = 0
  const plain = text.split('\n')
  const lines = output.split('\n').map((line, index) => {
    const from = at
    at += plain[index]!.length + 1
    const range = ranges.find(([start]) => start >= from && start < at)
    return { line: range ? aroundMark(line, plain[index]!, [range[0] - from, range[1] - from]) : line, marked: range !== undefined }
  }).filter(({ line }) => line.trim() !== '')
  const isAlone = (index: number): boolean => ranges.length > 0
    && lines[index - 1]?.marked !== false && lines[index + 1]?.marked !== false
  for (const [index, { line, marked }] of lines.entries()) {
    const last = stretches.at(-1)
    if (marked || isAlone(index))
      last && 'text' in last ? last.text += `${line}\n` : stretches.push({ text: `${line}\n` })
    else
      last && 'lines' in last ? last.lines += 1 : stretches.push({ lines: 1 })
  }
  return stretches
}

/** Characters from which on a line is too long to be read. */
const LONG_LINE = 120
/** Characters that are kept beside a mark in such a line. */
const BESIDE_MARK = 28

/** A long line cut to what stands around its mark; the cuts are shown. A line with colours is left as it is. */
function aroundMark(line: string, plain: string, [from, to]: readonly [number, number]): string {
  if (line.length < LONG_LINE || line !== plain)
    return line
  const [least, most] = [Math.max(0, from - BESIDE_MARK), Math.min(line.length, to + BESIDE_MARK)]
  const word = line.indexOf(' ', least) + 1
  const end = line.lastIndexOf(' ', most)
  const left = least === 0 || word === 0 || word > from ? least : word
  const right = most === line.length || end < to ? most : end
  return `${left > 0 ? '… ' : ''}${line.slice(left, right)}${right < line.length ? ' …' : ''}`
}

/** An output as it is shown with that fold. */
export function stretchesOf(output: string, fold: Fold, marks: readonly (string | RegExp)[]): Stretch[] {
  return fold === 'nothing' ? [{ text: output }] : fold === 'aside' ? folded(output) : foldedUnmarked(output, marks)
}
