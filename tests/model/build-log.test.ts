import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { layersOf } from '../../demos/runtime/model/build-log.ts'

const folder = join(import.meta.dirname, '../fixtures/builder-logs')
const dockerfile = readFileSync(join(import.meta.dirname, '../../demos/helloworld/Dockerfile'), 'utf8')
const logs = readdirSync(folder).filter(name => name.endsWith('.txt'))
const logOf = (name: string): string => readFileSync(join(folder, name), 'utf8')
function states(name: string): string[]
  | undefined {
  const built = name.endsWith('failed-run.txt') ? dockerfile.replace(/RUN .*/, 'RUN echo before && false') : dockerfile
  return layersOf(built, { log: logOf(name), exitCode: null })?.map(each => each.state)
}
/** Buildah reads a Dockerfile as it goes. */
const BUILDAH = 'buildah-4.3.1'
const builders = ['buildx-0.13.1', 'buildx-0.29.1', 'buildkit-20.10', 'classic-20.10', BUILDAH]

describe.each(builders)('the layer picture of %s', (builder) => {
  it('has all four layers done after an uncached build', () => {
    const [from, ...rest] = states(`${builder}-uncached.txt`)!
    expect(['done', 'cached']).toContain(from) // a local base image has nothing to do
    expect(rest).toEqual(['done', 'done', 'done'])
  })

  it('shows COPY and RUN as cached when nothing has changed', () => {
    expect(states(`${builder}-cached.txt`)!.slice(1, 3)).toEqual(['cached', 'cached'])
  })

  it('shows COPY and RUN as done again after an edit', () => {
    expect(states(`${builder}-rebuild.txt`)!.slice(1, 3)).toEqual(['done', 'done'])
  })

  it('shows the RUN that failed, and nothing after it', () => {
    expect(states(`${builder}-failed-run.txt`)!.slice(1)).toEqual([builder === BUILDAH ? 'cached' : 'done', 'failed', 'waiting'])
  })

  it('leaves waiting what is not done when the Dockerfile could not be read', () => {
    expect(states(`${builder}-bad-dockerfile.txt`)).toEqual(builder === BUILDAH
      ? ['done', 'failed', 'waiting', 'waiting']
      : ['waiting', 'waiting', 'waiting', 'waiting'])
  })
})

describe('layersOf', () => {
  it('reads a Dockerfile in a page, which has no Buffer', () => {
    vi.stubGlobal('Buffer', undefined)
    try {
      const [bare, marked] = [dockerfile, `\uFEFF${dockerfile}`].map(text => layersOf(text, { log: '', exitCode: null }))
      expect(bare).toHaveLength(4)
      expect(marked).toEqual(bare)
    }
    finally {
      vi.unstubAllGlobals()
    }
  })

  it.each(logs)('never goes back as %s arrives, wherever it is cut', (name) => {
    const log = logOf(name)
    const order = ['waiting', 'running', 'done', 'cached', 'failed']
    let before = [0, 0, 0, 0]
    for (let end = 0; end <= log.length; end++) {
      const now = layersOf(dockerfile, { log: log.slice(0, end), exitCode: null })!.map(each => order.indexOf(each.state))
      now.forEach((rank, index) => expect(rank === before[index] || before[index]! <= 1).toBe(true))
      before = now
    }
  })

  it('reports seconds as BuildKit does, and none for the classic builder', () => {
    const seconds = (name: string) => layersOf(dockerfile, { log: logOf(name), exitCode: null })!.map(each => each.seconds)
    expect(seconds('buildx-0.13.1-uncached.txt')).toEqual([0, 0.2, 0.2, null])
    expect(seconds('classic-20.10-uncached.txt')).toEqual([null, null, null, null])
  })

  it('knows that CMD adds no file-system layer', () => {
    expect(layersOf(dockerfile, { log: '', exitCode: null })!.map(each => [each.instruction, each.filesystem])).toEqual([
      ['FROM', true],
      ['COPY', true],
      ['RUN', true],
      ['CMD', false],
    ])
  })

  it('tells the stages of a multi-stage build apart', () => {
    const text = 'FROM a AS build\nRUN one\n\n# a comment\nFROM b\nCOPY --from=build \\\n  /x /x\n'
    const log = '#5 [build 1/2] FROM a\n#5 CACHED\n\n#6 [build 2/2] RUN one\n#6 DONE 1.5s\n\n#7 [stage-1 1/2] FROM b\n#7 DONE 0.0s\n'
    expect(layersOf(text, { log, exitCode: null })!.map(each => [each.text, each.state, each.seconds])).toEqual([
      ['a AS build', 'cached', null],
      ['one', 'done', 1.5],
      ['b', 'done', 0],
      ['--from=build /x /x', 'waiting', null],
    ])
  })

  it('does not count for the classic builder what stands before the first FROM', () => {
    const log = 'Step 1/3 : ARG V=1\nStep 2/3 : FROM a:$V\n ---> 0123456789ab\nStep 3/3 : RUN false\nThe command returned a non-zero code: 1\n'
    expect(layersOf('ARG V=1\nFROM a:$V\nRUN false\n', { log, exitCode: 1 })!.map(each => each.state)).toEqual(['done', 'failed'])
  })

  it.each(logs)('lets nothing wait after a build that passed, wherever the log of %s is cut', (name) => {
    const log = logOf(name)
    for (let end = 0; end <= log.length; end += 40) {
      const waits = layersOf(dockerfile, { log: log.slice(0, end), exitCode: 0 })!.filter(({ state }) => /waiting|running/.test(state))
      expect(waits).toEqual([])
    }
  })

  it.each([
    '# escape=`\nFROM a AS "b\nRUN <<EOF <<"x\n\\\n# c\nEOF\nCOPY --from= --chown=$ \nONBUILD\n',
    'ARG\nFROM $A$B:-c} AS\nFROM 0\nRUN --mount=from=9,\nHEALTHCHECK NONE\nSTOPSIGNAL',
    '\uFEFF\r\nfrom 가나다 as ㅎ\r\nRUN [\r\nENV A= B\nSHELL ["x"',
  ])('draws a Dockerfile at every moment of its being written', (text) => {
    for (let end = 0; end <= text.length; end++)
      expect(layersOf(text.slice(0, end), { log: '', exitCode: null })).toBeInstanceOf(Array)
  })

  it('gives up only the picture when the format is unknown', () => {
    expect(layersOf(dockerfile, { log: Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n'), exitCode: null })).toBeNull()
  })
})
