import { reactive, shallowRef, watch } from 'vue'

/**
 * How the lecturer looks at the panels. All windows of one browser look alike:
 * what the laptop's presenter view enlarges is enlarged on the projector.
 */
export const look = reactive({
  /** Steps by which the panels' text is larger. */
  size: 0,
  /** The demo whose panel fills the slide. */
  big: null as string | null,
  /** What is searched for in the panel's output, and which hit is shown; null without a search. */
  search: null as { text: string, at: number } | null,
  /** Whether the address for followers is shown. */
  audience: false,
})

/** Whether this window shows the help. */
export const help = shallowRef(false)

/** The demo in whose container this window has a shell. */
export const shell = shallowRef<string | null>(null)

const SIZES = { least: -3, most: 8, factor: 1.12 }

export function resize(by: 1 | -1): void {
  look.size = Math.min(SIZES.most, Math.max(SIZES.least, look.size + by))
}

/** Closes what lies over the slide, the topmost first. */
export function closeTop(): void {
  if (help.value)
    help.value = false
  else if (look.audience)
    look.audience = false
  else if (look.search)
    look.search = null
  else
    look.big = null
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('docker-basics:look')
let heard = ''
channel?.addEventListener('message', ({ data }: MessageEvent<string>) => {
  heard = data
  Object.assign(look, JSON.parse(data))
})
watch(look, () => {
  document.documentElement.style.setProperty('--zoom', String(SIZES.factor ** look.size))
  const now = JSON.stringify(look)
  if (now !== heard)
    channel?.postMessage(now)
  heard = now
})

/** A short note to this window's user, gone after a while. */
export const toast = shallowRef<string | null>(null)
const TOAST_MS = 2500
let timer: ReturnType<typeof setTimeout> | undefined
export function notify(text: string): void {
  toast.value = text
  clearTimeout(timer)
  timer = setTimeout(() => toast.value = null, TOAST_MS)
}
