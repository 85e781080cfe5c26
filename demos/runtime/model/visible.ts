/** Colours and other styles, and line ends of two characters, pass; what else a terminal takes for an order does not. */
// eslint-disable-next-line no-control-regex
const controls = /\u001B\[[\d;:]*m|\r\n|[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g
/** The beginning of what passes only when it is whole. */
// eslint-disable-next-line no-control-regex
const cutOff = /(?:\u001B(?:\[[\d;:]*)?|\r)$/
const SYMBOLS = 0x2400

/**
 * A text that others have written, for a terminal: its control characters are shown as symbols (␛, ␇) or numbers, so that
 * it cannot set the terminal's title or clipboard, nor write over what stands there. Colours pass.
 */
export function visible(text: string): string {
  return text.replaceAll(controls, (found) => {
    const code = found.charCodeAt(0)
    if (found.length > 1)
      return found
    if (code < 0x20)
      return String.fromCharCode(SYMBOLS + code)
    return code === 0x7F ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

/** The same for a text that comes in pieces; at its end the terminal has its own colours again. */
export function visibleStream(write: (text: string) => void): { push: (piece: string) => void, end: () => void } {
  let held = ''
  let styled = false
  return {
    push: (piece) => {
      const text = held + piece
      held = cutOff.exec(text)?.[0] ?? ''
      styled ||= text.includes('\u001B[')
      write(visible(text.slice(0, text.length - held.length)))
    },
    end: () => {
      write(visible(held) + (styled ? '\u001B[0m' : ''))
      held = ''
      styled = false
    },
  }
}
