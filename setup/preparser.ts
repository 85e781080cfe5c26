import process from 'node:process'
import { definePreparserSetup } from '@slidev/types'
import { lectureLength, linesFor, minutesOf } from './lecture.ts'

/**
 * Cuts the deck for the lecture that LECTURE chooses: a slide with `from: 60` in its front matter belongs to lectures
 * of 60 minutes and more, and a line or a promise of a section that begins with `[60+]` likewise ({@link linesFor}).
 * Slidev leaves out what has `hide`, so pages, contents, export and site follow by themselves.
 */
export default definePreparserSetup(() => {
  const length = lectureLength(process.env.LECTURE)
  return [{
    name: 'docker-basics:lecture',
    transformSlide: async (content, frontmatter: Record<string, unknown>) => {
      if (Number(frontmatter.from) > length)
        frontmatter.hide = true
      if (frontmatter.duration !== undefined)
        frontmatter.duration = `${length}min` // the presenter's timer
      if (Array.isArray(frontmatter.promises))
        frontmatter.promises = linesFor(length, frontmatter.promises.join('\n')).split('\n')
      const own = linesFor(length, content)
      if (own !== content) // Slidev has read the title before
        frontmatter.title ??= /^# (.*)$/m.exec(own)?.[1]
      return own
    },
    // A built site has no notes, but its contents tell the time.
    transformNote: async (note, frontmatter: Record<string, unknown>) => {
      const minutes = minutesOf(note)
      if (minutes !== null)
        frontmatter.minutes = minutes
      return note === undefined ? undefined : linesFor(length, note)
    },
  }]
})
