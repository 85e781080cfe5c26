import type { Demo, Step } from '../../define.ts'
import { closestMatch } from 'leven'
import { z } from 'zod'
import { withParticle } from '../model/korean.ts'

/** One thing that is wrong in a definition: where, by keys and indexes from its top, and what, in Korean. */
export interface Fault {
  path: readonly (string | number)[]
  message: string
}

const text = z.string().refine(value => value.trim() !== '', { error: '비어 있습니다.' })
const stepId = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: '영어 소문자로 시작하고 소문자, 숫자, 붙임표만 씁니다. 예: build' })
const command = z.array(z.string()).min(1, { error: '프로그램의 이름이 없습니다.' }) as unknown as z.ZodType<Step['command']>
const file = text.refine(
  path => !/^[/\\]|^\w:|(?:^|[/\\])\.\.(?:[/\\]|$)|\\/.test(path),
  { error: '데모 폴더 안의 파일을 /로 나누어 적습니다. 예: src/app.txt' },
)
const pattern = z.instanceof(RegExp)
  .refine(({ source }) => source !== '(?:)', { error: '빈 정규식은 무엇에나 맞습니다.' })
  .refine(({ flags }) => !/[gy]/.test(flags), { error: '정규식에 g와 y를 붙이지 않습니다. 실행할 때마다 다른 곳부터 찾습니다.' })

const falsehood = z.strictObject({
  files: z.record(file, z.string()).optional(),
  commands: z.record(z.string(), command).optional(),
}).refine(({ files = {}, commands = {} }) => Object.keys(files).length + Object.keys(commands).length > 0, {
  error: 'files나 commands가 있어야 합니다. 이대로는 아무것도 거짓이 되지 않습니다.',
})

const expectation = z.strictObject({
  says: text,
  output: z.union([text, pattern], { error: '글이나 정규식이어야 합니다.' }).optional(),
  sameAs: stepId.optional(),
  differsFrom: stepId.optional(),
  part: pattern.optional(),
  falsify: falsehood.optional(),
}).refine(({ output, sameAs, differsFrom }) => output !== undefined || sameAs !== undefined || differsFrom !== undefined, {
  error: 'output, sameAs, differsFrom 가운데 하나가 있어야 합니다. says만으로는 아무것도 확인하지 않습니다.',
})

const asExitCodes = { error: '0부터 255까지의 정수나, 그런 정수의 목록이어야 합니다.' }
const exitCode = z.int().min(0, asExitCodes).max(255, asExitCodes)
const exitCodes = z.union([exitCode, z.array(exitCode).min(1, asExitCodes)], asExitCodes)

const stepSchema = z.strictObject({
  id: stepId,
  title: text,
  command,
  times: z.int().min(1).optional(),
  retryMs: z.int().min(1).optional(),
  into: file.optional(),
  host: z.strictObject({ elsewhere: text, probe: command.optional() }).optional(),
  exitCode: exitCodes.optional(),
  ready: z.url().optional(),
  timeoutMs: z.int().min(1).optional(),
  expect: z.array(expectation).optional(),
  falsify: falsehood.optional(),
})

/** The one schema of a definition. */
const demoSchema = z.strictObject({
  title: text,
  files: z.array(file),
  baseImages: z.array(text),
  notInTab: text.optional(),
  steps: z.array(stepSchema).min(1, { error: '단계가 하나도 없습니다.' }),
  podman: z.strictObject({ cannot: text, before: z.int().optional() }).optional(),
}) satisfies z.ZodType<Demo>

/** What is wrong in the shape of a definition: fields that are unknown, missing, or of another type. */
export function faultsOfShape(definition: unknown): Fault[] {
  return demoSchema.safeParse(definition).error?.issues.flatMap(issue => faultsOfIssue(issue, definition)) ?? []
}

const types: Readonly<Record<string, string>> = { string: '문자열이어야', array: '[…] 목록이어야', object: '{ … } 묶음이어야', number: '수여야', int: '정수여야' }

function faultsOfIssue(issue: z.core.$ZodIssue, definition: unknown): Fault[] {
  const path = issue.path as (string | number)[]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = closestMatch(key, fieldsAt(path), { maxDistance: 3 })
      return {
        path: [...path, key],
        message: `모르는 항목입니다. ${meant === undefined
          ? `쓸 수 있는 항목: ${fieldsAt(path).join(', ')}`
          : `${withParticle(meant, '을/를')} 쓰려던 것인가요?`}`,
      }
    })
  }
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], definition)
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union'))
    return [{ path, message: '없습니다.' }]
  if (issue.code === 'invalid_type') {
    return [{
      path,
      message: `${types[issue.expected]
      ?? `${issue.expected}이어야`} 합니다.${path.at(-1) === 'command' ? ' 낱말을 나누어 적습니다. 예: [\'docker\', \'version\']' : ''}`,
    }]
  }
  // Of several shapes, what is wrong with the one that was meant.
  const { message } = (issue.code === 'invalid_union' ? issue.errors.flat().find(isKorean) : undefined) ?? issue
  return [{ path, message: isKorean({ message }) ? message : '값이 올바르지 않습니다.' }]
}

/** Whether a message is ours, and not the schema library's. */
function isKorean({ message }: { message: string }): boolean {
  return /\p{Script=Hangul}/u.test(message)
}

/** The fields that may stand at a place of a definition. */
function fieldsAt(path: readonly PropertyKey[]): string[] {
  const [top, , second] = path
  if (path.includes('falsify'))
    return Object.keys(falsehood.shape)
  if (top === 'podman')
    return Object.keys(demoSchema.shape.podman.unwrap().shape)
  if (top !== 'steps')
    return Object.keys(demoSchema.shape)
  return second === 'expect' ? Object.keys(expectation.shape) : second === 'host' ? ['elsewhere', 'probe'] : Object.keys(stepSchema.shape)
}
