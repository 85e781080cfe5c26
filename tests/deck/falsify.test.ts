import { expect, it } from 'vitest'
import { claimsOf } from '../../demos/runtime/model/falsify.ts'
import { demoOf, readCatalogue } from '../../demos/runtime/run/catalogue.ts'

const catalogue = await readCatalogue()

it.each([...catalogue.keys()])('every claim of %s can be made false', (id) => {
  const demo = demoOf(catalogue, id)
  const without = claimsOf(demo).filter(({ falsehood }) => falsehood === null)
  expect(without.map(({ step, says }) => `${demo.steps[step]!.id}: ${says}`)).toEqual([])
})
