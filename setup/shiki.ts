import { defineShikiSetup } from '@slidev/types'

/** Fences have the colours of the editor (demos/runtime/client/editor.ts), in both schemes. */
const deck = {
  fg: 'var(--c-text)',
  bg: 'var(--c-surface)',
  settings: [
    { scope: ['keyword', 'support.function'], settings: { foreground: 'var(--c-image)', fontStyle: 'bold' } },
    { scope: ['string.quoted', 'punctuation.definition.string'], settings: { foreground: 'var(--c-ok)' } },
    { scope: ['comment'], settings: { foreground: 'var(--c-muted)' } },
  ],
}

export default defineShikiSetup(() => ({
  themes: { light: { ...deck, name: 'deck-light', type: 'light' }, dark: { ...deck, name: 'deck-dark', type: 'dark' } },
}))
