import type { Step } from '../../define.ts'

/** What to highlight in a step's output: what it is expected to show, and the line that is compared between two steps. */
export function marksOf(steps: readonly Step[], index: number): (string | RegExp)[] {
  const compared = steps.some(({ expect = [] }, at) => expect.some(({ sameAs, differsFrom }) => {
    const other = sameAs ?? differsFrom
    return other !== undefined && (at === index || other === steps[index]?.id)
  }))
  return [...steps[index]?.expect?.flatMap(({ output }) => output ?? []) ?? [], ...compared ? [/\S.*/] : []]
}
