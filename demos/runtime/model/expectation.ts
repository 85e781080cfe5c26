import type { Expectation, Step } from '../../define.ts'
import type { Check } from './run-events.ts'

/** A line of an expectation that stands for any number of lines. */
export const LINES_LEFT_OUT = '...'
const TEXT_LEFT_OUT = '[..]'

/**
 * What an expectation looks for as a pattern. A text must occur in the output, by the conventions of cram and trycmd:
 * `[..]` stands for anything within a line, a line `...` for any number of lines; blanks around a line do not count.
 */
export function patternOf(output: string | RegExp): RegExp {
  if (typeof output !== 'string')
    return output
  const lines = output.trim().split('\n').map(line => line.trim())
  return new RegExp(lines.map((line, index) => {
    const isLast = index === lines.length - 1
    if (line === LINES_LEFT_OUT && lines.length > 1)
      return isLast ? '' : '(?:[^\\n]*\\n)*?'
    const text = line.split(TEXT_LEFT_OUT).map(part => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^\\n]*')
    return isLast ? text : `${text}[ \\t]*\\r?\\n`
  }).join('[ \\t]*'))
}

/** What the expectations of a step came to with its output and those of the steps before it; a skipped step compares with nothing. */
export function check(step: Pick<Step, 'expect'>, text: string, outputs: Readonly<Record<string, string>> = {}): Check[] {
  return (step.expect ?? [])
    .filter(({ sameAs, differsFrom }) => outputs[sameAs ?? differsFrom ?? ''] !== '')
    .map((expectation) => {
      const missed = missedBy(expectation, text, outputs)
      return { says: expectation.says, passed: missed === null, ...missed !== null && { missed } }
    })
}

/** What was looked for and not there, in Korean, or null. */
function missedBy({ output, sameAs, differsFrom }: Expectation, text: string, outputs: Readonly<Record<string, string>>): string | null {
  if (output !== undefined && !patternOf(output).test(text))
    return `출력에 없는 것: ${typeof output === 'string' ? output.trim() : String(output)}`
  if (sameAs !== undefined && text.trim() !== outputs[sameAs]?.trim())
    return `${sameAs} 단계의 출력과 다릅니다: ${outputs[sameAs]?.trim() ?? ''}`
  if (differsFrom !== undefined && text.trim() === outputs[differsFrom]?.trim())
    return `${differsFrom} 단계의 출력과 같습니다.`
  return null
}
