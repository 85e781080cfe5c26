import { createGlobalState, useClipboard } from '@vueuse/core'
import { notify } from './view-settings.ts'

/** One clipboard for the page; `legacy` also copies in pages that browsers call insecure, as the audience's are. */
const useSharedClipboard = createGlobalState(() => useClipboard({ legacy: true }))

/** Puts a text on the clipboard, and tells this window's user so by `message`, in Korean. */
export async function copyText(text: string, message: string): Promise<void> {
  await useSharedClipboard().copy(text)
  notify(message)
}
