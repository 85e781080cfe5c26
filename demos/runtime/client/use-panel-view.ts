import type { ComputedRef, Ref } from 'vue'
import type { Demo } from '../../define.ts'
import type { RunState } from '../model/run-events.ts'
import type { Marks } from './candidates.ts'
import type { PanelView } from './focus.ts'
import { useElementSize } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { candidatesOf } from './candidates.ts'
import { viewOf } from './focus.ts'

/** What a panel is about, as it changes. */
interface Options {
  definition: () => Demo | null
  run: () => RunState
  marks: () => readonly Marks[]
  /** The panel's first step and its last. */
  range: () => { first: number, last: number }
  /** The last step that is shown before it runs. */
  upTo: () => number
  /** Whether a step's state is a sign and a time alone. */
  short: () => boolean
  commandsOnly: () => boolean
  /** Whether everything is shown. */
  all: () => boolean
  /** Whether the panel fills the slide. */
  wall: () => boolean
}

/** What a panel with that screen shows large, in letters that fit its room; `open` shows a quiet step large too, or quiet again. */
export function usePanelView(screen: Readonly<Ref<HTMLElement | null>>, options: Options): {
  view: ComputedRef<PanelView | null>
  open: (index: number) => void
} {
  const { width, height } = useElementSize(screen)
  const room = computed<{ width: number, height: number } | null>(before => width.value > 0 && height.value > 0
    ? { width: Math.floor(width.value), height: Math.floor(height.value) }
    : before ?? null) // a slide that is not shown has no size
  const opened = shallowRef<{ run: string | null, steps: ReadonlySet<number> }>({ run: null, steps: new Set() })
  const view = computed<PanelView | null>((before) => {
    const definition = options.definition()
    if (!definition || !room.value)
      return null
    const { first, last } = options.range()
    const run = options.run()
    const candidates = candidatesOf(
      { steps: definition.steps.slice(first, last + 1) },
      { ...run, steps: run.steps.slice(first, last + 1) },
      { marks: options.marks().slice(first, last + 1), all: options.all(), short: options.short(), commandsOnly: options.commandsOnly() },
    )
    const next = viewOf(candidates, {
      room: room.value,
      wall: options.wall(),
      upTo: options.upTo() - first,
      opened: new Set(opened.value.run === run.id ? [...opened.value.steps].map(index => index - first) : []),
      all: options.all(),
    })
    return before && JSON.stringify(before) === JSON.stringify(next) ? before : next
  })
  return {
    view,
    open: (index) => {
      const { id } = options.run()
      const steps = new Set(opened.value.run === id ? opened.value.steps : [])
      if (!steps.delete(index))
        steps.add(index)
      opened.value = { run: id, steps }
    },
  }
}
