import type { Step } from '../../define.ts'
import type { StepState } from '../model/run-events.ts'
import { commandLine, shownCommand, typedWords } from '../model/recording.ts'

/** A word of a command as a panel shows it; `added` when the deck has put it in. */
export interface CommandWord {
  text: string
  added: boolean
}

/** A command's words as typed, or with `all` every one that really ran. A panel breaks lines between them, not within. */
export function commandWords(step: Step, state: StepState | undefined, { all }: { all: boolean }): CommandWord[] {
  const ran = state && state.args.length > 0 ? state : undefined
  if (!all || !ran)
    return shownCommand(step, ran && typedWords(ran)).split(' ').map(text => ({ text, added: false }))
  const [from, to] = ran.added
  return ran.args.map((word, index) => ({ text: commandLine([word]), added: index >= from && index < to }))
}
