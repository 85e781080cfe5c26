import { describe, expect, it } from 'vitest'
import { confirmedAnswer, settle } from '../../demos/runtime/model/question.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { questions } from '../support/questions.ts'
import { recordAgain, recordedRun } from '../support/recordings.ts'

describe('the questions', async () => {
  const catalogue = await readCatalogue()
  const recorded = await Promise.all(questions.map(async ({ id, step, answers, ...question }) => {
    const demo = demoOf(catalogue, id)
    return { ...question, id, answers, settlement: settle(answers, demo, { run: await recordedRun(id, demo), step }) }
  }))

  it.each(recorded)('$title: $question has three answers, of which the recording confirms one', ({ id, answers, settlement }) => {
    expect(answers).toHaveLength(3)
    expect(settlement.state, recordAgain(id)).toBe('settled')
  })

  it('have 가, 나 and 다 confirmed about equally often', () => {
    const confirmed = recorded.map(({ settlement }) => settlement.state === 'settled' ? settlement.answer : null)
    const counts = [0, 1, 2].map(letter => confirmed.filter(each => each === letter).length)
    expect(questions.length).toBeGreaterThan(10)
    expect(Math.max(...counts) - Math.min(...counts), `가, 나, 다: ${counts.join(', ')}`).toBeLessThanOrEqual(2)
  })

  it.each([
    ['COPY만', ['CACHED', 'DONE 0.1s']],
    ['RUN과 COPY', ['DONE 9.0s', 'DONE 0.1s']],
    ['없다', ['CACHED', 'CACHED']],
  ] as const)('of the order of instructions is answered with %s where the build says so', (says, [run, copy]) => {
    const { answers } = questions.find(({ id }) => id === 'layers')!
    const log = `#6 [2/3] RUN tar -czf /lib.tgz -C /usr lib\n#6 ${run}\n\n#7 [3/3] COPY version.txt /app/\n#7 ${copy}\n`
    expect(answers[confirmedAnswer(answers, log) ?? -1]?.says).toBe(says)
  })
})
