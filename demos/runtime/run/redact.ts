import type { Sink } from './output.ts'
import { Buffer } from 'node:buffer'
import { homedir } from 'node:os'
import { byteLength, characterBoundary } from '../model/bytes.ts'
import { readDockerConfig } from './docker-config.ts'

const HIDDEN = '•••'
/** Shorter values would be found in innocent text. */
const SHORTEST = 6
/** An escape sequence that sets a colour or another style. */
const COLOUR = String.raw`\x1B\[[\d;:]*m`
const colourOrItsBeginning = new RegExp(`${COLOUR}|\\x1B(?:\\[[\\d;:]*)?$`, 'g')
/** How many times its length a secret may take with the colours in it, and still be found where it is cut in two. */
const COLOURED = 8
/** What a variable is called whose value is hidden, whatever it looks like. */
const secretName = /TOKEN|SECRET|PASS(?:W|PHRASE)|CREDENTIAL|(?:API|ACCESS|PRIVATE)_?KEY|COOKIE/i
/** What a variable may be called that holds a secret or a host, a user, a method; its value is hidden when it looks like a secret. */
const doubtfulName = /PRIVATE|AUTH/i
const secretValue = /^(?=.*[a-z])(?=.*\d)\S{8,}$|^\S{16,}$/i

/**
 * Takes out of a text what the lecturer's machine knows and nobody else needs to know: secrets of an environment and of the
 * docker CLI's configuration, and the home folder. Programs print them by accident, the CLI in its errors and a proxy's
 * address in a build.
 */
export class Redactor {
  /** What to hide and what is shown in its place. */
  readonly #hidden: ReadonlyMap<string, string>
  /** Finds each of them, also where its characters stand in several colours; null where there is nothing to hide. */
  readonly #pattern: RegExp | null

  /** Reads what is to be hidden from an environment and from the configuration of the docker CLI that belongs to it. */
  constructor(env: NodeJS.ProcessEnv) {
    const secrets = [...secretsOfEnvironment(env), ...secretsOfCli(env)].filter(secret => secret.length >= SHORTEST)
    // The home of root tells nothing of anybody, and containers have one too.
    const homes = [homedir(), env.HOME ?? ''].filter(home => home.length > 1 && home !== '/root')
    this.#hidden = new Map([...homes.map(home => [home, '~'] as const), ...secrets.map(secret => [secret, HIDDEN] as const)])
    const longestFirst = [...this.#hidden.keys()].sort((a, b) => b.length - a.length) // one may begin with another
    const coloured = (secret: string): string => secret.split('').map(character => RegExp.escape(character)).join(`(?:${COLOUR})*`)
    this.#pattern = longestFirst.length === 0 ? null : new RegExp(longestFirst.map(coloured).join('|'), 'g')
  }

  /** A text without secrets. */
  text(text: string): string {
    return this.#pattern === null ? text : text.replaceAll(this.#pattern, found => this.#hidden.get(plainOf(found).text) ?? HIDDEN)
  }

  /** A message without secrets, wherever in it they stand. */
  message<T>(message: T): T {
    return this.#pattern === null
      ? message
      : JSON.parse(JSON.stringify(message), (_, value: unknown) => typeof value === 'string' ? this.text(value) : value) as T
  }

  /**
   * Redacts a text that comes in pieces. What may be the beginning of a secret is held back until the next piece or the end.
   * Beside a gap, what may be the beginning or the end of a secret is left out too, and the gap counts it.
   */
  stream(sink: Sink): { push: Sink, end: () => void } {
    const secrets = [...this.#hidden.keys()]
    const longestRest = Math.max(0, ...secrets.map(secret => secret.length - 1))
    let held = ''
    let gap = 0
    const pass = (text: string): void => {
      if (text === '')
        return
      const omitted = gap
      gap = 0
      sink(text, omitted)
    }
    return {
      push: (piece, omitted) => {
        let text = this.text(omitted > 0 ? piece : held + piece)
        if (omitted > 0) {
          const { at } = plainOf(text.slice(0, longestRest * COLOURED))
          const cut = characterBoundary(text, at[longestRest] ?? Math.min(text.length, longestRest * COLOURED))
          gap += byteLength(held) + omitted + byteLength(text.slice(0, cut))
          text = text.slice(cut)
        }
        const end = Math.max(0, text.length - longestRest * COLOURED)
        const { text: plain, at } = plainOf(text.slice(end))
        const begun = Math.max(0, ...secrets.map(secret => beginningAtEnd(secret, plain)))
        const keep = begun === 0 ? text.length : end + at[plain.length - begun]!
        held = text.slice(keep)
        pass(text.slice(0, keep))
      },
      end: () => {
        pass(held)
        held = ''
      },
    }
  }
}

/** A text without the escape sequences of colours, of which the last may have been cut off, and where each of its characters stood. */
function plainOf(text: string): { text: string, at: number[] } {
  const at: number[] = []
  let from = 0
  for (const { index, 0: colour } of [...text.matchAll(colourOrItsBeginning), { index: text.length, 0: '' }]) {
    for (; from < index; from++)
      at.push(from)
    from = index + colour.length
  }
  return { text: text.replaceAll(colourOrItsBeginning, ''), at }
}

function secretsOfEnvironment(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (secretName.test(name) || (doubtfulName.test(name) && secretValue.test(value)))
      return [value, ...value.split(/\r?\n/)] // a key's lines may be printed one by one
    return secretsOfAddress(value)
  })
}

/** The user with the password in an address, and the password alone. */
function secretsOfAddress(address: string): string[] {
  const found = /^\w+:\/\/([^/@]+)@/.exec(address)?.[1]
  return found === undefined ? [] : [found, ...found.includes(':') ? [found.slice(found.indexOf(':') + 1)] : []]
}

/** What the docker CLI keeps in its configuration. */
function secretsOfCli(env: NodeJS.ProcessEnv): string[] {
  try {
    const { auths, proxies, HttpHeaders } = readDockerConfig(env)
    // The CLI hands these to builds and containers.
    const inProxies = Object.values(proxies ?? {}).flatMap(each => Object.values(each)).flatMap(value => secretsOfAddress(value ?? ''))
    const inAuths = Object.values(auths ?? {}).flatMap(({ auth, password, identitytoken, registrytoken }) => {
      const both = Buffer.from(auth ?? '', 'base64')
      const ofBoth = both.toString().slice(both.indexOf(':') + 1)
      return [auth, auth?.replace(/=+$/, ''), both.toString('base64url'), both.toString(), ofBoth, password, identitytoken, registrytoken]
    })
    return [...inProxies, ...inAuths, ...Object.values(HttpHeaders ?? {})].filter(each => each !== undefined && each !== null)
  }
  catch {
    return [] // it cannot be read, and the docker CLI takes nothing of it
  }
}

/** How many of a secret's first characters, but not all, a text ends with. */
function beginningAtEnd(secret: string, text: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(secret.slice(0, length)))
      return length
  }
  return 0
}
