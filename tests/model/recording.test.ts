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
import { fill } from '../../demos/runtime/model/steps.ts'
import { demoOf, demosFolder, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { recordAgain, recordedRun } from '../support/recordings.ts'

const steps: Step[] = [{ id: 'one', title: '하나', command: ['docker', 'container', 'run', 'ch01/x', 'echo', '안녕, 도커!'] }]
const version = { engine: '26.1.5', builder: null, platform: 'linux/amd64', cli: '28.2.2' }
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

/** A recording as it was written until November 2026. */
function asOld(text: string): string {
  return text.replaceAll(/"E",(".*")\]$/gm, (_, data: string) => `"r",${JSON.parse(data)}]`)
}

/** The recording with a part of one of its events replaced. */
function broken(from: string, to: string): string {
  const inText = (part: string): string => JSON.stringify(part).slice(1, -1)
  expect(cast).toContain(inText(from))
  return cast.replace(inText(from), inText(to))
}

/**
 * The lines of an asciicast v2 file, read as strictly as the parsers of asciinema 3 (src/asciicast/v2.rs) and agg do.
 * @throws {Error} when one of them would refuse it.
 */
function asciicast(text: string): [header: object, ...lines: [number, string, string][]] {
  const [header, ...lines] = text.trimEnd().split('\n').map(line => JSON.parse(line) as unknown) as [object, ...unknown[]]
  for (const line of lines) {
    const [time, code, data] = line as unknown[]
    if (typeof time !== 'number' || typeof code !== 'string' || [...code].length !== 1)
      throw new Error(`no time or code in ${JSON.stringify(line)}`)
    if (code === 'r' && !/^\d+x\d+$/.test(String(data)))
      throw new Error(`r is a resize in ${JSON.stringify(line)}`)
    if (typeof data !== 'string')
      throw new TypeError(`no text in ${JSON.stringify(line)}`)
  }
  return [header, ...lines as [number, string, string][]]
}

describe('a recording', () => {
  it('gives back the very events it was made of', () => {
    expect(decode(cast, 1)).toEqual(events)
  })

  it('is asciicast v2', () => {
    const [header] = asciicast(cast)
    expect(header).toMatchObject({ version: 2, width: 100, height: 28, timestamp: 1795482123, duration: 0.041, title: '시험' })
  })

  it('is read on where its events lie in objects under the code r, as they did until November 2026', () => {
    expect(decode(asOld(cast), 1)).toEqual(events)
    expect(() => asciicast(asOld(cast))).toThrow('is a resize')
  })

  it('is read where a terminal was resized, marked and typed into between its lines', () => {
    const [header, ...lines] = cast.split('\n')
    const foreign = ['[0,"r","100x28"]', '[0,"m","머리"]', '[0,"i","x"]', '[0,"x","0"]', '[0,"ㅎ",""]']
    expect(decode([header, ...foreign, ...lines].join('\n'), 1)).toEqual(events)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello\n'],
    ['another version', cast.replace('"version":2', '"version":3')],
    ['the end cut off', cast.split('\n').slice(0, -3).join('\n')],
    ['a line cut in half', cast.slice(0, cast.length / 2)],
    ['events out of order', cast.split('\n').toSpliced(2, 2).join('\n')],
    ['no event where one must be', cast.replace(/\[0,"E",".*"\]/, '[0,"E","null"]')],
    ['no event where one must be in an old file', asOld(cast).replace(/\[0,"r",\{.*\}\]/, '[0,"r",null]')],
    ['no JSON where an event must be', cast.replace('[0,"E","{', '[0,"E","')],
    ['arguments that are no list', broken('"args":["docker"', '"args":"docker","list":["docker"')],
    ['checks that are no list', broken('"checks":[', '"checks":{},"list":[')],
    ['an unknown outcome', broken('"type":"run-ended","at":41,"outcome":"passed"', '"type":"run-ended","at":41,"outcome":"<b>"')],
    ['a version that is no text', broken('"engine":"26.1.5"', '"engine":{}')],
    ['a time that is none', broken('"at":40', '"at":"40"')],
    ['an event of another step', broken('"type":"step-started","at":1,"step":0', '"type":"step-started","at":1,"step":7')],
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

  it.each([...catalogue.keys()])('%s: is asciicast v2', async (id) => {
    const [header] = asciicast(await readFile(join(demosFolder, id, 'recording.cast'), 'utf8'))
    expect(header).toMatchObject({ version: 2, width: 100, height: 28, timestamp: expect.any(Number) as unknown })
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
