/** How a page carries the lecturer's key; the deck's address brings it as `#/1?key=…`, which no server, log or Referer gets. */

/** The key's name in an address and in the browser's store of this very address and port; no cookie, which other ports would get. */
export const KEY_NAME = 'key'
export const KEY_STORE = 'docker-basics:key'
/** The header by which the page's own requests carry it. */
export const KEY_HEADER = 'x-docker-basics-key'

/** An address with the key in its fragment; `route` is one of the deck, as `presenter/1` or `7?clicks=2`. */
export function keyedAddress(base: string, route: string, key: string): string {
  return `${base}#/${route}${route.includes('?') ? '&' : '?'}${KEY_NAME}=${key}`
}
