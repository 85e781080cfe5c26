import type { AppContext } from '@slidev/types'
import { configs } from '@slidev/client'
import { connect } from '../demos/runtime/client/connection.ts'
import { demoFolders } from '../demos/runtime/client/demo-folders.ts'
import { carryKey } from '../demos/runtime/client/key.ts'
import { landInLecture } from '../demos/runtime/client/landing.ts'
import { pageKind } from '../demos/runtime/client/page-kind.ts'
import { Store, storeKey } from '../demos/runtime/client/store.ts'

declare global {
  interface Window {
    /** Loads the page again a little later, or says that this has been tried often enough: see public/start.js. */
    loadAgain: () => boolean
  }
}

export default function setUpDeck({ app, router }: AppContext): void {
  // A view whose first modules got lost on the way loads again, as start.js does for those that it names itself.
  router.onError(() => window.loadAgain())

  if (import.meta.hot)
    carryKey()
  landInLecture(router)

  const page = pageKind()
  const store = new Store({
    page,
    folders: demoFolders,
    browserFirst: configs.engine === 'tab',
    connect: listener => connect(page, listener),
  })
  app.provide(storeKey, store)
  // The engine's memory goes with the page, also where the browser keeps the page for a way back.
  window.addEventListener('pagehide', () => store.browserEngine.unload())
}
