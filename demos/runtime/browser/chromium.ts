import type { Browser, LaunchOptions } from 'playwright'
import type { Problem } from '../model/problem.ts'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { chromium } from 'playwright'
import { withParticle } from '../model/korean.ts'
import { ProblemError } from '../model/problem.ts'
import { hasUserNamespaces, npmChromiumEnv, npmChromiumPath, unpackNpmChromium } from './npm-chromium.ts'

/** Installed browsers by their names on the PATH, as Linux has them. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable']
/** By their usual places in /Applications and ~/Applications on macOS. */
const MAC_PLACES = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
/** By their usual places below Windows' program folders. */
const WINDOWS_PLACES = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
]

export const noBrowser: Problem = {
  message: 'PDF와 검사에 쓸 브라우저를 찾을 수 없습니다.',
  hint: 'Chrome, Chromium, Edge 가운데 하나를 설치하거나, 그 경로를 CHROME_PATH에 적으세요.',
}

/**
 * The Chromium that Playwright is to drive: what CHROME_PATH names, Playwright's own, an installed one, the one that npm installed.
 * @returns its path, which npm's has only once it is unpacked; null when there is none.
 */
export function findBrowser({ env, platform }: Pick<NodeJS.Process, 'env' | 'platform'> = process): string | null {
  return env.CHROME_PATH || [chromium.executablePath(), ...placesOf(env, platform)].find(existsSync) || npmChromiumPath()
}

/** Where a platform's installed browsers lie. */
export function placesOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') {
    return [
      env.ProgramFiles,
      env['ProgramFiles(x86)'],
      env.LOCALAPPDATA,
    ].flatMap(folder => folder ? WINDOWS_PLACES.map(place => `${folder}\\${place}`) : [])
  }
  if (platform === 'darwin')
    return ['', env.HOME ?? ''].flatMap(home => MAC_PLACES.map(place => `${home}/Applications/${place}`))
  return (env.PATH ?? '').split(delimiter).flatMap(folder => NAMES.map(name => join(folder, name)))
}

/**
 * How Playwright starts the browser that {@link findBrowser} finds: without a window, asking nobody outside for anything.
 * @throws {ProblemError} when no browser is there, or npm's cannot be unpacked.
 */
export async function launchOptions(): Promise<LaunchOptions> {
  const executablePath = findBrowser()
  if (!executablePath)
    throw new ProblemError(noBrowser)
  const isNpms = executablePath === npmChromiumPath()
  if (isNpms)
    await unpackNpmChromium(executablePath)
  return {
    executablePath,
    ...isNpms && { env: npmChromiumEnv(executablePath) },
    chromiumSandbox: process.getuid?.() !== 0 && (!isNpms || hasUserNamespaces()), // Chromium's sandbox does not start as root
    args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  }
}

/**
 * Starts the browser.
 * @throws {ProblemError} when no browser is there or it does not start.
 */
export async function launchBrowser(): Promise<Browser> {
  const options = await launchOptions()
  try {
    return await chromium.launch(options)
  }
  catch (error) {
    throw new ProblemError({
      message: '브라우저를 시작하지 못했습니다.',
      hint: `${withParticle(options.executablePath!, '이/가')} 실행되는지 확인하세요. 다른 브라우저의 경로는 CHROME_PATH에 적습니다.`,
      detail: error instanceof Error ? error.message : String(error),
    }, { cause: error })
  }
}
