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
