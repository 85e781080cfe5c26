/** An image's or a container's whole ID, or a digest. */
const LONG_ID = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g
/** As many digits as docker itself shows of an ID. */
const SHORT = 12

/** Where the IDs of a text stand, and up to where they are shown, in characters. */
export function longIds(text: string): { from: number, shownTo: number, to: number, id: string }[] {
  return [...text.matchAll(LONG_ID)].map(({ 0: id, index }) => ({ from: index, shownTo: index + SHORT, to: index + id.length, id }))
}

/** A text with its IDs cut to the 12 digits that a hall can compare. */
export function withShortIds(text: string): string {
  return text.replaceAll(LONG_ID, id => `${id.slice(0, SHORT)}…`)
}
