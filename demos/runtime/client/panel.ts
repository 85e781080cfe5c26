import type { ComputedRef } from 'vue'
import type { RunState } from '../model/run-events.ts'
import type { NextClick } from './clicks.ts'
import type { DemoState } from './demo-state.ts'
import Anser from 'anser'
import { computed, onBeforeUnmount, onMounted, shallowReactive } from 'vue'
import { shownCommand, typedWords } from '../model/recording.ts'
import { outputText } from '../model/run-events.ts'

/** A panel as keys and the presenter's strip handle it. */
export interface Panel {
  readonly demo: DemoState
  readonly run: ComputedRef<RunState>
  /** Whether it stands on the slide that is shown. */
  readonly active: ComputedRef<boolean>
  readonly mayAct: ComputedRef<boolean>
  readonly running: ComputedRef<boolean>
  /** Whether a step runs, or has been asked for and will. */
  readonly busy: ComputedRef<boolean>
  /** The step that runs next when the panel goes on one by one; null when it has no more. */
  readonly nextStep: ComputedRef<number | null>
  readonly nextClick: ComputedRef<NextClick | null>
  /** Whether the next click runs what the slide asks about. */
  readonly asks: ComputedRef<boolean>
  /** Runs again what the slide's clicks have asked for; null unless that has failed or was stopped. */
  readonly retry: ComputedRef<(() => void) | null>
  /** What 실행 does; nothing while something runs. */
  start: () => unknown
  /** Goes on up to and including a step; nothing while something runs. */
  advance: (upTo: number) => unknown
  /** What 중지 does; nothing while nothing runs. */
  stop: () => unknown
  /** Shows the recording in place of the live run, or the run again. */
  toggleRecording: () => unknown
}

const panels = shallowReactive(new Set<Panel>())

/** The panel on the slide that is shown; of several, the first. */
export const panel = computed(() => [...panels].find(({ active }) => active.value) ?? null)

/** Makes a panel known while its component is mounted. */
export function usePanel(each: Panel): void {
  onMounted(() => panels.add(each))
  onBeforeUnmount(() => panels.delete(each))
}

/** What a panel shows, as a terminal's text. */
export function textOf({ demo, run }: Panel): string {
  return run.value.steps.flatMap((step, index) => {
    const definition = demo.definition?.steps[index]
    return !definition || step.status === 'idle' ? [] : [`$ ${shownCommand(definition, step.args.length > 0 ? typedWords(step) : undefined)}\n${Anser.ansiToText(outputText(step.output))}`]
  }).join('\n')
}

/** Runs the panel's next command alone. */
export function runNextStep({ nextStep, advance }: Panel): void {
  if (nextStep.value !== null)
    advance(nextStep.value)
}
