import type { Demo } from '../../demos/define.ts'
import type { RunState } from '../../demos/runtime/model/run-events.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withParticle } from '../../demos/runtime/model/korean.ts'
import { decode } from '../../demos/runtime/model/recording.ts'
import { idleRun, reduce } from '../../demos/runtime/model/run-events.ts'
import { demosFolder } from '../../demos/runtime/run/catalogue.ts'

/** What to do about a recording that is not as it should be. */
export const recordAgain = (id: string): string => `demos/${id}/recording.cast가 지금의 데모와 맞지 않습니다. 데모를 일부러 바꾸었다면 npm run record -- ${withParticle(id, '으로/로')} 다시 녹화하세요.`

/**
 * The run that is recorded of a demo.
 * @throws {Error} with what to do when there is none, or it cannot be read.
 */
export async function recordedRun(id: string, { steps }: Demo): Promise<RunState> {
  try {
    return decode(await readFile(join(demosFolder, id, 'recording.cast'), 'utf8'), steps.length).reduce(reduce, idleRun(steps.length))
  }
  catch (cause) {
    throw new Error(`데모 ${id}의 녹화가 없거나 읽을 수 없습니다. npm run record -- ${withParticle(id, '을/를')} 실행하세요.`, { cause })
  }
}
