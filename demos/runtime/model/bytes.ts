const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** How many bytes a text takes as UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Bytes as the docker CLI writes them, e.g. `88.3 MB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 999.5 && unit < UNITS.length - 1) { // would be written as 1000
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`
}

/** The first place at or after `at` where a text may be cut without cutting a character: not between two surrogates. */
export function characterBoundary(text: string, at: number): number {
  const isSecondHalf = /^[\uDC00-\uDFFF]$/.test(text[at] ?? '') && /^[\uD800-\uDBFF]$/.test(text[at - 1] ?? '')
  return isSecondHalf ? at + 1 : at
}
