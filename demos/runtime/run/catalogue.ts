import type { Demo } from '../../define.ts'
import type { Problem } from '../model/problem.ts'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { withParticle } from '../model/korean.ts'
import { ProblemError } from '../model/problem.ts'

/** The folder that holds one folder a demo. */
export const demosFolder = join(import.meta.dirname, '../..')

/** A demo by its id, or why its folder cannot be used. */
export type Catalogue = Map<string, { demo: Demo } | { problem: Problem }>

/** Reads every demo folder; one that is broken is listed with its problem and does not hinder the others. */
export async function readCatalogue(folder = demosFolder): Promise<Catalogue> {
  const entries = await readdir(folder, { withFileTypes: true })
  const ids = entries.filter(entry => entry.isDirectory() && existsSync(join(folder, entry.name, 'demo.ts'))).map(entry => entry.name).sort()
  return new Map(await Promise.all(ids.map(async id => [id, await readDemo(folder, id)] as const)))
}

async function readDemo(folder: string, id: string): Promise<{ demo: Demo } | { problem: Problem }> {
  const path = join(folder, id, 'demo.ts')
  try {
    const { default: demo } = await import(path) as { default?: Demo }
    const wrong = !demo ? 'export default defineDemo(…)가 없습니다' : faultOf(demo, join(folder, id))
    if (!demo || wrong !== null)
      return { problem: { message: `데모 ${id}에 오류가 있습니다.`, hint: `demos/${id}/demo.ts를 고치세요.`, detail: wrong ?? '' } }
    return { demo }
  }
  catch (error) {
    const line = error instanceof Error ? new RegExp(`${id}/demo\\.ts:(\\d+)`).exec(error.stack ?? '')?.[1] : undefined
    return { problem: { message: `데모 ${withParticle(id, '을/를')} 읽지 못했습니다.`, hint: `demos/${id}/demo.ts${line === undefined ? '를' : `의 ${line}번째 줄을`} 고치세요.`, detail: `demos/${id}/demo.ts${line === undefined ? '' : `:${line}`}: ${error instanceof Error ? error.message.replaceAll(`${folder}/`, 'demos/') : String(error)}` } }
  }
}

function faultOf(demo: Demo, folder: string): string | null {
  if (demo.steps.length === 0)
    return '단계가 하나도 없습니다'
  const missing = demo.files.find(file => file.includes('/') || !existsSync(join(folder, file)))
  return missing === undefined ? null : `파일 ${withParticle(missing, '이/가')} 데모 폴더에 없습니다`
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
