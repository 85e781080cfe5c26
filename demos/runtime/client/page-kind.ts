/** What serves this page: the deck's dev server, the same for its audience, or a static site. */
export type PageKind = 'deck' | 'audience' | 'site'

/** The kind of this page. An audience's page follows the lecture and may only look. */
export function pageKind(): PageKind {
  if (import.meta.env.DEV)
    return 'deck'
  return document.documentElement.hasAttribute('data-audience') ? 'audience' : 'site'
}
