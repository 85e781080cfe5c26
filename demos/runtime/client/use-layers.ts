import type { ComputedRef } from 'vue'
import type { Layer } from '../model/build-log.ts'
import type { Problem } from '../model/problem.ts'
import { digest } from 'ohash'
import { computed } from 'vue'
import { layersOf, targetOf } from '../model/build-log.ts'
import { outputText } from '../model/run-events.ts'
import { useSource } from './use-source.ts'
import { useSteps } from './use-steps.ts'

/**
 * The layers that a build step makes of a demo's Dockerfile, as far as its log tells, the first lowest; none while the file
 * is not loaded, null where the log's format is unknown.
 */
export function useLayers(
  id: string,
  { file = 'Dockerfile', step }: { file?: string, step: string },
): { layers: ComputedRef<Layer[] | null>, problem: ComputedRef<Problem | null> } {
  const { source } = useSource(id)
  const { states, problem } = useSteps(id, [step])
  const layers = computed(() => {
    const text = source.value.files[file]
    if (text === undefined)
      return []
    const state = states.value[step]
    const digests = state?.files
    // A text that has been edited since says nothing of the build before.
    if (!state || (digests && digests[file] !== digest(text)))
      return layersOf(text, { log: '', exitCode: null })
    return layersOf(text, { log: outputText(state.output), exitCode: state.exitCode, target: targetOf(state.args) })
  })
  return { layers, problem }
}
