import Anser from 'anser'
import { findExpected } from '../model/expectation.ts'
import { longIds } from '../model/ids.ts'

/** Text in one style; the style is CSS that never holds anything of the text. */
export interface Piece {
  text: string
  style: string
  marked?: boolean
  /** The ID of which the text shows the beginning. */
  id?: string
}

/** A stretch of an output, whole lines where it can be: drawn once, then left alone. */
export interface Block {
  /** Which characters of the output it shows, [from, to). */
  from: number
  to: number
  /** Those characters. */
  source: string
  pieces: Piece[]
  /** About how many lines it takes on the screen. */
  lines: number
  /** The escape sequence that sets the style in which it ends. */
  ends: string
  /** How many lines are left out here; such a block has no text. */
  folded?: number
}

/** A block ends with the line in which it reaches this many characters, */
const BLOCK = 2 * 1024
/** or here, however long the line. */
const LONGEST_BLOCK = 4 * 1024
/** Characters of an escape sequence that is waited for. */
const LONGEST_ESCAPE = 32
/** Characters after which a line is guessed to wrap. */
const USUAL_LINE = 90

/**
 * The blocks of a text that has grown, or is another, since `before`: full blocks that still hold are the same
 * objects, so what is done again does not grow with the text.
 * About `most` characters are looked at in one go; the last block tells by its `to` how far that was.
 */
export function blocksOf(text: string, before: readonly Block[], most: number): Block[] {
  const changed = before.findIndex(block => !isFull(block) || !text.startsWith(block.source, block.from))
  const blocks = before.slice(0, changed === -1 ? undefined : changed)
  let from = blocks.at(-1)?.to ?? 0
  const end = Math.min(text.length, from + most)
  while (from < end) {
    const source = text.slice(from, endOf(text, from))
    const lines = Math.max(source.split('\n').length - 1, Math.ceil(source.length / USUAL_LINE))
    blocks.push({ from, to: from + source.length, source, lines, ...parse(source, blocks.at(-1)?.ends ?? '') })
    from += source.length
  }
  return blocks
}

/** Whether a block stays as it is when the text grows. */
function isFull({ source }: Block): boolean {
  return source.length >= LONGEST_BLOCK - LONGEST_ESCAPE - 1 || (source.length >= BLOCK && source.endsWith('\n'))
}

/**
 * Where the block that begins at `from` ends: with a line, else before it gets too long, never within a character or an
 * escape sequence.
 */
function endOf(text: string, from: number): number {
  const line = text.indexOf('\n', from + BLOCK - 1) + 1
  const most = from + LONGEST_BLOCK
  if (line > 0 && line <= most)
    return line
  if (text.length <= most)
    return text.length
  const cut = from + unfinished(text.slice(from, most))
  return /[\uD800-\uDBFF]/.test(text[cut - 1]!) ? cut - 1 : cut
}

