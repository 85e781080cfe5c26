import { createGlobalState, refAutoReset } from '@vueuse/core'
import { reactive, shallowRef, watch } from 'vue'
import { openWindowChannel } from './windows.ts'

/**
 * How the lecturer looks at the panels. All windows of one browser look alike:
 * what the laptop's presenter view enlarges is enlarged on the projector.
 */
export interface ViewSettings {
  /** Steps by which the panels' text is larger. */
  size: number
  /** The demo whose panel fills the slide. */
  big: string | null
  /** What is searched for in the panel's output, and which hit is shown; null without a search. */
  search: { text: string, at: number } | null
  /** Whether the address for the audience is shown. */
  audience: boolean
  /** Whether the wall is black, so that the hall looks at the lecturer. */
  blank: boolean
}

const SIZES = { least: -3, most: 8, factor: 1.12 }

/** By what factor text of that size is larger. */
export function zoomOf(size: number): number {
  return SIZES.factor ** size
}

const initial: ViewSettings = { size: 0, big: null, search: null, audience: false, blank: false }

/** The settings, kept alike in all windows of this browser. */
export const useViewSettings = createGlobalState((): ViewSettings => {
  const settings = reactive<ViewSettings>({ ...initial })
  let shared = ''
  const send = openWindowChannel<string>('view-settings', (text) => {
    shared = text
    Object.assign(settings, JSON.parse(text))
  })
  watch(settings, () => {
    document.documentElement.style.setProperty('--zoom', String(zoomOf(settings.size)))
    const text = JSON.stringify(settings)
    if (text !== shared)
      send(text)
    shared = text
  })
  return settings
})

export function resize(by: 1 | -1): void {
  const settings = useViewSettings()
  settings.size = Math.min(SIZES.most, Math.max(SIZES.least, settings.size + by))
}

/** Looks at the panels as at first, in all windows. */
export function resetView(): void {
  Object.assign(useViewSettings(), initial)
}

/** Whether this window asks whether the deck is to go back to its start. */
export const askingReset = shallowRef(false)

/** Whether this window shows the help. */
export const help = shallowRef(false)

/** The demo in whose container this window has a shell. */
export const shell = shallowRef<string | null>(null)

/** Closes what lies over the slide, the topmost first. */
export function closeTop(): void {
  const settings = useViewSettings()
  if (askingReset.value)
    askingReset.value = false
  else if (help.value)
    help.value = false
  else if (settings.blank)
    settings.blank = false
  else if (settings.audience)
    settings.audience = false
  else if (settings.search)
    settings.search = null
  else
    settings.big = null
}

const NOTE_MS = 2500

/** A short note to this window's user, gone after a while. */
export const note = refAutoReset<string | null>(null, NOTE_MS)

export function notify(text: string): void {
  note.value = text
}
