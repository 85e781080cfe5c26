import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import process from 'node:process'
import Anser from 'anser'
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../demos/runtime/client/output-blocks.ts'
import { layersOf } from '../../demos/runtime/model/build-log.ts'
import { dockerProblem } from '../../demos/runtime/model/docker-problems.ts'
import { comparable } from '../../demos/runtime/model/drift.ts'
import { check, findExpected } from '../../demos/runtime/model/expectation.ts'
import { FILE_LIMIT } from '../../demos/runtime/model/messages.ts'
import { confirmedAnswer } from '../../demos/runtime/model/question.ts'
import { idleRun, outputText, reduce } from '../../demos/runtime/model/run-events.ts'
import { readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { Redactor } from '../../demos/runtime/run/redact.ts'
import { questions } from '../support/questions.ts'

/** How much each pattern is fed, in characters, and how long it may take for that, in milliseconds of the CPU. */
const SIZE = 1024 ** 2
const MOST_MS = 50

/** Characters of an output that a page draws in one go. */
const STROKE = 32 * 1024

/** What patterns that read output stumble over: beginnings of a match that go on and on and do not end in one. */
const repeated = [
  '0', 'a', 'f', 'ab', 'abc\n', 'edabc\n', 'a b c d e\n', ' ', '\n', '\t', '\\', '\\ ', '\\\n', ' \n', '0 ', '0 1 ', '0\n', '.', '"',
  '-', '[', '=', 'a=', '1.', '1.1', 'sha256:', '#1 ', '#1 [1/1] ', 'buildx ', 'buildx\n', 'permission denied ', 'docker.sock ',
  'context "', 'error during connect ', 'command [ssh ', 'client version ', 'container name "', 'network with name ', '"http://localhost:1', 'ref ', 'Mon ', 'Mon 00:00:00 ', 'About a ',
  'Git Commit', '(downgraded from ', 'RUN tar', 'RUN tar\n#1 sha256:', '# ', ' #', ' AS ', 'FROM a AS ', 'FROM ', 'Debian ', 'Client 1',
  'Client 1 · Server 1', '"Version":"1', 'Loaded image: ', 'digest: sha256:', 'oci-layout', 'manifest.json', 'h01-nap 1.',
  '0123456789ab ', '\u001B', '\u001B[', '\u001B[1', '\u001B[1;', '\u001B[1m', '\u001B[1ma', '\u001B[38;2;1;1;1m',
]

/** What a run keeps of an output, and so hands on. */
function kept(text: string): string {
  const events: RunEvent[] = [
    { type: 'run-started', at: 0, run: 'r', demo: 'd', steps: 1, date: '', version: { engine: '', builder: null, platform: '' } },
    { type: 'step-started', at: 0, step: 0, args: [], added: [0, 0] },
    { type: 'output', at: 0, step: 0, text },
  ]
  return outputText(events.reduce(reduce, idleRun(1)).steps[0]!.output)
}

/**
 * Reads each text in growing lengths, up to {@link SIZE}, and gives the one that first takes too long, or null.
 * What takes too long gets two more tries: the machine may be busy, or the pattern not compiled yet.
 */
function slow(read: (text: string) => unknown): string | null {
  const duration = (text: string): number => {
    const start = process.threadCpuUsage()
    read(text)
    const { user, system } = process.threadCpuUsage(start)
    return (user + system) / 1000
  }
  for (const part of repeated) {
    for (let size = SIZE / 256; size <= SIZE; size *= 4) {
      const text = part.repeat(Math.ceil(size / part.length))
      let ms = duration(text)
      for (let again = 0; again < 2 && ms > MOST_MS; again++)
        ms = duration(text)
      if (ms > MOST_MS)
        return `${JSON.stringify(part)}, ${size} characters: ${Math.round(ms)} ms`
    }
  }
  return null
}

const demos = [...await readCatalogue()].flatMap(([id, entry]) => 'demo' in entry ? [{ id, demo: entry.demo }] : [])
const expected = demos.flatMap(({ id, demo }) => demo.steps.flatMap(({ id: step, expect = [] }) =>
  expect.map(each => [`${id} ${step}: ${each.says}`, each] as const)))

describe('a mebibyte of output is read in no time, whatever it is', () => {
  it.each([
    ['a failure of the docker CLI', (text: string) => dockerProblem(text)],
    ['a build\'s log', (text: string) => layersOf('FROM a\nRUN b\n', { log: text, exitCode: null })],
    ['a Dockerfile', (text: string) => layersOf(text.slice(0, FILE_LIMIT), { log: '#1 [1/2] FROM a\n#1 DONE 0.1s\n', exitCode: 0 })],
    ['what is compared with a recording', (text: string) => comparable(kept(text))],
    ['colours', (text: string) => Anser.ansiToText(kept(text))],
    ['an output that is drawn', (text: string) => blocksOf(kept(text), [], STROKE)],
    ['an expectation with gaps', (text: string) => findExpected('a[..]b[..]c\n...\nd[..]e', `${text}abcde`)],
    ['secrets', (text: string) => new Redactor({ MY_TOKEN: 'aaaaaaaa0', OTHER_TOKEN: '00000000a' }).text(text)],
    ['secrets in a stream', (text: string) => {
      const stream = new Redactor({ MY_TOKEN: 'aaaaaaaa0', OTHER_TOKEN: '00000000a' }).stream(() => {})
      stream.push(text, 0)
      stream.push(text, 1)
      stream.end()
    }],
  ])('%s', (_, read) => {
    expect(slow(read)).toBeNull()
  })

  it.each(expected)('the expectation: %s', (_, each) => {
    expect(slow(text => check({ expect: [each] }, text))).toBeNull()
  })

  it.each(questions)('the answers to: $question', ({ answers }) => {
    expect(slow(text => confirmedAnswer(answers, text))).toBeNull()
  })
})
