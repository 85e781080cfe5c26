import type { Problem } from './problem.ts'

/** Names of the custom events on Vite's dev-server socket that carry a shell's terminal. */
export const SHELL_TO_SERVER = 'demo:shell-ask'
export const SHELL_TO_CLIENT = 'demo:shell-tell'

/** Longest text that is typed or pasted at once, in characters. */
export const INPUT_LIMIT = 16 * 1024
/** Of the output, characters that a view may be behind before the container has to wait. */
export const OUTPUT_AHEAD = 256 * 1024

/** What the lecturer's views are told of the shell. */
export type ShellTell
  = | { type: 'opened', demo: string, image: string }
    | { type: 'output', text: string }
    | { type: 'ended' }
    | { type: 'refused', problem: Problem }
