/** The elements of a slide that leave it, or hide what does not fit into them. */
export function outside(slide: Element): string[] {
  const box = slide.getBoundingClientRect()
  const scrolls = '.screen, .text, .cm-editor'
  return [...slide.querySelectorAll('*')].filter((element) => {
    const { right, bottom, left, top, width, height } = element.getBoundingClientRect()
    return width > 0 && height > 0 && !element.closest('[aria-hidden="true"]') && !element.parentElement?.closest(scrolls)
      && (right > box.right + 1 || bottom > box.bottom + 1 || left < box.left - 1 || top < box.top - 1
        || (element.matches('.slidev-layout, td, th, li, .card, pre')
          && element.scrollWidth > element.clientWidth + 2
          && getComputedStyle(element).overflowX === 'hidden'))
  }).map(element => `${element.tagName}.${element.getAttribute('class')} ${element.textContent?.slice(0, 40)}`)
}

/** What a reader in the last row could not read on a slide. */
export interface Unreadable {
  /** Texts whose letters are too small, with their px on the slide's canvas. */
  small: string[]
  /** Words of Hangul that are split over two lines. */
  broken: string[]
  /** Commands and options that are split over two lines. */
  wrapped: string[]
  /** Pairs of texts that lie over each other; in a terminal, what is scrolled away lies below a command. */
  overlapping: string[]
}

/** What a text must have at the least, in px of the canvas, and the texts that may have less, the first that fits. */
export interface Sizes {
  least: number
  smaller: readonly { texts: string, px: number }[]
}

/** Measures the texts of a slide that are in sight, each line of each. It runs within the page. */
export function unreadable(slide: Element, { least, smaller }: Sizes): Unreadable {
  const scale = slide.getBoundingClientRect().width / (slide as HTMLElement).offsetWidth
  const found: Record<keyof Unreadable, Set<string>> = { small: new Set(), broken: new Set(), wrapped: new Set(), overlapping: new Set() }
  const range = document.createRange()
  const start = (text: string | null): string => text!.trim().replaceAll(/\s+/g, ' ').slice(0, 40)

  const clips = new Map<Element, DOMRect>()
  /** The part of the page in which an element's contents can be seen. */
  const clipOf = (element: Element): DOMRect => {
    const known = clips.get(element)
    if (known)
      return known
    const outer = element === slide ? slide.getBoundingClientRect() : clipOf(element.parentElement!)
    const isClipping = element !== slide && element instanceof HTMLElement && getComputedStyle(element).overflow !== 'visible'
    const clip = isClipping ? intersection(outer, element.getBoundingClientRect()) : outer
    clips.set(element, clip)
    return clip
  }
  function intersection(a: DOMRect, b: DOMRect): DOMRect {
    const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)]
    return new DOMRect(left, top, Math.max(0, Math.min(a.right, b.right) - left), Math.max(0, Math.min(a.bottom, b.bottom) - top))
  }

  const lines: { rect: DOMRect, element: Element, node: Node, text: string }[] = []
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!
    const text = node.textContent!
    if (text.trim() === ''
      || element.closest('title, desc, style')
      || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
      continue
    }
    range.selectNodeContents(node)
    const seen = [...range.getClientRects()]
      .map(rect => intersection(rect, clipOf(element)))
      .filter(({ width, height }) => width > 2 && height > 2)
    if (seen.length === 0)
      continue
    const zoom = element instanceof SVGGraphicsElement ? Math.abs(element.getScreenCTM()!.a) / scale : 1
    const drawn = Number.parseFloat(getComputedStyle(element).fontSize) * zoom
    const allowed = smaller.find(({ texts }) => element.closest(texts))?.px ?? least
    if (drawn < allowed - 0.1)
      found.small.add(`${drawn.toFixed(1)} px: ${start(text)}`)
    for (const rect of seen)
      lines.push({ rect, element, node, text })
    if (seen.length > 1) {
      for (const { 0: word, index } of text.matchAll(/\p{Script=Hangul}{2,}/gu)) {
        const tops = [index, index + word.length - 1].map((at) => {
          range.setStart(node, at)
          range.setEnd(node, at + 1)
          return range.getBoundingClientRect().top
        })
        if (Math.abs(tops[0]! - tops[1]!) > 4)
          found.broken.add(`${word} in: ${start(text)}`)
      }
    }
  }

  for (const command of slide.querySelectorAll('.command .word, code:not(.command *, pre *)')) {
    if (new Set([...command.getClientRects()].map(({ top }) => Math.round(top))).size > 1)
      found.wrapped.add(start(command.textContent))
  }

  /** Letters stand within the middle of their line's box. */
  const letters = ({ left, top, width, height }: DOMRect): DOMRect => new DOMRect(left + 1, top + height * 0.16, width - 2, height * 0.68)
  const boxes = lines.map(line => ({ ...line, box: letters(line.rect) })).sort((a, b) => a.box.top - b.box.top)
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      if (other.box.top > one.box.bottom)
        break
      const { width, height } = intersection(one.box, other.box)
      const terminal = one.element.closest('.screen')
      if (width > 2 && height > 2 && one.node !== other.node && (terminal === null || terminal !== other.element.closest('.screen')))
        found.overlapping.add(`${start(one.text)} × ${start(other.text)}`)
    }
  })
  return { small: [...found.small], broken: [...found.broken], wrapped: [...found.wrapped], overlapping: [...found.overlapping] }
}
