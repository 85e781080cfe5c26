import type { Connect } from 'vite'
import process from 'node:process'
import { inspect, styleText } from 'node:util'

/** So many surprises in so short a time, in milliseconds, are no accident any more. */
const MOST = 50
const WITHIN_MS = 10_000

/**
 * Keeps the process through errors that nobody catches, each written to the terminal with its cause: no lecture ends by
 * a request. When they do not stop, `end` is called, which is to leave all tidy, and the process ends with 1.
 */
export function surviveSurprises(end: () => Promise<void>): void {
  const times: number[] = []
  let ending = false
  const survive = (error: unknown): void => {
    if (ending)
      return
    console.error(`${styleText('yellow', '!')} 예상하지 못한 문제가 생겼지만 강의는 계속됩니다.\n${styleText('dim', inspect(error))}`)
    times.push(performance.now())
    if (times.length > MOST)
      times.shift()
    if (times.length < MOST || times.at(-1)! - times[0]! > WITHIN_MS)
      return
    ending = true
    console.error(`${styleText('red', '✗')} 문제가 멈추지 않아 덱을 닫습니다. 실행 중인 컨테이너를 정리합니다.\n  → npm start로 다시 여세요.`)
    void end().catch(() => {}).finally(() => process.exit(1))
  }
  process.on('uncaughtException', survive).on('unhandledRejection', survive)
}

/** Answers a request whose handler's promise is rejected with an error, as connect does where a handler throws. */
export function answerRejections(middlewares: Connect.Server): void {
  for (const layer of middlewares.stack) {
    const handle = layer.handle as (...args: unknown[]) => unknown
    if (handle.length > 3)
      continue // for errors
    layer.handle = (request: Connect.IncomingMessage, response: unknown, next: Connect.NextFunction) => {
      const answered = handle(request, response, next)
      if (answered instanceof Promise)
        answered.catch(next)
    }
  }
}
