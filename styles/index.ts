import './tokens.css'
import './base.css'
import './blocks.css'
import './chapters.css'
import './overlays.css'

// Fonts replace the system's when they have come; a site's first slide does not wait for their long table too.
if (import.meta.env.DEV || /[?&]print/.test(location.href))
  void import('./fonts.css')
else
  afterFirstPaint(() => import('./fonts.css'))

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
