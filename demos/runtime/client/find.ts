/** Hits that are looked for at most; more are not counted. */
export const MOST_HITS = 1000

/** Where a text occurs in another, upper and lower case alike, one after the other. */
export function findAll(text: string, query: string): number[] {
  if (query === '')
    return []
  const [whole, part] = [text.toLowerCase(), query.toLowerCase()]
  const hits: number[] = []
  for (let at = whole.indexOf(part); at !== -1 && hits.length < MOST_HITS; at = whole.indexOf(part, at + part.length))
    hits.push(at)
  return hits
}

/** The same within elements of the page, as ranges; a hit may lie across nodes. */
export function findRanges(elements: Iterable<Element>, query: string): Range[] {
  const ranges: Range[] = []
  for (const element of elements) {
    const nodes: { node: Node, from: number }[] = []
    let text = ''
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      nodes.push({ node, from: text.length })
      text += node.nodeValue
    }
    let at = 0
    const place = (offset: number): [Node, number] => {
      while (nodes[at + 1] && nodes[at + 1]!.from < offset)
        at += 1
      return [nodes[at]!.node, offset - nodes[at]!.from]
    }
    for (const hit of findAll(text, query)) {
      const range = document.createRange()
      range.setStart(...place(hit))
      range.setEnd(...place(hit + query.length))
      ranges.push(range)
    }
  }
  return ranges.slice(0, MOST_HITS)
}
