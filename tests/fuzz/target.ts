import type { ServedDeck } from '../support/deck.ts'
import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'
import { KEY_HEADER } from '../../demos/runtime/model/key.ts'
import { copyDeck } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { OTHER_ADDRESS } from '../support/network.ts'

/** The port of the deck itself, and the one that the audience reaches. */
export const DOORS = ['deck', 'audience'] as const
export type Door = typeof DOORS[number]
/** A client brings the key or does not: the lecturer and a local user at the one door, the presenter and a follower at the other. */
export const ROLES = ['lecturer', 'nobody'] as const
export type Role = typeof ROLES[number]

export const DOWNLOAD = '/engine/16b66ca5d130.part'
const slides = `---
theme: default
---

# 표적

---

<Demo id="helloworld" />

---

<Demo id="throwaway" />
`
/** On Linux all of 127.0.0.0/8 is this machine: whoever storms comes from an address of its own, as in a hall. */
const STORMER = process.platform === 'linux' ? '127.0.0.66' : undefined

const TOMORROW = new Date(Date.now() + 24 * 60 * 60_000)

/** What an attacked deck takes of the machine, and what it has said. */
export interface Vitals {
  descriptors: number
  /** Resident memory, in MB. */
  memory: number
}

/** A deck of its own that is attacked: a copy of this one with another few slides, opened to an audience. */
export class Target {
  readonly deck: ServedDeck
  readonly #folder: string
  #cookie = ''
  #said = ''
  #ended: string | null = null

  private constructor(deck: ServedDeck, folder: string) {
    this.deck = deck
    this.#folder = folder
    deck.process.all.on('data', chunk => this.#said += stripVTControlCharacters(String(chunk)))
    void deck.process.then(({ exitCode, signal }) => this.#ended = String(signal ?? exitCode))
  }

  static async start(env: Record<string, string> = {}): Promise<Target> {
    const folder = dirname(await copyDeck(slides))
    const site = join(folder, 'dist') // a small one: what matters is how its files are served
    await mkdir(site)
    await symlink(join(folder, 'public/engine'), join(site, 'engine'))
    await writeFile(join(site, 'index.html'), '<!doctype html><html><title>청중</title>')
    await writeFile(join(site, 'lecture.txt'), process.env.LECTURE ?? '')
    await utimes(join(site, 'index.html'), TOMORROW, TOMORROW) // younger than all that a site is made of, so it is not built
    const deck = await startDeck({
      folder,
      env: { XDG_STATE_HOME: join(folder, 'state'), ...env },
      args: ['--remote', '--host', OTHER_ADDRESS],
    })
    const target = new Target(deck, folder)
    const entrance = await fetch(`http://${target.host('audience')}/presenter`, { method: 'POST', headers: { [KEY_HEADER]: deck.key } })
    target.#cookie = entrance.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    return target
  }

  host(door: Door): string {
    return `${door === 'deck' ? 'localhost' : OTHER_ADDRESS}:${this.deck.port}`
  }

  /** The headers of a client with that role at that door. */
  headers(door: Door, role: Role): Record<string, string> {
    return {
      host: this.host(door),
      ...role === 'lecturer' && { [KEY_HEADER]: this.deck.key, ...door === 'audience' && { cookie: this.#cookie } },
    }
  }

  connect(door: Door): ReturnType<typeof connect> {
    const host = door === 'deck' ? '127.0.0.1' : OTHER_ADDRESS
    return connect({ port: this.deck.port, host, localAddress: STORMER }).on('error', () => {})
  }

  /** Text that the deck's terminal has shown. */
  get said(): string {
    return this.#said
  }

  /** How the deck's process has ended; null while it lives. */
  get ended(): string | null {
    return this.#ended
  }

  /** What the process takes now; null where this machine does not tell. */
  async vitals(): Promise<Vitals | null> {
    const { pid } = this.deck.process
    try {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return { descriptors: (await readdir(`/proc/${pid}/fd`)).length, memory: Number(/VmRSS:\s*(\d+)/.exec(status)![1]) / 1000 }
    }
    catch {
      return null
    }
  }

  async stop(): Promise<void> {
    await this.deck.stop()
    await rm(this.#folder, { recursive: true })
  }
}
