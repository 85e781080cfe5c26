import { KEY_HEADER, KEY_STORE } from '../model/key.ts'

/** The lecturer's key as public/start.js has taken it from the address; null in a page that may only look. */
export function storedKey(): string | null {
  return localStorage.getItem(KEY_STORE)
}

/**
 * Gives the key to the requests by which Slidev tells the server where the lecture is and what was drawn.
 * A page without it keeps that to itself.
 */
export function carryKey(): void {
  const { fetch } = window
  window.fetch = async (input, init) => {
    const key = storedKey()
    const request = new Request(input, init)
    const { origin, pathname } = new URL(request.url)
    if (origin !== location.origin)
      return fetch(request)
    if (key !== null)
      request.headers.set(KEY_HEADER, key)
    else if (request.method === 'POST' && pathname.startsWith('/@server-reactive/'))
      return new Response(null, { status: 204 })
    return fetch(request)
  }
}
