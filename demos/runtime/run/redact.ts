import type { Sink } from './output.ts'
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { byteLength, characterBoundary } from '../model/bytes.ts'

const HIDDEN = '•••'
/** Shorter values would be found in innocent text. */
const SHORTEST = 6
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
  /** What to hide and what is shown in its place, the longest first: one may begin with another. */
  readonly #hidden: readonly (readonly [secret: string, shown: string])[]

  /** Reads what is to be hidden from an environment and from the configuration of the docker CLI that belongs to it. */
  constructor(env: NodeJS.ProcessEnv) {
    const secrets = [...secretsOfEnvironment(env), ...secretsOfRegistries(env)].filter(secret => secret.length >= SHORTEST)
    // The home of root tells nothing of anybody, and containers have one too.
    const homes = [homedir(), env.HOME ?? ''].filter(home => home.length > 1 && home !== '/root')
    this.#hidden = [...secrets.map(secret => [secret, HIDDEN] as const), ...homes.map(home => [home, '~'] as const)]
      .sort(([a], [b]) => b.length - a.length)
  }

  /** A text without secrets. */
  text(text: string): string {
    return this.#hidden.reduce((redacted, [secret, shown]) => redacted.replaceAll(secret, shown), text)
  }

  /** A message without secrets, wherever in it they stand. */
  message<T>(message: T): T {
    return this.#hidden.length === 0
      ? message
      : JSON.parse(JSON.stringify(message), (_, value: unknown) => typeof value === 'string' ? this.text(value) : value) as T
  }

  /**
   * Redacts a text that comes in pieces. What may be the beginning of a secret is held back until the next piece or the end.
   * Beside a gap, what may be the beginning or the end of a secret is left out too, and the gap counts it.
   */
  stream(sink: Sink): { push: Sink, end: () => void } {
    const longestRest = Math.max(0, ...this.#hidden.map(([secret]) => secret.length - 1))
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
          const cut = characterBoundary(text, Math.min(text.length, longestRest))
          gap += byteLength(held) + omitted + byteLength(text.slice(0, cut))
          text = text.slice(cut)
        }
        const keep = Math.max(0, ...this.#hidden.map(([secret]) => beginningAtEnd(secret, text)))
        held = text.slice(text.length - keep)
        pass(text.slice(0, text.length - keep))
      },
      end: () => {
        pass(held)
        held = ''
      },
    }
  }
}

function secretsOfEnvironment(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const inAddress = userOf(value)
    if (secretName.test(name) || (doubtfulName.test(name) && secretValue.test(value)))
      return [value, ...value.split(/\r?\n/)] // a key's lines may be printed one by one
    return inAddress === undefined ? [] : [inAddress]
  })
}

/** The user and the password in an address. */
function userOf(address: string): string | undefined {
  return /^\w+:\/\/([^/@]+)@/.exec(address)?.[1]
}

/** Credentials that the docker CLI keeps in its configuration (https://docs.docker.com/reference/cli/docker/#configuration-files). */
function secretsOfRegistries(env: NodeJS.ProcessEnv): string[] {
  try {
    const file = join(env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json')
    const { auths = {}, proxies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
      proxies?: Record<string, Record<string, string>>
      auths?: Record<string, { auth?: string, identitytoken?: string, registrytoken?: string }>
    }
    // The CLI hands these to every container.
    const inProxies = Object.values(proxies).flatMap(each => Object.values(each)).flatMap(address => userOf(address) ?? [])
    const inAuths = Object.values(auths).flatMap(({ auth = '', identitytoken = '', registrytoken = '' }) => {
      const both = Buffer.from(auth, 'base64').toString()
      return [auth, both, both.slice(both.indexOf(':') + 1), identitytoken, registrytoken]
    })
    return [...inProxies, ...inAuths]
  }
  catch {
    return [] // there is no configuration, or it is damaged, which the docker CLI says itself
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
