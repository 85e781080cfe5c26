import { expect, it } from 'vitest'
import { LENGTHS } from '../../setup/lecture.ts'
import { slides } from '../e2e/deck.ts'

/** The appendix is jumped to, not shown in a row. */
const lecture = slides.slice(0, slides.findLastIndex(({ frontmatter }) => frontmatter.layout === 'section'))

it.each(LENGTHS)('a lecture of %i minutes has no layout more than three times in a row', (length) => {
  const layouts = lecture
    .filter(({ frontmatter }) => !(Number(frontmatter.from) > length))
    .map(({ frontmatter }) => String(frontmatter.layout ?? 'default'))
  expect(layouts.length).toBeGreaterThan(20)
  expect(layouts.flatMap((layout, index) => layouts.slice(index, index + 4).every((each, _, all) => all.length === 4 && each === layout)
    ? [`${layout} from ${index + 1} on`]
    : [])).toEqual([])
})
