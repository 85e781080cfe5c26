import { describe, expect, it } from 'vitest'
import { columnsOf, commandLine, groupsOf, lineOf, rowsOf } from '../../demos/runtime/client/text-rows.ts'

const words = (text: string): { text: string }[] => text.split(' ').map(each => ({ text: each }))

describe('a line in a fixed-width font', () => {
  it('takes two columns for a Hangul syllable', () => {
    expect(columnsOf('도커 run')).toBe(8)
    expect(columnsOf('🐳')).toBe(2)
  })

  it('breaks at blanks, and within a word that is longer than a row', () => {
    expect(rowsOf(lineOf(''), 10)).toBe(1)
    expect(rowsOf(lineOf('one two'), 7)).toBe(1)
    expect(rowsOf(lineOf('one two'), 6)).toBe(2)
    expect(rowsOf(lineOf('abcdefghijklmnopqrstuvwxy'), 10)).toBe(3)
    expect(rowsOf(lineOf('a abcdefghijkl b'), 10)).toBe(3)
  })

  it('keeps its indentation, and leaves room in its first row', () => {
    expect(rowsOf(lineOf('     six'), 8)).toBe(1)
    expect(rowsOf(lineOf('     sixx'), 8)).toBe(2)
    expect(rowsOf(lineOf('one two'), 7, 1)).toBe(2)
    expect(rowsOf(lineOf('seven77'), 7, 1)).toBe(2)
  })

  it('breaks a command before its options', () => {
    const command = words('docker container run --rm -v data:/data busybox cat /data/memo')
    expect(groupsOf(command).map(group => group.map(({ text }) => text).join(' ')))
      .toEqual(['docker container run', '--rm', '-v data:/data busybox cat /data/memo'])
    expect(rowsOf(commandLine(command), 62)).toBe(1)
    expect(rowsOf(commandLine(command), 61)).toBe(2)
  })
})
