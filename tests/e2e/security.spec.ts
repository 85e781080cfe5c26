import type { AddressInfo } from 'node:net'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { KEY_HEADER } from '../../demos/runtime/model/key.ts'
import { TestClient } from '../support/client.ts'
import { keyOf, rememberKey } from '../support/keys.ts'
import { nginx, withNginx } from '../support/proxy.ts'
import { BUILD_SLIDE, onSlide, open } from './deck.ts'
import { expect, test } from './test.ts'

/** All that the slides are made of, in one number. */
async function slidesOnDisk(): Promise<string> {
  const root = join(import.meta.dirname, '../..')
  const files = ['slides.md', ...(await readdir(join(root, 'pages'))).map(name => `pages/${name}`)].sort()
  const hash = createHash('sha256')
  for (const file of files)
    hash.update(await readFile(join(root, file)))
  return hash.digest('hex')
}

test('a page elsewhere, open in the lecturer\'s browser, can neither read, start, edit, turn the page nor frame the deck', async ({
  page,
  liveUrl,
}) => {
  const evil = createServer((_, response) => response
    .setHeader('Content-Type', 'text/html')
    .end('<!doctype html><title>evil</title>')).listen(
    0,
    '127.0.0.1',
  )
  await once(evil, 'listening')
  const evilPort = (evil.address() as AddressInfo).port
  const port = Number(new URL(liveUrl).port)
  const before = await slidesOnDisk()
  const deck = await TestClient.open(port, 'helloworld', keyOf(liveUrl))
  const heard = deck.heard.length
  const opened: string[] = []
  page.on('response', response => response.url().includes('open-in-editor') && opened.push(String(response.status())))
  try {
    for (const origin of [
      `http://127.0.0.1:${evilPort}/`,
      `http://localhost:${evilPort}/`,
    ]) { // another site, and the same one on another port
      await page.goto(origin)
      const got = await page.evaluate(async (url) => {
        const run = JSON.stringify({ type: 'custom', event: 'demo:to-server', data: { type: 'run', demo: 'helloworld', after: null } })
        const tried = (attempt: Promise<unknown>): Promise<unknown> => Promise
          .race([attempt, new Promise(resolve => setTimeout(resolve, 3000, 'nothing'))])
          .catch(() => 'refused')
        const socket = (address: string, protocol: string): Promise<unknown> => new Promise((resolve) => {
          const ws = new WebSocket(address, protocol)
          ws.onopen = () => ws.send(run)
          ws.onmessage = () => resolve('heard')
          ws.onerror = () => resolve('refused')
        })
        const element = <K extends 'img' | 'script'>(name: K, address: string): Promise<unknown> => new Promise((resolve) => {
          const each = Object.assign(document.createElement(name), {
            src: address,
            onload: () => resolve('loaded'),
            onerror: () => resolve('refused'),
          })
          document.body.append(each)
        })
        const written = (path: string, body: object): Promise<unknown> => fetch(url + path, {
          method: 'POST',
          mode: 'no-cors',
          headers: { 'Content-Type': 'text/plain' },
          body: JSON.stringify(body),
        })
        // A form needs no leave to be sent; its answer goes into a frame.
        const form = Object.assign(document.createElement('form'), {
          method: 'post',
          action: `${url}__slidev/slides/1.json`,
          target: 'f',
          enctype: 'text/plain',
        })
        form.append(Object.assign(document.createElement('input'), { name: '{"content":"# evil', value: '"}' }))
        document.body.append(Object.assign(document.createElement('iframe'), { name: 'f' }), form)
        form.submit()
        document.body.append(Object.assign(document.createElement('iframe'), { name: 'deck', src: url }))
        return {
          socket: await tried(socket(url.replace('http', 'ws'), 'vite-hmr')),
          read: await tried(fetch(`${url}@vite/client`).then(answer => answer.text())),
          slides: await tried(fetch(`${url}__slidev/slides/1.json`).then(answer => answer.text())),
          module: await tried(import(/* @vite-ignore */ `${url}@vite/client`)),
          editor: await tried(element('img', `${url}__open-in-editor?file=slides.md`)),
          content: await tried(written('__slidev/slides/1.json', { content: '# evil', note: 'evil' })) && 'sent',
          state: await tried(written('@server-reactive/nav', { data: { page: 40, clicks: 0 } })) && 'sent',
        }
      }, liveUrl)
      expect(got).toEqual({
        socket: 'refused',
        read: 'refused',
        slides: 'refused',
        module: 'refused',
        editor: 'refused',
        content: 'sent',
        state: 'sent',
      })
      await expect.poll(() => page.frame('deck')?.url() ?? '').not.toContain(String(port))
    }
    expect(opened.filter(status => status !== '403')).toEqual([])
    expect(await slidesOnDisk()).toBe(before)
    deck.send({ type: 'hello' }) // what came before its answer is all there is
    await deck.until(() => deck.heard.slice(heard).find(({ type }) => type === 'snapshot'))
    expect(deck.heard.slice(heard).filter(({ type }) => !['engine', 'findings', 'snapshot'].includes(type))).toEqual([])
    const state = await (await page.request.get(`${liveUrl}@server-reactive/nav`)).text()
    expect(state).not.toContain('"page":40')
  }
  finally {
    deck.close()
    evil.close()
  }
})

