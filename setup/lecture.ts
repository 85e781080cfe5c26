import { ProblemError } from '../demos/runtime/model/problem.ts'

/** The lengths of lecture that the deck is cut for, in minutes. */
export const LENGTHS = [30, 60, 90] as const
export type Length = typeof LENGTHS[number]

/**
 * The length that `LECTURE` chooses; 90, the whole deck, when it is not set.
 * @throws {ProblemError} when it is none of {@link LENGTHS}.
 */
export function lectureLength(setting: string | undefined): Length {
  const length = setting === undefined || setting === '' ? 90 : LENGTHS.find(each => String(each) === setting)
  if (length === undefined)
    throw new ProblemError({ message: `강의 시간이 올바르지 않습니다: LECTURE=${setting}`, hint: `LECTURE에는 ${LENGTHS.join(', ')} 가운데 하나를 적으세요.` })
  return length
}

/**
 * The lines of a slide, or of its notes, that belong to a lecture of that length in minutes: `[60+]` before a line keeps it for
 * 60 and more, `[-60]` for 60 and less, `[60]` for 60 alone.
 */
export function linesFor(length: Length, text: string): string {
  return text.split('\n').flatMap((line) => {
    const [, less, minutes, more, rest] = /^\[(-?)(\d+)(\+?)\] (.*)$/.exec(line) ?? []
    if (rest === undefined)
      return [line]
    const fits = less ? length <= Number(minutes) : more ? length >= Number(minutes) : length === Number(minutes)
    return fits ? [rest] : []
  }).join('\n')
}

/** The time that a slide's notes give it (`⏱ 1분 30초`), in minutes; null when they give none. */
export function minutesOf(note: string | undefined): number | null {
  const match = /⏱\s*(?:(\d+(?:\.\d+)?)\s*분)?\s*(?:(\d+)\s*초)?/.exec(note ?? '')
  return match && (match[1] ?? match[2]) ? Number(match[1] ?? 0) + Number(match[2] ?? 0) / 60 : null
}

/** A promise of a section's cover, `2. …`, as its number and its text. */
export function numbered(promise: string): { number: number, text: string } {
  const [, number, text] = /^(\d+)\. (.*)$/.exec(promise) ?? []
  return { number: Number(number ?? 0), text: text ?? promise }
}

/** The number of a section as its cover and the contents show it; `index` counts from 0. */
export function sectionNumber(index: number): string {
  return String(index + 1).padStart(2, '0')
}
