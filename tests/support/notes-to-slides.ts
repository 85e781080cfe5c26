import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A statement of the notes as they have it, the titles of the slides that carry it, and the words that carry it there. */
export interface CarriedStatement {
  statement: string
  titles: string[]
  words: string[]
}

/** The table in tests/deck/notes-to-slides.md. */
export const carriedStatements: CarriedStatement[] = readFileSync(join(import.meta.dirname, '../deck/notes-to-slides.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| '))
  .slice(2)
  .map((line) => {
    const [statement, titles, words] = line.split('|').map(cell => cell.trim()).filter(cell => cell !== '') as [string, string, string]
    return { statement, titles: titles.split(' / '), words: words.split(' / ') }
  })
