import type { ComputedRef } from 'vue'
import type { PollOutcome, PollQuestion, PollView } from '../model/poll.ts'
import type { Answer, Settlement } from '../model/question.ts'
import type { StepState } from '../model/run-events.ts'
import type { Store } from './store.ts'
import { useNav, useSlideContext } from '@slidev/client'
import { useEventListener } from '@vueuse/core'
import { computed, onBeforeUnmount, onMounted, shallowReactive, watch } from 'vue'
import { mayAskAgain } from '../model/poll.ts'
import { panel } from './panel.ts'
import { useStore } from './store.ts'
import { help, useViewSettings } from './view-settings.ts'

/** A slide's question as the clicker and the presenter view handle it. */
export interface AskedQuestion {
  readonly question: PollQuestion
  /** Whether it stands on the slide that is shown. */
  readonly active: ComputedRef<boolean>
  /** Its poll; null before the hall is asked. */
  readonly poll: ComputedRef<PollView | null>
  /** Whether its run has not told yet. */
  readonly isOpen: ComputedRef<boolean>
  /** Whether the next click runs the step that it asks about. */
  readonly isNext: ComputedRef<boolean>
}

/** What a press of the clicker does for a question, in place of what it does else. */
export type PollPress = 'open' | 'close'

const questions = shallowReactive(new Set<AskedQuestion>())

/** The question of the slide that is shown. */
export const question = computed(() => [...questions].find(({ active }) => active.value) ?? null)

/**
 * What ‘next’ or ‘back’ does for the question of the slide that is shown; null where the slides are turned as ever.
 * ‘Next’ asks the hall, then closes; after that it runs the step, and ‘back’ asks once more. Either closes what is open.
 */
export function pressOf(direction: 'next' | 'back', { hall, server }: Pick<Store, 'hall' | 'server'>): PollPress | null {
  const asked = question.value
  if (!asked?.isNext.value || !server.lecturer.value || server.gone.value)
    return null
  const poll = asked.poll.value
  if (poll?.open)
    return 'close'
  if (direction === 'back')
    return poll && mayAskAgain(poll) ? 'open' : null
  return hall.followers.value > 0 && (!poll || poll.outcome !== null) ? 'open' : null
}

/** Keys of ‘next’ and ‘back’, those of every clicker among them. */
const directions: Readonly<Record<string, 'next' | 'back'>> = {
  'ArrowRight': 'next',
  'PageDown': 'next',
  ' ': 'next',
  'ArrowLeft': 'back',
  'PageUp': 'back',
}

/** Gives the clicker's keys to the question of the slide that is shown, as {@link pressOf} says; Slidev does not hear of those. */
export function usePollKeys(): void {
  const store = useStore()
  const viewSettings = useViewSettings()
  useEventListener(window, 'keydown', (event) => {
    const direction = event.key === ' ' && event.shiftKey ? 'back' : directions[event.key]
    const isTaken = event.target instanceof Element && event.target.closest('input, textarea, select, button, a, [contenteditable="true"]')
    const isOther = event.ctrlKey || event.metaKey || event.altKey || viewSettings.blank || help.value
    if (!direction || isTaken || isOther)
      return
    const press = pressOf(direction, store)
    const asked = question.value
    if (!press || !asked)
      return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (event.repeat)
      return
    if (press === 'open')
      store.hall.open(asked.question)
    else if (asked.poll.value)
      store.hall.close(asked.poll.value)
  }, { capture: true })
}

/** Makes a slide's question known while its component is mounted, and tells the server when its run begins and what it says. */
export function usePoll(
  { id, step, words, answers }: { id: string, step: string, words: string, answers: readonly Answer[] },
  { settlement, state }: { settlement: ComputedRef<Settlement>, state: ComputedRef<StepState | undefined> },
): ComputedRef<PollView | null> {
  const { hall, server: { lecturer } } = useStore()
  const { currentPage, isPrintMode } = useNav()
  const { $page: page, $renderContext: context } = useSlideContext()
  const asked: PollQuestion = { demo: id, step, page: page.value, question: words, answers: answers.map(({ says }) => says) }
  const poll = computed(() => isPrintMode.value ? null : hall.pollOf(asked))
  const active = computed(() => currentPage.value === page.value && ['slide', 'presenter'].includes(context.value) && !isPrintMode.value)
  const isIdle = computed(() => state.value?.status === 'idle')
  const isNext = computed(() => {
    const next = panel.value?.demo.id === id ? panel.value.nextClick.value : null
    const index = panel.value?.demo.definition?.steps.findIndex(each => each.id === step) ?? -1
    return isIdle.value && next?.does === 'run' && index !== -1 && next.to >= index
  })
  const isOpen = computed(() => settlement.value.state === 'open')
  const known: AskedQuestion = { question: asked, active, poll, isOpen, isNext }
  onMounted(() => questions.add(known))
  onBeforeUnmount(() => questions.delete(known))

  /** What the run has said that the server does not know yet. */
  const news = computed(() => {
    const outcome = active.value && lecturer.value && poll.value ? outcomeOf(settlement.value) : null
    return outcome && JSON.stringify(outcome) !== JSON.stringify(poll.value?.outcome) ? outcome : null
  })
  watch(news, outcome => outcome && poll.value && hall.settle(poll.value, outcome))
  // A poll ends with its slide, and when its step begins.
  watch(() => active.value && isIdle.value, (asks) => {
    if (!asks && lecturer.value && poll.value?.open)
      hall.close(poll.value)
  })
  return poll
}

function outcomeOf(settlement: Settlement): PollOutcome | null {
  switch (settlement.state) {
    case 'open':
      return null
    case 'settled':
      return { answer: settlement.answer }
    case 'unsettled':
      return { reason: settlement.reason }
  }
}
