import type { Browser } from 'playwright'
import type { Problem } from '../model/problem.ts'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { chromium } from 'playwright'
import { withParticle } from '../model/korean.ts'
import { ProblemError } from '../model/problem.ts'

/** Programs that serve when Playwright's own browser is not installed, by their usual names and places. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge']

export const noBrowser: Problem = { message: 'PDF와 검사에 쓸 브라우저를 찾을 수 없습니다.', hint: 'npx playwright install chromium을 실행하거나, 데비안이라면 apt-get install chromium을 실행하세요.' }

/** The path of a Chromium that Playwright can drive, its own first; null when there is none. */
export function findBrowser(): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name)))
  return [chromium.executablePath(), ...onPath, ...places].find(existsSync) ?? null
}

/**
 * Starts a headless Chromium that asks nobody outside for anything.
 * @throws {ProblemError} when no browser is there or it does not start.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath)
    throw new ProblemError(noBrowser)
  try {
    return await chromium.launch({
      executablePath,
      chromiumSandbox: process.getuid?.() !== 0, // Chromium's sandbox does not start as root
      args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    })
  }
  catch (error) {
    throw new ProblemError({ message: '브라우저를 시작하지 못했습니다.', hint: `${withParticle(executablePath, '이/가')} 실행되는지 확인하세요.`, detail: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}
