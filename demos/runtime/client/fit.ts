/** In columns: how many, and font sizes in px from the largest, which is the panel's own where it says so, to the smallest. */
const ATTEMPTS = [{ columns: 'auto', largest: Infinity, smallest: 12 }, { columns: '2', largest: 14, smallest: 5 }]
const STEP = 0.5

/**
 * Makes a printed panel's text fit where its letters are too large, as nothing scrolls there: they shrink, then take two columns. What
 * does not fit in two either is cut below, in one: columns beyond the panel would make the browser shrink every page of the print.
 */
export function fitText(box: HTMLElement): void {
  const usual = Number.parseFloat(box.style.getPropertyValue('--size'))
  for (const { columns, largest, smallest } of ATTEMPTS) {
    box.style.columnCount = columns
    for (let size = Math.min(usual, largest); size >= smallest; size -= STEP) {
      box.style.setProperty('--size', `${size}px`)
      if (box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1)
        return
    }
  }
  box.style.columnCount = 'auto'
  box.style.setProperty('--size', `${ATTEMPTS[0]!.smallest}px`)
}
