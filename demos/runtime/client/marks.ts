import type { Step } from '../../define.ts'
import { LINES_LEFT_OUT } from '../model/expectation.ts'

/** What to highlight in a step's output: what it is expected to show, and the line that is compared between two steps. */
export function marksOf(steps: readonly Step[], index: number): (string | RegExp)[] {
  const compared = steps.flatMap(({ expect = [] }, at) => expect.flatMap(({ sameAs, differsFrom, part = /\S.*/ }) => {
    const other = sameAs ?? differsFrom
    return other !== undefined && (at === index || other === steps[index]?.id) ? [part] : []
  }))
  return [...steps[index]?.expect?.flatMap(({ output }) => output === undefined ? [] : linesOf(output)) ?? [], ...compared]
}

/** What is looked for, line by line, as only what stands in one line is highlighted. */
function linesOf(output: string | RegExp): (string | RegExp)[] {
  return typeof output === 'string'
    ? output.trim().split('\n').filter(line => line.trim() !== LINES_LEFT_OUT)
    : [output]
}
