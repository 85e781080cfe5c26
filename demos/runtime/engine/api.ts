import { dockerProblem } from '../model/docker-problems.ts'
import { ProblemError } from '../model/problem.ts'

/**
 * The Engine API (https://docs.docker.com/reference/api/engine/) for what must be exact and read by a program: the ledger,
 * the engine's status, a container's terminal. Runs go through the docker CLI, because that is what the slides show.
 */

export interface ApiResponse {
  status: number
  body: string
}

/** A way to an engine's API: a socket, the docker CLI's `dial-stdio`, the channel of the engine in the tab. */
export interface EngineApi {
  /**
   * One request without a body. `timeoutMs` is the longest wait for the whole answer; without it the way has a limit of its own.
   * @throws {ProblemError} when the engine is not reached or does not answer in time; an answer of any status is returned.
   */
  request: (method: 'GET' | 'POST' | 'DELETE', path: string, options?: { timeoutMs?: number }) => Promise<ApiResponse>
}

/** An image, of what the deck needs. */
export interface ImageInspect {
  Id: string
  /** Its names; null where it has none. */
  RepoTags: string[] | null
  Config: { Labels: Record<string, string> | null }
  Os?: string
  Architecture?: string
}

/** The query of a list that is filtered, e.g. by labels, each as `name` or `name=value`. */
export function byFilters(filters: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(filters))}`
}

/**
 * What the engine says at a path; null where it says that there is nothing (404).
 * @throws {ProblemError} when it refuses or does not answer.
 */
export async function get<T>(api: EngineApi, path: string): Promise<T | null> {
  const response = await api.request('GET', path)
  return response.status === 404 ? null : JSON.parse(accepted(response)) as T
}

/**
 * Posts to the engine, without a body.
 * @throws {ProblemError} when it refuses or does not answer.
 */
export async function post(api: EngineApi, path: string): Promise<void> {
  accepted(await api.request('POST', path))
}

/**
 * An image by its name or id; null when there is none.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function inspectImage(api: EngineApi, name: string): Promise<ImageInspect | null> {
  return get<ImageInspect>(api, `/images/${encodeURIComponent(name)}/json`)
}

/** Whether an image is for a platform such as `linux/amd64`; one that does not say is. */
export function isForPlatform({ Os, Architecture }: ImageInspect, platform: string): boolean {
  return !Os || !Architecture || `${Os}/${Architecture}` === platform
}

/**
 * The body of a response that says yes.
 * @throws {ProblemError} with the engine's own words when it says no.
 */
export function accepted({ status, body }: ApiResponse): string {
  if (status < 300)
    return body
  const detail = messageOf(body)
  throw new ProblemError(dockerProblem(detail) ?? { message: '도커 엔진이 요청을 거절했습니다.', hint: '아래 원문을 확인하세요.', detail })
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body
  }
  catch {
    return body
  }
}
