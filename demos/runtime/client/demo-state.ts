import type { Demo } from '../../define.ts'
import type { Problem } from '../model/problem.ts'
import type { RunEvent, RunState } from '../model/run-events.ts'
import type { DemoFolders } from './demo-folders.ts'
import { shallowReactive } from 'vue'
import { withParticle } from '../model/korean.ts'
import { logError } from '../model/log.ts'
import { problemOf } from '../model/problem.ts'
import { decode } from '../model/recording.ts'
import { idleRun } from '../model/run-events.ts'

/** What a page knows of one demo, whatever its source. */
export interface DemoState {
  readonly id: string
  /** Null until loaded. */
  definition: Demo | null
  /** Why the definition cannot be used. */
  broken: Problem | null
  /** The recording's events; null until loaded or where there is none. */
  recording: RunEvent[] | null
  /** Why there is a recording that cannot be used. */
  unrecorded: Problem | null
  /** Whether the lecturer has the recording shown in place of the run. */
  showRecording: boolean
  /** The files as they stand now, and as they are in the repository. */
  files: Record<string, string>
  originals: Record<string, string>
  /** What was last refused, and what was last cleaned; both go with the next request. */
  refused: Problem | null
  cleaned: string | null
}

export function createDemoState(id: string): DemoState {
  return shallowReactive<DemoState>({
    id,
    definition: null,
    broken: null,
    recording: null,
    unrecorded: null,
    showRecording: false,
    files: {},
    originals: {},
    refused: null,
    cleaned: null,
  })
}

/** The state before any run of the demo. */
export function idleRunOf({ definition }: DemoState): RunState {
  return idleRun(definition?.steps.length ?? 0)
}

/** Loads the demo's folder, or says in the state why that does not work; it never rejects. */
export async function loadDemo(state: DemoState, folders: DemoFolders): Promise<void> {
  try {
    const folder = await folders.load(state.id)
    if (!folder) {
      state.definition = null
      state.broken = { message: `데모 ${withParticle(state.id, '은/는')} 없습니다.`, hint: `demos/${state.id}/demo.ts를 만드세요.` }
      return
    }
    state.originals = folder.files
    state.files = { ...folder.files, ...state.files } // the server's are newer
    state.definition = folder.demo
    Object.assign(state, { broken: null, recording: null, unrecorded: null })
    if (folder.recording !== null)
      takeRecording(state, folder.recording, folder.demo.steps.length)
  }
  catch (error) {
    logError(error)
    state.broken = problemOf(error)
  }
}

/** A damaged recording does not keep a demo from running. */
function takeRecording(state: DemoState, text: string, steps: number): void {
  try {
    state.recording = decode(text, steps, state.id)
  }
  catch (error) {
    logError(error)
    state.unrecorded = problemOf(error)
  }
}

/** Sets a file's text; undefined stands for the repository's. */
export function setFile(state: DemoState, file: string, text: string | undefined): void {
  state.files = { ...state.files, [file]: text ?? state.originals[file] ?? '' }
}
