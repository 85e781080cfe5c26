import type { AppContext } from '@slidev/types'

declare global {
  interface Window {
    /** Loads the page again a little later, or says that this has been tried often enough: see index.html. */
    loadAgain: () => boolean
  }
}

/** A view whose first modules got lost on the way loads again, as index.html does for those that it names itself. */
export default function reloadLost({ router }: AppContext): void {
  router.onError(() => window.loadAgain())
}
