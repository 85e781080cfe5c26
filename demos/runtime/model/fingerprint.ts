/** One tile of a fingerprint: an SVG path in a square of side 1 whose upper left corner is `x`, `y`. */
export interface Tile {
  x: number
  y: number
  path: string
}

/** Columns and rows of a fingerprint's left half; the right half mirrors it. */
export const COLUMNS = 3
export const ROWS = 4

/** One shape a hexadecimal digit, none alike: 0 to 5 are light, 6 to f heavy, so weight is read from afar and shape from near. */
const shapes = [
  '',
  'M.5 .26a.24 .24 0 0 1 0 .48a.24 .24 0 0 1 0 -.48Z',
  'M0 .36H1V.64H0Z',
  'M.36 0H.64V1H.36Z',
  'M0 0H.3L1 .7V1H.7L0 .3Z',
  'M1 0H.7L0 .7V1H.3L1 .3Z',
  'M0 0H1A1 1 0 0 1 0 1Z',
  'M1 0V1A1 1 0 0 1 0 0Z',
  'M1 1H0A1 1 0 0 1 1 0Z',
  'M0 1V0A1 1 0 0 1 1 1Z',
  'M0 0H1L0 1Z',
  'M0 0H1V1Z',
  'M.5 0a.5 .5 0 0 1 0 1a.5 .5 0 0 1 0 -1Z',
  'M0 0H1V1H0Z',
  'M.5 0L1 .5L.5 1L0 .5Z',
  'M0 0H1V1H0ZM.5 .26a.24 .24 0 0 0 0 .48a.24 .24 0 0 0 0 -.48Z',
]

/** The first twelve hexadecimal digits of an ID or digest, as `docker image ls` prints them; null where the text has none. */
export function shortId(text: string): string | null {
  return /(?<![0-9a-z])[0-9a-f]{12}(?=[0-9a-f]{52}(?![0-9a-z])|(?![0-9a-z]))/i.exec(text)?.[0].toLowerCase() ?? null
}

/**
 * The picture of an ID or digest: a tile for each of its first twelve digits, in the left half of a mirrored field. Short and
 * full form of one ID have one picture, and two IDs whose short forms differ have two. Null where the text has no ID.
 */
export function fingerprint(id: string): Tile[] | null {
  const digits = shortId(id)
  return digits === null
    ? null
    : [...digits].map((digit, index) => (
        { x: index % COLUMNS, y: Math.floor(index / COLUMNS), path: shapes[Number.parseInt(digit, 16)]! }
      ))
}
