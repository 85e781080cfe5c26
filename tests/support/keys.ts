import { stripVTControlCharacters } from 'node:util'
import { keyedAddress } from '../../demos/runtime/model/key.ts'

/** The keys of the decks that this process has started or asked for, by their addresses. */
const keys = new Map<string, string>()

export function rememberKey(url: string, key: string): void {
  keys.set(url, key)
}

/** The key of a deck; null when it has none, as a plain site. */
export function keyOf(url: string): string | null {
  return keys.get(url) ?? null
}

/** The key in what a deck has printed; null before it has. */
export function keyIn(printed: string): string | null {
  return /\?key=([\w-]+)/.exec(stripVTControlCharacters(printed))?.[1] ?? null
}

/** Where the lecturer opens a route of a deck: with its key, if it has one. */
export function lecturerUrl(url: string, route: string): string {
  const key = keyOf(url)
  return key === null ? `${url}#/${route}` : keyedAddress(url, route, key)
}
