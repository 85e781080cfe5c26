import type { Fault } from './definition-shape.ts'
import { parseSync } from 'vite'

/** What of a syntax tree (https://github.com/estree/estree) leads to a place in a literal. */
interface Node {
  type: string
  start: number
  /** An identifier's. */
  name?: string
  declaration?: Node
  arguments?: Node[]
  properties?: Node[]
  elements?: (Node | null)[]
  expression?: Node
  key?: Node
  /** A property's; a literal's is no node. */
  value?: Node | string
}

/** The line of a definition's source, from 1, that holds a place in it, or the nearest that the text tells of. */
export function lineOf(source: string, path: Fault['path']): number {
  const { program } = parseSync('demo.ts', source)
  let node = (program.body as unknown as Node[]).find(({ type }) => type === 'ExportDefaultDeclaration')?.declaration
  let start = node?.start ?? 0
  for (const key of path) {
    node = literalOf(node)
    const found = typeof key === 'number'
      ? node?.elements?.[key]
      : node?.properties?.find(({ key: name }) => name?.name === key || name?.value === key)
    if (!found)
      break
    start = found.start
    node = typeof found.value === 'object' ? found.value : found
  }
  return source.slice(0, start).split('\n').length
}

/** The object or array that an expression holds: `defineDemo({ … })` and `[…] as const` hold what is in them. */
function literalOf(node: Node | undefined): Node | undefined {
  return node?.arguments?.[0] ?? node?.expression ?? node
}
