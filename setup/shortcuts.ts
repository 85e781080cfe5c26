import { defineShortcutsSetup } from '@slidev/types'

/** A key that is held down is one press: a clicker that lies on the desk must not run the lecture. */
export default defineShortcutsSetup((_, shortcuts) => shortcuts.map(each => ({ ...each, autoRepeat: false })))
