import type { Finding } from '../model/messages.ts'
import { problemOf } from '../model/problem.ts'

/** What was thrown while the doctor looked at something, as a finding. */
export function findingOf(name: string, error: unknown): Finding {
  const { message, hint, detail } = problemOf(error)
  return { name, state: 'bad', message, hint, ...detail !== undefined && { detail } }
}
