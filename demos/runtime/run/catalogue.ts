import type { Demo } from '../../define.ts'
import type { Problem } from '../model/problem.ts'
import type { Fault } from './definition-shape.ts'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { commandsOf } from '../../define.ts'
import { withParticle } from '../model/korean.ts'
import { tagsOf } from '../model/labels.ts'
import { ProblemError } from '../model/problem.ts'
import { faultsOf } from './definition.ts'

/** The folder that holds one folder a demo. */
export const demosFolder = join(import.meta.dirname, '../..')

/** A demo, or why its folder cannot be used. */
export type CatalogueEntry = { demo: Demo } | { problem: Problem }
export type Catalogue = Map<string, CatalogueEntry>

/** Reads every demo folder; one that is broken is listed with its problem and does not hinder the others. */
export async function readCatalogue(folder = demosFolder): Promise<Catalogue> {
  const entries = await readdir(folder, { withFileTypes: true })
  const ids = entries.filter(entry => entry.isDirectory()).map(entry => entry.name).sort()
  const read = await Promise.all(ids.map(async id => [id, await readDemo(id, folder)] as const))
  return new Map(read.filter((entry): entry is [string, CatalogueEntry] => entry[1] !== null))
}

/** Reads one demo's folder as it stands now, also when it has been read before; null when it holds no demo. */
export async function readDemo(id: string, folder = demosFolder): Promise<CatalogueEntry | null> {
  const path = join(folder, id, 'demo.ts')
  if (!existsSync(path))
    return null
  const fail = (what: string, line: number | null, detail?: string): { problem: Problem } => ({
    problem: {
      message: `데모 ${id}에 오류가 있습니다. ${what}`,
      hint: `demos/${id}/demo.ts${line === null ? '를' : `의 ${line}번째 줄을`} 고치세요.`,
      ...detail !== undefined && { detail },
    },
  })
  let definition: unknown
  try {
    // Writing empties a file first, often within the same tick of the clock: the time alone does not tell the two apart.
    const { mtimeNs, size } = await stat(path, { bigint: true })
    const exported = await import(`${pathToFileURL(path).href}?t=${mtimeNs}-${size}`) as { default?: unknown }
    if (exported.default === undefined)
      return fail('export default defineDemo(…)가 없습니다.', null)
    definition = exported.default
  }
  catch (error) {
    const line = error instanceof Error ? new RegExp(`${id}/demo\\.ts(?:\\?[^:]*)?:(\\d+)`).exec(error.stack ?? '')?.[1] : undefined
    const original = (error instanceof Error ? error.message : String(error))
      .replaceAll(`${folder}/`, 'demos/')
      .replaceAll(`${dirname(folder)}/`, '')
      .replaceAll(/\?t=[\d-]+/g, '')
    return fail('파일을 읽지 못했습니다.', line === undefined ? null : Number(line), original)
  }
  const faults = await faultsOf(definition, file => readFile(join(folder, id, file), 'utf8').catch(() => null))
  const [first, ...others] = faults
  if (!first)
    return { demo: definition as Demo }
  const { lineOf } = await import('./definition-line.ts') // needs a parser, which takes a while to load
  const source = await readFile(path, 'utf8')
  const told = (fault: Fault): string => [fieldName(fault.path), fault.message].filter(part => part !== '').join(': ')
  const more = others.map(fault => `demos/${id}/demo.ts:${lineOf(source, fault.path)} ${told(fault)}`)
  return fail(told(first), lineOf(source, first.path), more.length > 0 ? more.join('\n') : undefined)
}

/** A place in a definition as one would write it: `steps[1].expect[0].output`. */
function fieldName(path: Fault['path']): string {
  return path.map(key => typeof key === 'number' ? `[${key}]` : `.${key}`).join('').slice(1)
}

/** The tags that the demos and their falsehoods give to images, in full. */
export function tagsIn(catalogue: Catalogue): Set<string> {
  const demos = [...catalogue.values()].flatMap(entry => 'demo' in entry ? [entry.demo] : [])
  const tags = tagsOf(demos.flatMap(({ steps }) => steps).flatMap(step => commandsOf(step).map(command => ({ ...step, command }))))
  return new Set(tags.map(tag => /:[^/]+$/.test(tag) ? tag : `${tag}:latest`))
}

/**
 * The demo of that id.
 * @throws {ProblemError} when there is none or its folder is broken.
 */
export function demoOf(catalogue: Catalogue, id: string): Demo {
  const entry = catalogue.get(id)
  if (!entry)
    throw new ProblemError({ message: `데모 ${withParticle(id, '은/는')} 없습니다.`, hint: `있는 데모: ${[...catalogue.keys()].join(', ')}` })
  if ('problem' in entry)
    throw new ProblemError(entry.problem)
  return entry.demo
}
