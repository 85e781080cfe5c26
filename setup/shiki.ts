import { defineShikiSetup } from '@slidev/types'

// Both themes keep 4.5:1 on our code background.
export default defineShikiSetup(() => ({
  themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
}))
