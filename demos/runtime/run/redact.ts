import type { Sink } from './output.ts'
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/**
 * What the lecturer's machine knows and nobody else needs to: it is taken out of all that the deck shows, sends
 * and records. Programs print it by accident, the docker CLI in its errors and a proxy's address in a build.
 */

const HIDDEN = '•••'
/** Shorter values would be found in innocent text. */
const SHORTEST = 6
const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|PRIVATE|AUTH/i
/** What a secret looks like, so that a name, a word or a host in such a variable is not hidden wherever it is printed. */
const secretValue = /^(?=.*[a-z])(?=.*\d)\S{8,}$|^\S{16,}$/i

/** What to hide and what stands in its place, the longest first: one may begin with another. */
const hidden: readonly (readonly [secret: string, shown: string])[] = [
  ...secretsOfEnvironment().map(secret => [secret, HIDDEN] as const),
  ...secretsOfRegistries().map(secret => [secret, HIDDEN] as const),
  // The home of root tells nothing of anybody, and containers have one too.
  ...[homedir(), process.env.HOME ?? ''].filter(home => home.length > 1 && home !== '/root').map(home => [home, '~'] as const),
].filter(([secret]) => secret.length >= SHORTEST || secret.startsWith('/')).sort(([a], [b]) => b.length - a.length)

function secretsOfEnvironment(): string[] {
  return Object.entries(process.env).flatMap(([name, value = '']) => {
    const inAddress = /^\w+:\/\/([^/@]+)@/.exec(value)?.[1]
    return secretName.test(name) && secretValue.test(value) ? [value] : inAddress === undefined ? [] : [inAddress]
  })
}

/** Credentials that the docker CLI keeps in its configuration (https://docs.docker.com/reference/cli/docker/#configuration-files). */
function secretsOfRegistries(): string[] {
  try {
    const { auths = {} } = JSON.parse(readFileSync(join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json'), 'utf8')) as { auths?: Record<string, { auth?: string, identitytoken?: string, registrytoken?: string }> }
    return Object.values(auths).flatMap(({ auth = '', identitytoken = '', registrytoken = '' }) => {
      const both = Buffer.from(auth, 'base64').toString()
      return [auth, both, both.slice(both.indexOf(':') + 1), identitytoken, registrytoken]
    })
  }
  catch {
    return [] // no configuration, or not one of ours to judge
  }
}

/** A text without them. */
export function redact(text: string): string {
  return hidden.reduce((redactStream, [secret, shown]) => redactStream.replaceAll(secret, shown), text)
}

/** A message without them, wherever in it they stand. */
export function redactAll<T>(message: T): T {
  return hidden.length === 0 ? message : JSON.parse(JSON.stringify(message), (_, value: unknown) => typeof value === 'string' ? redact(value) : value) as T
}

/**
 * Masks a text that comes in pieces: what may be the beginning of a secret waits for the next piece or the end.
 * Beside a gap it is left out too, and so is what may be the end of one; a gap is as long as what was printed in it.
 */
export function redactStream(hand: Sink): { push: Sink, end: () => void } {
  let held = ''
  let gap = 0
  const handOn = (text: string): void => {
    if (text === '')
      return
    const omitted = gap
    gap = 0
    hand(text, omitted)
  }
  return {
    push: (piece, omitted) => {
      let text = redact(omitted > 0 ? piece : held + piece)
      if (omitted > 0) {
        const cut = Math.min(text.length, Math.max(0, ...hidden.map(([secret]) => secret.length - 1)))
        gap += held.length + omitted + cut
        text = text.slice(cut)
      }
      const keep = Math.max(0, ...hidden.map(([secret]) => beginningAtEnd(secret, text)))
      held = text.slice(text.length - keep)
      handOn(text.slice(0, text.length - keep))
    },
    end: () => {
      handOn(held)
      held = ''
    },
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