test('the key stays in the browser\'s store: it is in no address, history, Referer or cookie', async ({ page, context, liveUrl }) => {
  const key = keyOf(liveUrl)!
  const heard: string[] = []
  const elsewhere = createServer(({ url, headers }, response) => {
    heard.push(JSON.stringify({ url, headers }))
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>elsewhere</title>')
  }).listen(0, 'localhost')
  await once(elsewhere, 'listening')
  const sent: Promise<string>[] = []
  page.on('request', request => sent.push(request.allHeaders().then(
    ({ [KEY_HEADER]: _, ...headers }) => JSON.stringify({ url: request.url(), headers }), // its own header is where it belongs
    () => '', // the page has gone meanwhile
  )))
  const traces = (): Promise<string> => page.evaluate(() => JSON.stringify([
    location.href,
    document.cookie,
    document.referrer,
    history.state,
    (window as unknown as { navigation: { entries: () => { url: string }[] } }).navigation.entries().map(({ url }) => url),
  ]))
  try {
    await open(page, liveUrl, BUILD_SLIDE)
    await expect(onSlide(page, BUILD_SLIDE).locator('[data-demo][data-source="live"]').first()).toBeVisible()
    expect(await page.evaluate(() => Object.values(localStorage).join()), 'the page has it').toContain(key)
    expect(await traces()).not.toContain(key)

    await page.keyboard.press('PageDown')
    await page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}/`, { referer: '' })
    await page.goBack()
    await onSlide(page, BUILD_SLIDE).locator('.slidev-layout').waitFor({ state: 'attached' })
    await page.evaluate(port => location.assign(`http://localhost:${port}/from-the-deck`), (elsewhere.address() as AddressInfo).port)
    await expect.poll(() => heard.join()).toContain('from-the-deck')
    await page.goBack()
    await onSlide(page, BUILD_SLIDE).locator('.slidev-layout').waitFor({ state: 'attached' })
    expect(await traces()).not.toContain(key)
    expect(heard.join('\n')).not.toContain(key)
    expect((await Promise.all(sent)).join('\n')).not.toContain(key)
    expect(JSON.stringify(await context.cookies())).not.toContain(key)
  }
  finally {
    elsewhere.close()
  }
})

test(`a browser behind a proxy that gives the deck another name acts with the key, and looks on without${withNginx}`, async ({ page, browser, liveUrl }) => {
  test.skip(withNginx !== '', withNginx)
  const proxy = await nginx(Number(new URL(liveUrl).port), { sockets: true })
  const url = `http://127.0.0.1:${proxy.port}/`
  const stranger = await browser.newPage()
  try {
    rememberKey(url, keyOf(liveUrl)!)
    await open(page, url, BUILD_SLIDE)
    await expect(onSlide(page, BUILD_SLIDE).locator('[data-demo]').first().getByRole('button', { name: '실행' })).toBeEnabled()
    await stranger.goto(`${url}#/${BUILD_SLIDE}`)
    await expect(onSlide(stranger, BUILD_SLIDE).locator('[data-demo][data-source="live"]').first()).toBeVisible()
    await expect(onSlide(stranger, BUILD_SLIDE).getByRole('button', { name: '실행' })).toHaveCount(0)
  }
  finally {
    await stranger.close()
    await proxy.close()
  }
})

for (const keepsFolder of [false, true]) {
  const way = keepsFolder ? 'keeps it in the address' : 'takes it off the address'
  test(`the lecturer's page below a folder of a proxy that ${way} says so, instead of nothing${withNginx}`, async ({ page, liveUrl }) => {
    test.skip(withNginx !== '', withNginx)
    const proxy = await nginx(Number(new URL(liveUrl).port), { folder: '/proxy/3030/', keepsFolder })
    try {
      await page.goto(`http://127.0.0.1:${proxy.port}/proxy/3030/`)
      await expect(page.locator('#app')).toContainText('폴더(/proxy/3030/) 아래에서는 열 수 없습니다')
    }
    finally {
      await proxy.close()
    }
  })
}
