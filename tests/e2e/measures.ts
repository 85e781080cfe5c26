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

/** The texts of a slide that are drawn smaller than 14 px of its canvas. */
export function small(slide: Element): string[] {
  const scale = slide.getBoundingClientRect().width / (slide as HTMLElement).offsetWidth
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
  const found = new Set<string>()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!
    const range = document.createRange()
    range.selectNodeContents(node)
    if (node.textContent!.trim() === ''
      || range.getClientRects().length === 0
      || element.closest('[aria-hidden="true"], title, desc, style')) {
      continue
    }
    const zoom = element instanceof SVGElement ? (element as Element as SVGGraphicsElement).getScreenCTM()!.a / scale : 1
    const drawn = Number.parseFloat(getComputedStyle(element).fontSize) * zoom
    if (drawn < 13.9)
      found.add(`${drawn.toFixed(1)} px: ${node.textContent!.trim().slice(0, 40)}`)
  }
  return [...found]
}

/** The texts of a slide's panels that are smaller than they may be: commands and outputs of large steps, and anything below 16 px. */
export function panelTextBelow(slide: Element, evidence: number): string[] {
  const least = 16
  const texts = [...slide.querySelectorAll<HTMLElement>('[data-demo] .screen *')].filter(element => element.checkVisibility()
    && [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ''))
  return texts.flatMap((element) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize)
    const isEvidence = element.closest('.step.large') !== null && element.closest('.command code, .demo-output .block') !== null
      && !element.matches('.gap')
    return size < (isEvidence ? evidence : least) ? [`${size} px: ${element.textContent!.trim().slice(0, 40)}`] : []
  })
}
