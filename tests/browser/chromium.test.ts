import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBrowser, placesOf } from '../../demos/runtime/browser/chromium.ts'
import { npmChromiumEnv, npmChromiumPath, unpackNpmChromium } from '../../demos/runtime/browser/npm-chromium.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'docker-basics-'))))
afterEach(async () => rm(folder, { recursive: true }))

describe('the browser', () => {
  it('is the one that CHROME_PATH names, before all', async () => {
    await program('chromium')
    expect(findBrowser({ env: { PATH: folder, CHROME_PATH: '/opt/mine/chrome' }, platform: 'linux' })).toBe('/opt/mine/chrome')
  })

  it('is an installed Chrome, Chromium or Edge, before npm’s', async () => {
    for (const name of ['microsoft-edge', 'google-chrome', 'chromium']) {
      const path = await program(name)
      expect(findBrowser({ env: { PATH: `/nowhere:${folder}` }, platform: 'linux' })).toBe(path)
    }
  })

  it('is npm’s where there is no other', () => {
    expect(findBrowser({ env: { PATH: '/nowhere' }, platform: 'linux' })).toBe(npmChromiumPath())
  })

  it('is looked for where macOS and Windows keep programs', () => {
    expect(placesOf({ HOME: '/Users/me' }, 'darwin')).toEqual(expect.arrayContaining([
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ]))
    expect(placesOf({
      ProgramFiles: 'C:\\Program Files',
      LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local',
    }, 'win32')).toEqual(expect.arrayContaining([
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
      'C:\\Users\\me\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ]))
  })

  async function program(name: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, '#!/bin/sh\n')
    await chmod(path, 0o755)
    return path
  }
})

describe.skipIf(npmChromiumPath() === null)('the Chromium that npm installs', () => {
  it('is unpacked once, for this user alone, and shows text with nothing of the machine’s', async () => {
    const path = npmChromiumPath(folder)!
    await Promise.all([unpackNpmChromium(path), unpackNpmChromium(path)])
    const [unpacked, ...more] = await readdir(folder)
    expect(more).toEqual([])
    expect((await stat(join(folder, unpacked!))).mode & 0o777).toBe(0o700)
    const { mtimeMs } = await stat(path)
    await unpackNpmChromium(path)
    expect((await stat(path)).mtimeMs).toBe(mtimeMs)
    const browser = await chromium.launch({
      executablePath: path,
      env: npmChromiumEnv(path),
      chromiumSandbox: false,
      args: ['--disable-gpu'],
    })
    const page = await browser.newPage()
    await page.setContent('<h1>Hello</h1>')
    expect(await page.getByRole('heading').textContent()).toBe('Hello')
    await browser.close()
  })

  it('is refused when an archive holds something else, and nothing is left', async () => {
    const path = npmChromiumPath(folder)!
    await expect(unpackNpmChromium(path, {
      chromium: '0'.repeat(64),
      libraries: '0'.repeat(64),
      fonts: '0'.repeat(64),
    })).rejects.toMatchObject({ problem: {
      message: 'npm이 설치한 브라우저를 풀지 못했습니다.',
      detail: expect.stringContaining('chromium.br holds'),
    } })
    expect(await readdir(folder)).toEqual([])
  })
})
