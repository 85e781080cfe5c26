import { useNav } from '@slidev/client'
import { useEventListener } from '@vueuse/core'
import { onPatch, syncDirections } from '../demos/runtime/client/slidev-internals.ts'

/**
 * The lecturer's windows lead one another. Slidev also sends on what a window was led to: on a busy machine that echo
 * comes when the lecturer has gone on already, and takes the lecture back. So a window that is led is silent until a
 * key or a pointer of its own.
 */
export default function silenceEchoes(): void {
  const { currentPage, isPresenter } = useNav()
  let silenced: 'presenterSend' | 'viewerSend' | null = null
  Object.assign(syncDirections.value, { presenterSend: true, viewerSend: true }) // kept by the browser, also when a silent window is closed
  onPatch(({ page, clicks, lastUpdate }) => {
    const mine = isPresenter.value ? 'presenter' : 'viewer'
    const here = new URLSearchParams(location.hash.split('?')[1]).get('clicks') ?? 0
    if (lastUpdate && lastUpdate.type !== mine && (page !== currentPage.value || clicks !== Number(here))) {
      silenced = `${mine}Send`
      syncDirections.value[silenced] = false
    }
  })
  useEventListener(['keydown', 'pointerdown', 'wheel'], () => {
    if (silenced)
      syncDirections.value[silenced] = true
    silenced = null
  }, { capture: true, passive: true })
}
