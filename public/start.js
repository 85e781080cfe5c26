// Runs before the deck's modules. A file of its own, so that a page with a strict Content-Security-Policy needs no script inside.

// A browser that keeps nothing (a frame in a sandbox, all cookies refused) gets storage that ends with the page.
class MemoryStorage {
  #items = new Map()

  get length() {
    return this.#items.size
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null
  }

  getItem(key) {
    return this.#items.get(String(key)) ?? null
  }

  setItem(key, value) {
    this.#items.set(String(key), String(value))
  }

  removeItem(key) {
    this.#items.delete(String(key))
  }

  clear() {
    this.#items.clear()
  }
}
for (const name of ['localStorage', 'sessionStorage']) {
  try {
    window[name].getItem('')
  }
  catch {
    Object.defineProperty(window, name, { value: new MemoryStorage(), configurable: true })
  }
}

// The lecturer's key leaves the address at once: before anything reads it, and for good.
function takeKey() {
  const [, key] = /[?&]key=([\w-]+)/.exec(location.hash) ?? []
  if (!key)
    return
  localStorage.setItem('docker-basics:key', key)
  history.replaceState(history.state, '', location.hash.replace(/([?&])key=[\w-]+(&?)/, (_, before, after) => after ? before : ''))
}
takeKey()
addEventListener('popstate', takeKey, true)

// The lecturer's own page names its modules from the root of the address: below a folder that a proxy has put before it there are none.
const ownModule = () => document.querySelector('script[src^="/@"]')
const isBelowFolder = () => ownModule() !== null && location.pathname !== '/'

// A network that changes while the deck loads breaks single requests, and to Chromium a starting container is
// such a change: load again, three times a minute at most, never in an export. Where nobody answers the page stays.
window.loadAgain = () => {
  const recent = JSON.parse(sessionStorage.getItem('loadedAgain') ?? '[]').filter(time => time > Date.now() - 60_000)
  if (recent.length >= 3 || /[?&]print/.test(location.href) || location.protocol === 'file:' || globalThis.origin === 'null' || isBelowFolder())
    return false
  sessionStorage.setItem('loadedAgain', JSON.stringify([...recent, Date.now()]))
  const reload = () => fetch(location.href, { cache: 'no-store' }).then(() => location.reload(), () => setTimeout(reload, 1000))
  setTimeout(reload, 1000)
  return true
}
addEventListener('error', ({ target }) => {
  if (!(target instanceof HTMLScriptElement || target instanceof HTMLLinkElement))
    return
  // Firefox calls it an error when a module is to be preloaded that a script of the page has loaded before.
  if ([...document.scripts].some(({ src }) => src === target.href) || window.loadAgain())
    return
  if (document.readyState === 'loading')
    document.addEventListener('DOMContentLoaded', sayWhy, { once: true })
  else
    sayWhy()
}, true)

// They may have failed before this script listened.
document.addEventListener('DOMContentLoaded', async () => {
  const answer = isBelowFolder() && await fetch(ownModule().src).catch(() => null)
  if (answer !== false && !(answer?.ok && /javascript/.test(answer.headers.get('content-type') ?? '')))
    sayWhy()
})

// Says why there is nothing to see, as long as there is nothing to see.
function sayWhy() {
  const app = document.querySelector('#app')
  if (!app || app.childElementCount > 0)
    return
  const [what, next] = location.protocol === 'file:'
    ? [
        '이 슬라이드는 파일을 두 번 눌러서는 열 수 없습니다.',
        '이 파일이 있는 폴더에서 npx serve 또는 python3 -m http.server를 실행하고, 터미널에 나온 주소를 여세요.',
      ]
    : globalThis.origin === 'null'
      ? ['이 슬라이드가 들어 있는 틀이 내용을 막고 있습니다.', '새 창에서 여세요. 틀을 고칠 수 있으면 sandbox에 allow-same-origin을 더하세요.']
      : isBelowFolder()
        ? [
            `강의 화면은 주소의 폴더(${decodeURI(location.pathname)}) 아래에서는 열 수 없습니다.`,
            '프록시가 폴더 없는 주소로 보여 주게 하거나, ssh -L이나 에디터의 포트 전달로 여세요.',
          ]
        : ['슬라이드를 불러오지 못했습니다.', '네트워크를 확인하고 이 페이지를 새로 고치세요.']
  const note = document.createElement('main')
  note.style.cssText = 'font: 20px/1.6 sans-serif; padding: 2em'
  const link = Object.assign(document.createElement('a'), { href: location.href, target: '_blank', textContent: '새 창에서 열기' })
  const texts = [what, next].map(text => Object.assign(document.createElement('p'), { textContent: text }))
  note.append(...texts, ...globalThis.origin === 'null' && location.protocol !== 'file:' ? [link] : [])
  app.append(note)
}
