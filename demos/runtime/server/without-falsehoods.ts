import { parseSync } from 'vite'

/** What of a syntax tree (https://github.com/estree/estree) says where a property stands. */
interface Node {
  type: string
  start: number
  end: number
  key?: { name?: string }
}

/** A definition's source without what makes its claims false, which no page needs. */
export function withoutFalsehoods(source: string): string {
  const cuts = falsehoodsIn(parseSync('demo.ts', source).program)
  return cuts.reduceRight((text, { start, end }) => `${text.slice(0, start)}${text.slice(end).replace(/^\s*,/, '')}`, source)
}

/** The properties of that name, outermost, in the order of the source. */
function falsehoodsIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null)
    return []
  const node = value as Node
  return node.type === 'Property' && node.key?.name === 'falsify' ? [node] : Object.values(value).flatMap(falsehoodsIn)
}
