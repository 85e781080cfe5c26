import type { StepState } from './run-events.ts'
import Anser from 'anser'
import { outputText } from './run-events.ts'
import { statusWords } from './words.ts'

/** What differs between two runs or machines and means nothing, and what stands in its place. */
const accidents: readonly [pattern: RegExp, instead: string][] = [
  [/(?<![\w./-])[\w./-]{0,100}docker\.sock\b/g, '<socket>'],
  [/\bref \S+/g, 'ref <id>'],
  [/\b(?:sha256:)?[0-9a-f]{64}\b/g, '<id>'],
  [/\b[0-9a-f]{12}\b/g, '<id>'],
  [/\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w{0,6} .{0,20}\b\d{2}:\d{2}:\d{2}\b.*/g, '<time>'],
  [/\b(?:About |Less than )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s?\b/g, '<time>'],
  [/\b\d+(?:\.\d+)?m?s\b/g, '<time>'],
  [/\b\d+(?:\.\d+)? ?[kKMG]?i?B\b/g, '<size>'],
  [/\b[kd]?v?\d+\.\d[\w.+~-]*/g, '<version>'],
  [/\((?:downgraded from|minimum version) <version>\)/g, ''],
  [/"?Git ?Commit"?:\s*"?[\w.+~-]*"?/g, '<commit>'],
  [/\d+/g, '<n>'],
]

/** Lines in which BuildKit tells of its own work and timing; whether they come depends on what is cached. */
const progress = /^#<n> (?:\[(?:internal|auth)\]|resolve |transferring |extracting |sha256|<id>|exporting |writing |naming |unpacking |DONE|CACHED|sending tarball|preparing |\.\.\.)|^#<n> building with/

/**
 * An output without IDs, times, digests, sizes, versions and other numbers, so that two runs of one demo compare:
 * its lines, sorted. Docker sends a container's stdout and stderr as two streams, and BuildKit works on several
 * instructions at a time, so an order among lines would be chance. Of a build's log the instructions remain.
 */
export function comparable(output: string): string[] {
  const lines = accidents
    .reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), output)
    .split('\n')
    .map(line => line.replaceAll(/\s+/g, ' ').trim())
    .filter(line => line !== '')
    .sort()
  return lines.some(line => line.startsWith('#<n> ')) ? [...new Set(lines.filter(line => !progress.test(line)))] : lines
}

/** Where a step first differs from its recording, in Korean, or null; what a machine could not show is no drift. */
export function driftOf(recorded: StepState, now: StepState): string | null {
  if (recorded.status === 'skipped' || now.status === 'skipped')
    return null
  if (recorded.status !== now.status)
    return `결과: 녹화 ${statusWords[recorded.status]}, 지금 ${statusWords[now.status]}`
  if (recorded.exitCode !== now.exitCode)
    return `종료 코드: 녹화 ${recorded.exitCode}, 지금 ${now.exitCode}`
  const [checksThen, checksNow] = [recorded, now].map(({ checks }) => checks.map(({ says }) => says).join(', ') || '없음')
  if (checksThen !== checksNow)
    return `기대: 녹화에 ${checksThen}, 지금 ${checksNow}`
  const [then, today] = [recorded, now].map(({ output }) => comparable(Anser.ansiToText(outputText(output)))) as [string[], string[]]
  const gone = then.find(line => !today.includes(line))
  const come = today.find(line => !then.includes(line))
  return gone !== undefined ? `녹화에만 있는 줄: ${gone}` : come !== undefined ? `지금만 있는 줄: ${come}` : null
}
