import type { Layer } from '../../demos/runtime/model/build-log.ts'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layersOf, targetOf } from '../../demos/runtime/model/build-log.ts'
import { engine, withEngine } from '../support/engine.ts'

interface Built { exitCode: number, log: string, layers: Layer[] | null }

/** Builds that read no network, each with the layers that its picture must have when it has ended. */
const builds: [name: string, dockerfile: string, layers: string[], args?: string[]][] = [
  [
    'a heredoc of shell lines',
    'FROM busybox:stable\nRUN <<EOF\nset -e\necho copy\nEOF\nCMD ["x"]\n',
    ['FROM done', 'RUN done', 'CMD done'],
  ],
  [
    'a heredoc whose lines look like instructions',
    'FROM busybox:stable\nRUN <<EOF\nrun() { true; }\nrun one two\ncopy() { true; }\ncopy here\nfrom() { true; }\nfrom x\nEOF\nRUN true\n',
    ['FROM done', 'RUN done', 'RUN done'],
  ],
  [
    'files that are written with COPY, one with a quoted word, one indented',
    'FROM busybox:stable\nCOPY <<one <<"two" /x/\nselect 1\nfrom users\none\nrun $x\ntwo\nRUN <<-E sh\n\ttrue\n\tE\nWORKDIR /x\n',
    ['FROM done', 'COPY done', 'RUN done', 'WORKDIR done'],
  ],
  [
    'a backtick for the escape',
    '# escape=`\nFROM busybox:stable\nRUN true `\n  && true\nCMD ["x"]\n',
    ['FROM done', 'RUN done', 'CMD done'],
  ],
  [
    'a base that is used twice, the second time for the result',
    'FROM busybox:stable AS Build\nRUN touch /a\nFROM busybox:stable\nCOPY --from=build /a /b\n',
    ['FROM done', 'RUN done', 'FROM done', 'COPY done'],
  ],
  [
    'ARG before FROM, a stage on a stage, one on nothing, one by its number, and one that nobody uses',
    `ARG TAG=stable
ARG FIRST=base
FROM busybox:$TAG AS base
ENV A=b
FROM \${FIRST} AS second
RUN touch /a
FROM busybox:stable AS alone
RUN touch /never
FROM scratch AS empty
COPY --from=1 /a /a
FROM busybox:\${TAG:-stable}
RUN --mount=type=bind,from=empty,target=/m cat /m/a
USER 1
`,
    [
      'FROM done', 'ENV done', 'FROM done', 'RUN done', 'FROM unused', 'RUN unused', 'FROM done', 'COPY done',
      'FROM done', 'RUN done', 'USER done',
    ],
  ],
  [
    'a target before the last stage',
    'FROM busybox:stable AS one\nRUN true\nCMD ["x"]\nFROM busybox:stable\nRUN false\nCMD ["y"]\n',
    ['FROM done', 'RUN done', 'CMD done', 'FROM unused', 'RUN unused', 'CMD unused'],
    ['--target', 'one'],
  ],
  [
    'more than nine steps, whose numbers are padded',
    `FROM busybox:stable\n${'RUN true\n'.repeat(10)}CMD ["x"]\n`,
    ['FROM done', ...Array.from<string>({ length: 10 }).fill('RUN done'), 'CMD done'],
  ],
  [
    'variables, which the builder fills in, and an instruction in small letters over three lines',
    'FROM busybox:stable\nARG N=1\nENV D=/d\nrun echo "$N" \\\n  # why\n  && echo $D\nWORKDIR $D\nADD <<E $D/e\n1\nE\n',
    ['FROM done', 'ARG done', 'ENV done', 'RUN done', 'WORKDIR done', 'ADD done'],
  ],
  [
    'a trigger for those who build on it, and an independent layer',
    'FROM busybox:stable\nONBUILD RUN true\nCOPY --link <<E /e\n1\nE\n',
    ['FROM done', 'ONBUILD done', 'COPY done'],
  ],
]

describe.skipIf(!engine)(withEngine, () => {
  let folder: string
  const ids: string[] = []
  beforeEach(async () => folder = await mkdtemp(join(tmpdir(), 'docker-basics-test-')))
  afterEach(async () => {
    await Promise.all([rm(folder, { recursive: true }), execa('docker', ['image', 'rm', '--force', ...ids.splice(0)])])
  })

  /** Builds and gives the picture. */
  async function build(dockerfile: string, args: readonly string[] = []): Promise<Built> {
    await writeFile(join(folder, 'Dockerfile'), dockerfile)
    const command = ['image', 'build', '--no-cache', '--progress=plain', '--iidfile', 'id', ...args, '.']
    const { all: log, exitCode = -1 } = await execa('docker', command, { cwd: folder, reject: false, all: true })
    ids.push(...await readFile(join(folder, 'id'), 'utf8').then(id => [id], () => []))
    return { exitCode, log, layers: layersOf(dockerfile, { log, exitCode, target: targetOf(args) }) }
  }

  it.each(builds)('draws a build with %s', async (_, dockerfile, layers, args) => {
    const { exitCode, log, layers: drawn } = await build(dockerfile, args)
    expect(exitCode, log).toBe(0)
    expect(drawn!.map(({ instruction, state }) => `${instruction} ${state === 'cached' ? 'done' : state}`)).toEqual(layers)
    const told = layersOf(dockerfile, { log, exitCode: null, target: targetOf(args ?? []) })!
    const built = drawn!.filter(({ filesystem, state }) => filesystem && state !== 'unused')
    expect(told.filter(({ filesystem, state }) => filesystem && state !== 'waiting').map(({ text }) => text), log)
      .toEqual(built.map(({ text }) => text))
  })

  it('tells what an image has put off until now from the steps of the Dockerfile', async () => {
    await build('FROM busybox:stable\nONBUILD RUN sleep 0.5\nONBUILD RUN true\n', ['--tag', 'ch01-test/onbuild'])
    const { exitCode, log, layers } = await build('FROM ch01-test/onbuild\nRUN sleep 1.2\nRUN exit 3\nCMD ["x"]\n')
    expect(exitCode, log).not.toBe(0)
    expect(layers!.map(({ state }) => state)).toEqual([expect.stringMatching(/done|cached/), 'done', 'failed', 'waiting'])
    expect(layers![1]!.seconds).toBeGreaterThan(1)
  })
})
