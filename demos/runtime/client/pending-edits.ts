/** Edits wait this long for the next key, in milliseconds. */
const PAUSE_MS = 300

/** Edits of files that are not sent yet: each goes when the typing pauses. */
export class PendingEdits {
  readonly #send: (demo: string, file: string) => void
  readonly #timers = new Map<string, Map<string, ReturnType<typeof setTimeout>>>()

  constructor(send: (demo: string, file: string) => void) {
    this.#send = send
  }

  has(demo: string, file: string): boolean {
    return this.#timers.get(demo)?.has(file) ?? false
  }

  /** Has a file sent, at the latest when the typing pauses. */
  add(demo: string, file: string): void {
    const timers = this.#timers.get(demo) ?? new Map<string, ReturnType<typeof setTimeout>>()
    this.#timers.set(demo, timers)
    clearTimeout(timers.get(file))
    timers.set(file, setTimeout(() => this.#sendNow(demo, file), PAUSE_MS))
  }

  /** Sends what waits of a demo at once. */
  flush(demo: string): void {
    for (const file of [...this.#timers.get(demo)?.keys() ?? []])
      this.#sendNow(demo, file)
  }

  /** Forgets what waits of a file. */
  cancel(demo: string, file: string): void {
    clearTimeout(this.#timers.get(demo)?.get(file))
    this.#timers.get(demo)?.delete(file)
  }

  #sendNow(demo: string, file: string): void {
    this.cancel(demo, file)
    this.#send(demo, file)
  }
}
