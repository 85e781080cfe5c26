import type { Browser } from 'puppeteer-core'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { launch } from 'puppeteer-core'

/** Firefox by its names on the PATH, and where macOS and Windows put it. */
const places = [
  ...(process.env.PATH ?? '').split(delimiter).flatMap(folder => ['firefox-esr', 'firefox'].map(name => join(folder, name))),
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  join(process.env.ProgramFiles ?? '', 'Mozilla Firefox', 'firefox.exe'),
]

const firefox = process.env.FIREFOX_PATH || places.find(existsSync)

/** Why Firefox's tests are skipped; nothing where it is installed. */
export const withFirefox = firefox === undefined ? ' — 건너뜀: Firefox가 없습니다. 설치하거나 그 경로를 FIREFOX_PATH에 적으세요.' : ''

/** Firefox as it is installed, which Playwright cannot drive: it needs one that it has patched. */
export async function launchFirefox(): Promise<Browser> {
  return launch({
    browser: 'firefox',
    executablePath: firefox!,
    extraPrefsFirefox: { 'ui.prefersReducedMotion': 1 },
  })
}
