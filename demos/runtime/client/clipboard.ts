import { notify } from './view-settings.ts'

/** Puts a text on the clipboard, and tells this window's user so by `message`, or that the browser did not allow it, in Korean. */
export async function copyText(text: string, message: string): Promise<void> {
  const copied = navigator.clipboard && window.isSecureContext
    ? await navigator.clipboard.writeText(text).then(() => true, () => false)
    : copySelection(text)
  notify(copied ? message : '브라우저가 복사를 허락하지 않았습니다.')
}

/** Browsers give pages without HTTPS, as the audience's are, no clipboard; VueUse's way around it does not tell whether it worked. */
function copySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.cssText = 'position:fixed;opacity:0'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  return copied
}
