import { useNav } from '@slidev/client'
import { useEventListener } from '@vueuse/core'
import { useClicker } from '../demos/runtime/client/clicker.ts'
import { hidePlainCursor, onPatch, sharedState, syncDirections, useSharedNav } from '../demos/runtime/client/slidev-internals.ts'

export default function setUpPage(): void {
  silenceEchoes()
  hidePlainCursor()
  const nav = useSharedNav() // keys, buttons and swipes go by it
  Object.assign(nav, useClicker({ next: nav.next, prev: nav.prev }))
}

/**
 * The lecturer's windows lead one another. Slidev also sends on what a window was led to, or opened at: on a busy machine that
 * echo comes when the lecturer has gone on already, and takes the lecture back. So a window is silent until a key or a
 * pointer of its own, when it is opened and whenever it is led.
 */
function silenceEchoes(): void {
  const { currentPage, isPresenter } = useNav()
  const send = (sends: boolean): void => void Object.assign(syncDirections.value, { presenterSend: sends, viewerSend: sends })
  send(!sharedState.lastUpdate) // the first window says where the deck is opened
  onPatch(({ page, clicks, lastUpdate }) => {
    const mine = isPresenter.value ? 'presenter' : 'viewer'
    const here = new URLSearchParams(location.hash.split('?')[1]).get('clicks') ?? 0
    if (lastUpdate && lastUpdate.type !== mine && (page !== currentPage.value || clicks !== Number(here)))
      send(false)
  })
  useEventListener(['keydown', 'pointerdown', 'wheel'], () => send(true), { capture: true, passive: true })
}
