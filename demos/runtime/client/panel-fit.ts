import type { Line } from './text-rows.ts'
import { rowsOf } from './text-rows.ts'

/** The free room of a panel, in px of the slide's canvas. */
export interface Room { width: number, height: number }

/** A step that is shown large. */
export interface LargeStep {
  command: Line
  /** What is shown of its output; null for one that is longer than any room. */
  output: readonly Line[] | null
  /** How many folds stand in it. */
  folds: number
  /** How many letters its state takes, at the right of the command's first row. */
  state: number
  /** What was checked, as how many letters of a running text it takes. */
  checks: readonly number[]
}

/** Sizes of letters, in px. */
export interface Sizes { output: number, command: number }

/** Sizes of an output, the largest first. They are few, so that letters seldom change while an output grows. */
const SCALE = [40, 34, 29, 26, 24, 22, 20]
/** On the whole wall. */
const WALL_SCALE = [72, 60, 50, ...SCALE]
/** Of what must be read, from the last row. */
export const LEGIBLE = 24
/** Of a command, and of anything that must be read, at the least. */
export const SMALLEST = 20
/** Of a line that tells of an earlier step, and its height; styled in DemoStep.vue. */
export const QUIET = 18
const QUIET_HEIGHT = 27
/** Of what was checked; styled in DemoStep.vue. */
const CHECK = 20
const CHECK_HEIGHT = 28
/** A row's height in letters, for outputs and commands; styled in Demo.vue. */
export const LEADING = 1.36
/** Above each step that has something above it. */
const STEP_GAP = 8
/** A column of a fixed-width font, in letters. */
const ADVANCE = 0.5
/** A letter of a running text, at the widest. */
const LETTER = 0.92
/** A letter of a step's state, in px, and what is free before it. */
const STATE_LETTER = 14
const STATE_GAP = 16
/** Rows that a command takes at most where it could be smaller. */
const COMMAND_ROWS = 2
/** An output whose lines have to be wrapped does not grow further. */
const LARGEST_WRAPPED = 29

interface Limits {
  room: Room
  /** How many quiet lines there are besides. */
  quiet: number
  /** Whether the panel fills the slide. */
  wall: boolean
  /** The smallest letters that will do. */
  least: number
}

/**
 * The largest letters at which these steps fit; null where they fit at none that will do. An output's lines are wrapped only
 * where they would be less than {@link LEGIBLE} otherwise. It is computed, not tried: a fixed-width font has no surprises.
 */
export function fitSteps(steps: readonly LargeStep[], limits: Limits): Sizes | null {
  const scale = (limits.wall ? WALL_SCALE : SCALE).filter(size => size >= limits.least)
  const sizes = [
    ...scale.filter(size => size >= LEGIBLE).map(size => ({ size, wraps: false })),
    ...scale.filter(size => size <= LARGEST_WRAPPED).map(size => ({ size, wraps: true })),
  ]
  const found = sizes.find(({ size, wraps }) => isFitting(steps, size, { ...limits, wraps }))
  return found ? { output: found.size, command: commandSize(steps, found.size, limits.room) } : null
}

function isFitting(steps: readonly LargeStep[], size: number, { room, quiet, wraps }: Limits & { wraps: boolean }): boolean {
  const columns = columnsAt(size, room)
  const rows = steps.flatMap(({ output }) => output?.map(line => rowsOf(line, columns)) ?? [Infinity])
  const command = commandSize(steps, size, room)
  const height = quiet * QUIET_HEIGHT + (steps.length - (quiet > 0 ? 0 : 1)) * STEP_GAP
    + sum(rows) * size * LEADING + sum(steps.map(step => heightOf(step, command, room)))
  return height <= room.height && (wraps || rows.every(each => each <= 1))
}

/** Letters of commands are smaller than those of outputs; a legible command of one row comes before a larger one of two. */
export function commandSize(steps: readonly LargeStep[], output: number, room: Room): number {
  const largest = Math.max(SMALLEST, Math.min(output, Math.round(output * 0.75)))
  const sizes = [largest, LEGIBLE, 22].filter(each => each <= largest)
  const rows = (size: number): number => Math.max(...steps.map(step => commandRows(step, size, room)))
  return sizes.find(size => size >= LEGIBLE && rows(size) <= 1) ?? sizes.find(size => rows(size) <= COMMAND_ROWS) ?? SMALLEST
}

/** A command stands at the right of its prompt, which is as wide as a letter is high. */
function commandRows({ command, state }: LargeStep, size: number, room: Room): number {
  const reserved = Math.ceil((state * STATE_LETTER + STATE_GAP) / (size * ADVANCE))
  return rowsOf(command, columnsAt(size, { ...room, width: room.width - size }), reserved)
}

/** A step's height without its output. */
function heightOf(step: LargeStep, size: number, room: Room): number {
  const { folds, checks } = step
  const perRow = Math.max(1, Math.floor(room.width / (CHECK * LETTER)))
  return commandRows(step, size, room) * size * LEADING
    + folds * QUIET_HEIGHT
    + sum(checks.map(letters => Math.ceil(letters / perRow))) * CHECK_HEIGHT
}

function columnsAt(size: number, { width }: Room): number {
  return Math.max(1, Math.floor(width / (size * ADVANCE)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
