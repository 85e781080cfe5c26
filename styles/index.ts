import './tokens.css'
import './base.css'
import './blocks.css'
import './chapters.css'
import './overlays.css'

// Fonts replace the system's when they have come; a site's first slide does not wait for their long table too.
if (import.meta.env.DEV)
  void loadFonts(/[?&]print/.test(location.href) ? () => import('./pretendard-static.css') : pieces)
else
  afterFirstPaint(() => whenReadable(() => loadFonts(pieces)))

/** Pretendard in pieces by unicode-range: a slide loads only those whose letters it shows. */
async function pieces(): Promise<unknown> {
  return import('pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css')
}

async function loadFonts(pretendard: () => Promise<unknown>): Promise<void> {
  await Promise.all([import('./fonts.css'), pretendard()])
}

/** Calls at once, but in a follower's phone only when it is turned: upright it has the text in its own fonts, and the slide is small. */
function whenReadable(call: () => unknown): void {
  const upright = matchMedia('(orientation: portrait) and (max-width: 520px)')
  if (document.documentElement.hasAttribute('data-audience') && upright.matches)
    upright.addEventListener('change', call, { once: true })
  else
    call()
}

/** Calls when text or pictures are on the screen; after 2 s where the browser does not tell. */
function afterFirstPaint(call: () => unknown): void {
  const timer = setTimeout(painted, 2000)
  const observer = new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').length > 0 && painted())
  observer.observe({ type: 'paint', buffered: true })
  function painted(): void {
    clearTimeout(timer)
    observer.disconnect()
    call()
  }
}
