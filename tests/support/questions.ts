import type { Answer } from '../../demos/runtime/model/question.ts'
import { runInNewContext } from 'node:vm'
import { slides } from '../e2e/deck.ts'

/** The questions that slides ask, as their tags have them. */
export const questions = slides.flatMap(({ title, content }) => [...content.matchAll(/<Predict\s([\s\S]*?)\/>/g)].map(([, tag]) => {
  const attribute = (name: string): string => new RegExp(`(?:^|\\s):?${name}="([^"]*)"`).exec(tag!)?.[1] ?? ''
  const answers = runInNewContext(attribute('answers')) as Answer[]
  return { title, id: attribute('id'), step: attribute('step'), question: attribute('question'), answers }
}))
