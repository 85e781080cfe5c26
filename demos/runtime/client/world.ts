/**
 * The world that figures are drawn in. Its unit is a px of the slide's canvas, and y = 0 is the ground: what stands on it
 * has y < 0, below it are the host and then the kernel. Parts are placed by their lower left corner.
 */

/** What a part belongs to: its colour. */
export type Tone = 'image' | 'container' | 'host' | 'kernel' | 'registry'

/** How far a block's back lies to the right of its front, and above it. */
export const DEPTH = { x: 14, y: 10 }
/** Heights of the bands below the ground. */
export const HOST = 44
export const KERNEL = 56

/** About how wide a text of the deck's fonts is, in px: SVG has no box that grows with its text. */
export function textWidth(text: string, { size, mono = false }: { size: number, mono?: boolean }): number {
  const units = [...text].map(letter => letter > '⺀' ? (mono ? 1 : 0.92) : mono ? 0.5 : /[A-Z]/.test(letter) ? 0.68 : 0.56)
  return size * units.reduce((sum, unit) => sum + unit, 0)
}
