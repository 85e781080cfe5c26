import type { ShallowRef } from 'vue'
import { createGlobalState } from '@vueuse/core'
import { shallowRef } from 'vue'
import { openWindowChannel } from './windows.ts'

/** What stands in a shell's head, and its size in letters. */
export interface ShellScreen { image: string, columns: number, rows: number }

type Message = { type: 'screen', screen: ShellScreen | null } | { type: 'start' } | { type: 'output', text: string }

/** Of what a shell has printed before the other window draws it, so many characters are kept. */
const KEPT = 64 * 1024

/** A shell as the other windows of the lecturer's browser show it: the hall sees what is typed in the presenter view. */
export interface ShellMirror {
  /** The shell that another window has; null without one. */
  screen: ShallowRef<ShellScreen | null>
  /** Shows this window's shell in the others; null takes it away. */
  show: (screen: ShellScreen | null) => void
  /** Empties it there. */
  start: () => void
  write: (text: string) => void
  /** Draws what comes, and what has come so far, until the returned function is called. */
  draw: (write: (text: string) => void, clear: () => void) => () => void
}

/** The one shell that windows of this browser share. */
export const useShellMirror = createGlobalState((): ShellMirror => {
  const screen = shallowRef<ShellScreen | null>(null)
  let text = ''
  let drawn: { write: (text: string) => void, clear: () => void } | null = null
  const send = openWindowChannel<Message>('shell', (message) => {
    if (message.type === 'screen') {
      screen.value = message.screen
    }
    else if (message.type === 'output') {
      text = (text + message.text).slice(-KEPT)
      drawn?.write(message.text)
    }
    else {
      text = ''
      drawn?.clear()
    }
  })
  return {
    screen,
    show: next => send({ type: 'screen', screen: next }),
    start: () => send({ type: 'start' }),
    write: text => send({ type: 'output', text }),
    draw: (write, clear) => {
      drawn = { write, clear }
      write(text)
      return () => drawn = null
    },
  }
})
