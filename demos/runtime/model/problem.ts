/** What went wrong, for the people in the room: Korean first, the English original kept below. */
export interface Problem {
  /** What happened, one Korean sentence. */
  message: string
  /** What to do next, one Korean sentence or command. */
  hint: string
  /** The original message, as Docker or the system wrote it. */
  detail?: string
}

/** An error that carries a {@link Problem}; its `message` is the Korean sentence. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.message, options)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** No engine answers, or there is no docker CLI to ask one with. */
export class NoEngineError extends ProblemError {}

/** The problem of anything thrown; an unknown error keeps its own text as the detail. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError)
    return error.problem
  const detail = error instanceof Error ? error.message : String(error)
  return { message: '예상하지 못한 문제가 생겼습니다.', hint: '터미널의 기록을 확인한 뒤 다시 시도하세요.', detail }
}
