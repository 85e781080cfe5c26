import type { ComputedRef } from 'vue'
import type { Layer } from '../model/build-log.ts'
import type { Problem } from '../model/problem.ts'
import { digest } from 'ohash'
import { computed, onMounted, shallowRef } from 'vue'
import { outputText } from '../model/run-events.ts'
import { useSource } from './use-source.ts'
import { useSteps } from './use-steps.ts'

/**
 * The layers that a build step makes of a demo's Dockerfile, as far as its log tells, the first lowest; none while the file
 * or the parser is not loaded, null where the log's format is unknown.
 */
export function useLayers(
  id: string,
  { file = 'Dockerfile', step }: { file?: string, step: string },
): { layers: ComputedRef<Layer[] | null>, problem: ComputedRef<Problem | null> } {
  const { source } = useSource(id)
  const { states, problem } = useSteps(id, [step])
  /** The parser of Dockerfiles is larger than the cover with its picture: it comes after the first paint. */
  const parser = shallowRef<typeof import('../model/build-log.ts') | null>(null)
  onMounted(async () => parser.value = await import('../model/build-log.ts'))
  const layers = computed(() => {
    const text = source.value.files[file]
    if (text === undefined || parser.value === null)
      return []
    const { layersOf, targetOf } = parser.value
    const state = states.value[step]
    const digests = state?.files
    // A text that has been edited since says nothing of the build before.
    if (!state || (digests && digests[file] !== digest(text)))
      return layersOf(text, { log: '', exitCode: null })
    return layersOf(text, { log: outputText(state.output), exitCode: state.exitCode, target: targetOf(state.args) })
  })
  return { layers, problem }
}
