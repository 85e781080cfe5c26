import type { Step } from '../../demos/define.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anser from 'anser'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine, decode, encode, typedWords } from '../../demos/runtime/model/recording.ts'
import { idleRun, outputText, reduce } from '../../demos/runtime/model/run-events.ts'
import { demoOf, demosFolder, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { fill } from '../../demos/runtime/run/run.ts'
import { recordAgain, recordedRun } from '../support/recordings.ts'

const steps: Step[] = [{ id: 'one', title: '하나', command: ['docker', 'container', 'run', 'ch01/x', 'echo', '안녕, 도커!'] }]
const version = { engine: '26.1.5', builder: null, platform: 'linux/amd64' }
const events: RunEvent[] = [
  { type: 'run-started', at: 0, run: 'r1', demo: 'd', steps: 1, date: '2026-11-24T01:02:03.000Z', version },
  {
    type: 'step-started',
    at: 1,
    step: 0,
    args: ['docker', 'container', 'run', '--label', 'x', 'ch01/x', 'echo', '안녕, 도커!'],
    added: [3, 5],
  },
  { type: 'output', at: 20, step: 0, text: 'one\n\u001B[31mtwo\u001B[0m\r\nthree\r' },
  { type: 'output', at: 31, step: 0, text: '\n<b>넷</b>\u0000\n' },
  { type: 'step-ended', at: 40, step: 0, outcome: 'passed', exitCode: 0, durationMs: 39, checks: [{ says: '보입니다', passed: true }] },
  { type: 'run-ended', at: 41, outcome: 'passed' },
]
const cast = encode('시험', steps, events)

describe('a recording', () => {
  it('gives back the very events it was made of', () => {
    expect(decode(cast, 1)).toEqual(events)
  })

  it('is asciicast v2', () => {
    const [header, ...lines] = cast.trimEnd().split('\n').map(line => JSON.parse(line) as unknown)
    expect(header).toMatchObject({ version: 2, width: 100, height: 28, timestamp: 1795482123, duration: 0.041, title: '시험' })
    for (const line of lines as [number, string, unknown][])
      expect([typeof line[0], typeof line[1]]).toEqual(['number', 'string'])
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello\n'],
    ['another version', cast.replace('"version":2', '"version":3')],
    ['the end cut off', cast.split('\n').slice(0, -3).join('\n')],
    ['a line cut in half', cast.slice(0, cast.length / 2)],
    ['events out of order', cast.split('\n').toSpliced(2, 2).join('\n')],
    ['no event where one must be', cast.replace(/\[0,"r",\{.*\}\]/, '[0,"r",null]')],
    ['arguments that are no list', cast.replace(/"args":\[.*?\]/, '"args":"docker"')],
    ['checks that are no list', cast.replace(/"checks":\[.*?\]/, '"checks":{}')],
    ['an unknown outcome', cast.replace('"type":"run-ended","at":41,"outcome":"passed"', '"type":"run-ended","at":41,"outcome":"<b>"')],
    ['a version that is no text', cast.replace('"engine":"26.1.5"', '"engine":{}')],
    ['a time that is none', cast.replace('"at":40', '"at":"40"')],
    ['an event of another step', cast.replace('"type":"step-started","at":1,"step":0', '"type":"step-started","at":1,"step":7')],
    ['bytes that are no text', String.fromCharCode(...Array.from({ length: 256 }, (_, value) => value))],
    ['a foreign asciicast', '{"version":2,"width":80,"height":24}\n[0.1,"o","hi"]\n'],
  ])('with %s is refused in Korean, with the next step', (_, text) => {
    expect(() => decode(text, 1)).toThrow('녹화 파일을 읽을 수 없습니다.')
  })

  it('of another demo is refused', () => {
    expect(decode(cast, 1, 'd')).toEqual(events)
    expect(() => decode(cast, 1, 'e')).toThrow('녹화 파일을 읽을 수 없습니다.')
  })

  it('of another version of the demo is refused', () => {
    expect(() => decode(cast, 2)).toThrow('녹화 파일을 읽을 수 없습니다.')
  })
})

describe('commandLine', () => {
  it('quotes only what a shell would change', () => {
    expect(commandLine(steps[0]!.command)).toBe(`docker container run ch01/x echo '안녕, 도커!'`)
    expect(commandLine(['echo', `it's`])).toBe(`echo 'it'\\''s'`)
  })
})

describe('the committed recordings', async () => {
  const catalogue = await readCatalogue()

  it.each([...catalogue.keys()])('%s: is whole, passed, and of this demo', async (id) => {
    const demo = demoOf(catalogue, id)
    const run = await recordedRun(id, demo)
    expect(run.status, recordAgain(id)).toBe('passed')
    const outputs = Object.fromEntries(run.steps.map(({ output }, index) => [demo.steps[index]!.id, Anser.ansiToText(outputText(output))]))
    run.steps.forEach(
      (step, index) => expect(typedWords(step), recordAgain(id)).toEqual(demo.steps[index]!.command.map(word => fill(word, outputs))),
    )
  })

  it.each([...catalogue.keys()])('%s: tells nothing of the machine that made it', async (id) => {
    const text = await readFile(join(demosFolder, id, 'recording.cast'), 'utf8')
    expect(text).not.toMatch(/\/root\b|\/home\/|\/Users\//)
    expect(text).not.toContain((await execa('hostname')).stdout)
  })
})

const asciinema = ['/usr/bin/asciinema', '/usr/local/bin/asciinema', '/opt/homebrew/bin/asciinema'].find(existsSync)

describe.skipIf(!asciinema)(asciinema ? 'asciinema' : 'asciinema — 건너뜀: asciinema가 설치되어 있지 않습니다', () => {
  let folder: string
  beforeAll(async () => folder = await mkdtemp(join(tmpdir(), 'docker-basics-test-')))
  afterAll(() => rm(folder, { recursive: true }))

  it('plays a recording unchanged, as a terminal would show it', async () => {
    await writeFile(join(folder, 'a.cast'), cast)
    const { stdout } = await execa(asciinema!, ['play', '--speed', '50', join(folder, 'a.cast')], {
      stripFinalNewline: false,
      env: { LC_ALL: 'C.UTF-8', TERM: 'xterm' },
    })
    expect(stdout).toContain(`$ docker container run ch01/x echo '안녕, 도커!'`)
    expect(stdout).toContain('one\r\n\u001B[31mtwo\u001B[0m\r\r\nthree\r\r\n<b>넷</b>')
  })

  it('plays the committed helloworld at speed', async () => {
    const { stdout } = await execa(asciinema!, [
      'play',
      '--speed',
      '50',
      join(demosFolder, 'helloworld/recording.cast'),
    ], { env: { LC_ALL: 'C.UTF-8', TERM: 'xterm' } })
    expect(stdout).toContain('Hello, World!')
  })
})

it('keeps the head of a flood and says what was left out', () => {
  const flood = events.toSpliced(3, 1, { type: 'output', at: 31, step: 0, text: 'tail', omitted: 5000 })
  const run = decode(encode('시험', steps, flood), 1).reduce(reduce, idleRun(1))
  expect(outputText(run.steps[0]!.output)).toContain('… 5.00 kB 생략 …')
})
