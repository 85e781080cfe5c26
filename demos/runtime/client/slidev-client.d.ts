import type { ClicksContext, RenderContext } from '@slidev/types'
import type { ComputedRef, Ref } from 'vue'

/**
 * What we use of `@slidev/client` 53. The package ships sources, not declarations, and they do not pass
 * our compiler settings; tsconfig.json's `paths` leads here.
 */

/** Navigation state of this tab; in print, of the printed page. */
export function useNav(): {
  currentPage: ComputedRef<number>
  clicks: ComputedRef<number>
  clicksContext: ComputedRef<ClicksContext>
  slides: Ref<{ no: number, meta: { slide: { title?: string, note?: string, frontmatter: Record<string, unknown> } } }[]>
  total: ComputedRef<number>
  next: () => Promise<void>
  prev: () => Promise<void>
  go: (page: number, clicks?: number) => Promise<void>
  next: () => Promise<void>
  prev: () => Promise<void>
  isPresenter: ComputedRef<boolean>
  isPrintMode: ComputedRef<boolean>
}

/** The slide that a component stands on. */
export function useSlideContext(): {
  $clicksContext: ClicksContext
  $page: Ref<number>
  $renderContext: Ref<RenderContext>
}

/** The head of slides.md, as far as the deck adds to it. */
export const configs: { engine?: string }
