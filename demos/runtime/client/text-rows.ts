/** A word of a line: how many columns of blanks stand before it, and how many it takes. */
type Word = readonly [gap: number, width: number]
/** A line as its words. */
export type Line = readonly Word[]

const TAB_COLUMNS = 8
/** What a fixed-width font sets over two columns; signs that some fonts set so are counted among them. */
const WIDE = /[\u1100-\u115F\u2010-\u27BF\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6·\u{1F000}-\u{3FFFF}]/gu

/** How many columns a text takes in a fixed-width font. */
export function columnsOf(text: string): number {
  return text.length + (text.match(WIDE)?.filter(each => each.length === 1).length ?? 0) + (text.split('\t').length - 1) * (TAB_COLUMNS - 1)
}

export function lineOf(text: string): Line {
  return [...text.matchAll(/(\s*)(\S+)/g)].map(([, gap, word]) => [columnsOf(gap!), columnsOf(word!)])
}

/**
 * How many rows a line takes in that many columns: it breaks at blanks, and within a word that is longer than a row. A browser
 * may break at a hyphen too, and then takes no more rows. In the first row `reserved` columns are somebody else's.
 */
export function rowsOf(line: Line, columns: number, reserved = 0): number {
  let rows = 1
  let at = reserved
  for (const [index, [gap, width]] of line.entries()) {
    if (at + gap + width <= columns) {
      at += gap + width
      continue
    }
    if (index > 0 || reserved > 0) {
      rows += 1
      at = width
    }
    else {
      at += gap + width
    }
    const more = Math.max(0, Math.ceil(at / columns) - 1)
    rows += more
    at -= more * columns
  }
  return rows
}

/** A command's words in groups, each of which keeps to one row where it can: a command breaks before its options. */
export function groupsOf<Each extends { text: string }>(words: readonly Each[]): Each[][] {
  const groups: Each[][] = []
  for (const word of words) {
    if (groups.length === 0 || word.text.startsWith('-'))
      groups.push([])
    groups.at(-1)!.push(word)
  }
  return groups
}

/** A command as a line whose words are its groups; such a group breaks within only when it is longer than a row. */
export function commandLine(words: readonly { text: string }[]): Line {
  return groupsOf(words).map((group, index): Word => [index === 0 ? 0 : 1, columnsOf(group.map(({ text }) => text).join(' '))])
}
