import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { comparable } from './comparable.ts'

const log = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/builder-logs', `${name}.txt`), 'utf8')

describe('two outputs compare', () => {
  it.each([
    ['an ID', `sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
    ['a short ID', '1f2e3d4c5b6a Created', 'a6b5c4d3e2f1 Created'],
    ['a time', 'Up 3 seconds', 'Up About a minute'],
    ['a size', 'layers 3.25kB 0.1s', 'layers 5MB 1.25s'],
    ['a process', '21928     1 dockerd', '7 1 dockerd'],
    ['the order of two streams', 'out\nerr', 'err\nout'],
  ])('as the same but for %s', (_, one, other) => expect(comparable(one)).toEqual(comparable(other)))

  it('as the same when a build finds its layers in the cache', () => {
    expect(comparable(log('buildx-0.13.1-cached'))).toEqual(comparable(log('buildx-0.13.1-uncached')))
  })

  it.each([
    ['a word', 'exec format error', 'exec format problem'],
    ['a line more', 'Created', 'Created\nExited'],
    ['another instruction', '#4 [2/3] COPY a /\n', '#4 [2/3] COPY b /\n'],
  ])('as different in %s', (_, one, other) => expect(comparable(one)).not.toEqual(comparable(other)))
})