/** Where a text ends but for an escape sequence that is cut off and waits for its rest. */
export function unfinished(text: string): number {
  // eslint-disable-next-line no-control-regex
  const found = /\u001B(?:\[[\d;?]*)?$/.exec(text.slice(-LONGEST_ESCAPE))
  return found ? text.length - found[0].length : text.length
}

const decorationStyles: Partial<Record<Anser.DecorationName, string>> = {
  bold: 'font-weight: bold',
  dim: 'opacity: 0.75',
  italic: 'font-style: italic',
  underline: 'text-decoration: underline',
}
const decorationCodes: Record<Anser.DecorationName, number> = {
  bold: 1,
  dim: 2,
  italic: 3,
  underline: 4,
  blink: 5,
  reverse: 7,
  hidden: 8,
  strikethrough: 9,
}

/** Escape sequences that are parsed in one go: Anser's work grows with the square of their number. */
const PARSED_AT_ONCE = 32

/** The pieces of a text that begins in the style which the escape sequence `ends` sets, and that sequence for its end. */
function parse(text: string, ends: string): Pick<Block, 'pieces' | 'ends'> {
  const pieces: Piece[] = []
  // eslint-disable-next-line no-control-regex
  const chunks = text.split(/(?=\u001B\[)/)
  for (let from = 0; from < chunks.length; from += PARSED_AT_ONCE) {
    const entries = Anser.ansiToJson(ends + chunks.slice(from, from + PARSED_AT_ONCE).join(''))
    for (const { content, fg, bg, decorations } of entries) {
      const style = [
        fg && `color: rgb(${fg})`,
        bg && `background-color: rgb(${bg})`,
        ...new Set(decorations.map(each => decorationStyles[each])),
      ]
        .filter(Boolean)
        .join('; ')
      const last = pieces.at(-1)
      if (last?.style === style)
        last.text += content
      else if (content !== '')
        pieces.push({ text: content, style })
    }
    const { fg, bg, decorations } = entries.at(-1)!
    const rgb = (code: number, color: string | null): string => color ? `;${code};2;${color.replaceAll(/, ?/g, ';')}` : ''
    ends = fg || bg || decorations.length > 0
      ? `\u001B[0${rgb(38, fg)}${rgb(48, bg)}${[...new Set(decorations)].map(each => `;${decorationCodes[each]}`).join('')}m`
      : ''
  }
  return { pieces, ends }
}

/**
 * The blocks with what each mark finds first highlighted; a match over several lines is not one.
 * Blocks without a match are the same objects.
 */
export function marked(blocks: readonly Block[], marks: readonly (string | RegExp)[]): Block[] {
  const texts = blocks.map(textOf)
  const ranges = markedRanges(texts.join(''), marks)
  let at = 0
  return blocks.map((block, index) => {
    const from = at
    at += texts[index]!.length
    return ranges.some(([start, stop]) => start < at && stop > from) ? { ...block, pieces: cut(block.pieces, from, ranges) } : block
  })
}

function textOf({ pieces }: Block): string {
  return pieces.map(({ text }) => text).join('')
}

/** What each mark finds first in a text without colours, [from, to); a match over several lines is left out. */
export function markedRanges(text: string, marks: readonly (string | RegExp)[]): [from: number, to: number][] {
  return marks.flatMap((mark): [number, number][] => {
    const [from, to] = findExpected(mark, text) ?? [0, 0]
    const found = text.slice(from, to).trim()
    return found === '' || found.includes('\n') ? [] : [[from, from + found.length]]
  })
}

/** The pieces, of which the first begins at `at`, cut where a range begins or ends; what a range holds is marked. */
function cut(pieces: readonly Piece[], at: number, ranges: readonly [number, number][]): Piece[] {
  return cutAt(pieces, at, ranges.flat()).map(({ piece, from, to }) => ({
    ...piece,
    marked: ranges.some(([start, stop]) => from >= start && to <= stop),
  }))
}

/** The pieces, of which the first begins at `at`, cut at those places, each with where it stands. */
function cutAt(pieces: readonly Piece[], at: number, edges: readonly number[]): { piece: Piece, from: number, to: number }[] {
  return pieces.flatMap((piece) => {
    const start = at
    at += piece.text.length
    const cuts = [start, ...edges.filter(edge => edge > start && edge < at), at].sort((a, b) => a - b)
    return cuts.slice(1).map((to, index) => {
      const from = cuts[index]!
      return { piece: { ...piece, text: piece.text.slice(from - start, to - start) }, from, to }
    })
  })
}

/** The blocks with long IDs cut to their first digits; the piece that shows those has the whole ID. Others are the same objects. */
export function shortened(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => {
    const ids = longIds(textOf(block))
    if (ids.length === 0)
      return block
    const pieces = cutAt(block.pieces, 0, ids.flatMap(({ from, shownTo, to }) => [from, shownTo, to])).flatMap(({ piece, from, to }) => {
      const within = ids.find(each => from >= each.from && to <= each.to)
      if (!within)
        return [piece]
      if (from >= within.shownTo)
        return []
      return [{ ...piece, text: to === within.shownTo ? `${piece.text}…` : piece.text, id: within.id }]
    })
    return { ...block, pieces }
  })
}
