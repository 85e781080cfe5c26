import type { Problem } from '../../demos/runtime/model/problem.ts'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCatalogue, readDemo } from '../../demos/runtime/run/catalogue.ts'

const define = pathToFileURL(join(import.meta.dirname, '../../demos/define.ts')).href
const run = `{ id: 'run', title: '실행', command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', 'hi'], expect: [{ says: '인사', output: 'hi' }] }`

/** A definition on whose line 8 the steps begin; `top` stands on line 6. */
function definition(steps: string, top = ''): string {
  return `import { defineDemo } from '${define}'\n\nexport default defineDemo({\n  title: '시험',\n  files: ['Dockerfile'],\n  ${top}\n  baseImages: ['busybox:stable'],\n  steps: [\n    ${steps},\n  ],\n})\n`
}

let folder: string
beforeAll(async () => folder = await mkdtemp(join(tmpdir(), 'ch01-demos-')))
afterAll(() => rm(folder, { recursive: true }))

let count = 0
async function write(text: string, dockerfile = 'FROM busybox:stable\n'): Promise<string> {
  const id = `demo-${count++}`
  await mkdir(join(folder, id, 'src'), { recursive: true })
  await writeFile(join(folder, id, 'demo.ts'), text)
  await writeFile(join(folder, id, 'Dockerfile'), dockerfile)
  await writeFile(join(folder, id, 'src/app.txt'), 'app')
  return id
}

async function problemOf(text: string, dockerfile?: string): Promise<Problem | null> {
  const read = await readDemo(await write(text, dockerfile), folder)
  return read && 'problem' in read ? read.problem : null
}

describe('a definition', () => {
  it.each([
    ['an unknown field', definition(run.replace('expect:', 'expects:')), 'steps[0].expects: 모르는 항목입니다. expect를 쓰려던 것인가요?', 9],
    ['an unknown field at the top', definition(run, `stepz: [],`), 'stepz: 모르는 항목입니다. steps를 쓰려던 것인가요?', 6],
    ['a field that is like none', definition(run, `colour: 1,`), 'colour: 모르는 항목입니다. 쓸 수 있는 항목: title,', 6],
    ['a field missing', definition(run).replace(/ {2}baseImages.*\n/, ''), 'baseImages: 없습니다.', 3],
    [
      'a command that is one text',
      definition(run.replace(/command: \[.*?\]/, `command: 'docker version'`)),
      'steps[0].command: […] 목록이어야 합니다.',
      9,
    ],
    ['a wrong type', definition(run.replace(`'실행'`, '5')), 'steps[0].title: 문자열이어야 합니다.', 9],
    ['no step', definition('').replace('    ,\n', ''), 'steps: 단계가 하나도 없습니다.', 8],
    ['an empty pattern', definition(run.replace(`'hi' }`, `'' }`)), 'steps[0].expect[0].output: 비어 있습니다.', 9],
    ['an empty regular expression', definition(run.replace(`'hi' }`, `new RegExp('') }`)), 'steps[0].expect[0].output: 빈 정규식은', 9],
    ['a regular expression that remembers', definition(run.replace(`'hi' }`, `/hi/g }`)), 'steps[0].expect[0].output: 정규식에 g와 y를', 9],
    ['an expectation of nothing', definition(run.replace(`, output: 'hi'`, '')), 'steps[0].expect[0]: output, sameAs, differsFrom 가운데', 9],
    ['no expectation', definition(run.replace(/, expect: .*\]/, '')), 'steps: 어느 단계에도 expect가 없습니다.', 8],
    [
      'an image that is not declared',
      definition(run.replaceAll('busybox:stable', 'alpine')),
      'steps[0].command[4]: 이미지 alpine이 baseImages에 없고',
      9,
    ],
    ['a file that is not there', definition(run).replace(`['Dockerfile']`, `['Dockerfil']`), 'files[0]: 파일 Dockerfil이 데모 폴더에 없습니다.', 5],
    ['a file outside the folder', definition(run).replace(`['Dockerfile']`, `['../a/demo.ts']`), 'files[0]: 데모 폴더 안의 파일을', 5],
    ['an id twice', definition(`${run},\n    ${run}`), 'steps[1].id: id run이 앞에 또 있습니다.', 10],
    [
      'a step named that comes later',
      definition(`${run.replace(`'hi' }`, `'hi', sameAs: 'run' }`)}`),
      'steps[0].expect[0].sameAs: run은 이보다 앞에',
      9,
    ],
    [
      'a falsehood that changes nothing',
      definition(run.replace(`'hi' }`, `'hi', falsify: {} }`)),
      'steps[0].expect[0].falsify: files나 commands가 있어야',
      9,
    ],
    [
      'a falsehood with an unknown field',
      definition(run.replace(`'hi' }`, `'hi', falsify: { file: { Dockerfile: '' } } }`)),
      'steps[0].expect[0].falsify.file: 모르는 항목입니다. files를 쓰려던',
      9,
    ],
    [
      'a falsehood of a step that there is not',
      definition(run.replace(`'hi' }`, `'hi', falsify: { commands: { ron: ['docker', 'version'] } } }`)),
      'steps[0].expect[0].falsify.commands.ron: ron은 이 단계나 앞에 있는 단계가 아닙니다.',
      9,
    ],
    [
      'a falsehood whose command the deck cannot answer for',
      definition(run.replace(`'hi' }`, `'hi', falsify: { commands: { run: ['docker', 'swarm', 'init'] } } }`)),
      'steps[0].expect[0].falsify.commands.run: docker swarm init',
      9,
    ],
    [
      'a falsehood in a file that the demo has not got',
      definition(run.replace(`'hi' }`, `'hi', falsify: { files: { app: '' } } }`)),
      'steps[0].expect[0].falsify.files.app: app이 files에 없습니다.',
      9,
    ],
    ['a word that names no step', definition(run.replace(`'hi']`, `'{start}']`)), 'steps[0].command[6]: start는 이보다 앞에', 9],
    ['a pipe', definition(run.replace(`'hi']`, `'hi', '|', 'cat']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 |', 9],
    ['a redirection', definition(run.replace(`'hi']`, `'hi', '>', 'file']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 >', 9],
    ['two commands in one', definition(run.replace(`'hi']`, `'hi', '&&', 'true']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 &&', 9],
    [
      'a name twice',
      definition(`{ id: 'one', title: '하나', command: ['docker', 'run', '-d', '--name', 'ch01-web', 'busybox:stable'] },\n    ${run.replace(`'--rm'`, `'--rm', '--name', 'ch01-web'`)}`),
      'steps[1].command[5]: 이름 ch01-web을 두 번 씁니다.',
      10,
    ],
    [
      'a network twice',
      definition(`{ id: 'one', title: '하나', command: ['docker', 'network', 'create', 'n'] },\n    { id: 'two', title: '둘', command: ['docker', 'network', 'create', 'n'] },\n    ${run}`),
      'steps[1].command[3]: 이름 n을 두 번 씁니다.',
      10,
    ],
    [
      'docker within another program',
      definition(run.replace(/command: \[.*?\]/, `command: ['sh', '-c', 'docker run busybox']`)),
      'steps[0].command[2]: 다른 프로그램 안에서',
      9,
    ],
    [
      'an image made outside the prefix',
      definition(`{ id: 'build', title: '빌드', command: ['docker', 'build', '-t', 'me/hello', '.'] },\n    ${run}`),
      'steps[0].command[3]: 이미지 me/hello는 ch01/ 아래에',
      9,
    ],
    [
      'somebody else\'s image removed',
      definition(`{ id: 'remove', title: '지우기', command: ['docker', 'rmi', 'busybox:stable'] },\n    ${run}`),
      'steps[0].command[2]: 이미지 busybox:stable',
      9,
    ],
  ])('with %s is refused with demo, field, file and line', async (_, text, message, line) => {
    const problem = await problemOf(text)
    expect(problem?.message).toContain(`데모 demo-${count - 1}에 오류가 있습니다. ${message}`)
    expect(problem?.hint).toBe(`demos/demo-${count - 1}/demo.ts의 ${line}번째 줄을 고치세요.`)
  })

  it.each([
    'compose up', 'stack deploy -c a.yml b', 'service create nginx', 'plugin install x', 'buildx create',
    'swarm init', 'secret create a b', 'config create a b', 'container commit a b', 'commit a b',
    'image import a', 'model pull x', 'system prune', 'volume prune', '--host unix:///x compose up',
  ])('with docker %s, which the deck cannot answer for, is refused', async (command) => {
    const problem = await problemOf(definition(`{ id: 'one', title: '하나', command: ${JSON.stringify(['docker', ...command.split(' ')])} },\n    ${run}`))
    expect(problem?.message).toContain('steps[0].command: docker ')
  })

  it('whose Dockerfile builds on an image that is not declared is refused', async () => {
    expect((await problemOf(
      definition(run),
      'FROM alpine:3 AS build\nFROM build\n',
    ))?.message).toContain('baseImages: Dockerfile의 FROM에 적은 이미지 alpine:3이 없습니다.')
  })

  it('with several faults tells all, each with its line', async () => {
    const problem = await problemOf(definition(run.replace('expect:', 'expects:').replace(`'실행'`, '5')))
    expect([problem?.message, problem?.detail].join('\n')).toMatch(/title: 문자열이어야 합니다\.[\s\S]*demo\.ts:9 steps\[0\]\.expects/)
  })

  it('is read as it stands now, also when it was empty at the same moment', async () => {
    const id = await write('')
    const path = join(folder, id, 'demo.ts')
    const now = new Date()
    await utimes(path, now, now)
    expect(await readDemo(id, folder)).toHaveProperty('problem')
    await writeFile(path, definition(run))
    await utimes(path, now, now)
    expect(await readDemo(id, folder)).toMatchObject({ demo: { title: '시험' } })
  })

  it('may have files in folders, build stages, names used again after removal, and images by the id that a step printed', async () => {
    const steps = [
      `{ id: 'build', title: '빌드', command: ['docker', 'image', 'build', '-q', '-t', 'hello', '.'] }`,
      `{ id: 'one', title: '하나', command: ['docker', 'container', 'run', '--name', 'ch01-a', '-e', 'A=1', '{build}'] }`,
      `{ id: 'remove', title: '지우기', command: ['docker', 'container', 'rm', 'ch01-a'] }`,
      `{ id: 'two', title: '둘', command: ['docker', 'run', '--name', 'ch01-a', 'hello:latest', 'hello'], expect: [{ says: '같습니다', sameAs: 'one' }] }`,
    ]
    const read = await readDemo(
      await write(
        definition(steps.join(',\n    ')).replace(`['Dockerfile']`, `['Dockerfile', 'src/app.txt']`),
        'FROM busybox:stable AS base\nFROM base\n',
      ),
      folder,
    )
    expect(read).toMatchObject({ demo: { files: ['Dockerfile', 'src/app.txt'] } })
  })

  it('gets ch01/ before the images that it makes, and before nothing else', async () => {
    const steps = [
      `{ id: 'build', title: '빌드', command: ['docker', 'build', '-t', 'hello', '-t', 'hello:1', '--build-arg', 'hello', '.'] }`,
      `{ id: 'run', title: '실행', command: ['docker', 'run', '--rm', '-e', 'hello', 'hello:1', 'hello'], expect: [{ says: '', output: 'x' }] }`.replace(`says: ''`, `says: '나옵니다'`),
      `{ id: 'old', title: '옛 이름', command: ['docker', 'image', 'rm', 'ch01/hello'], expect: [{ says: '지웁니다', output: 'x', falsify: { commands: { run: ['docker', 'run', 'hello'] } } }] }`,
    ]
    const read = await readDemo(await write(definition(steps.join(',\n    '))), folder)
    expect(read && 'demo' in read && read.demo.steps.map(({ command }) => command.join(' '))).toEqual([
      'docker build -t ch01/hello -t ch01/hello:1 --build-arg hello .',
      'docker run --rm -e hello ch01/hello:1 hello',
      'docker image rm ch01/hello',
    ])
    expect(read && 'demo' in read && read.demo.steps[2]!.expect![0]!.falsify!.commands).toEqual({ run: ['docker', 'run', 'ch01/hello'] })
  })

  it('that has changed is read anew', async () => {
    const id = await write(definition(run))
    // In a process of its own, without the test runner's cache of modules.
    const { stdout } = await execa('node', ['--input-type=module', '--eval', `
      import { readFile, utimes, writeFile } from 'node:fs/promises'
      const { readDemo } = await import(process.env.CATALOGUE)
      const path = process.env.FOLDER + '/' + process.env.ID + '/demo.ts'
      const title = async () => console.log((await readDemo(process.env.ID, process.env.FOLDER)).demo.title)
      await title()
      await writeFile(path, (await readFile(path, 'utf8')).replace('시험', '다시'))
      await utimes(path, new Date(), new Date(Date.now() + 1000))
      await title()
    `], { env: {
      CATALOGUE: pathToFileURL(join(import.meta.dirname, '../../demos/runtime/run/catalogue.ts')).href,
      FOLDER: folder,
      ID: id,
    } })
    expect(stdout).toBe('시험\n다시')
  })
})

describe('a demo file', () => {
  it.each([
    ['a syntax error', 'export default {\n  title: \'나쁜\',\n  steps: [\n    oops oops\n  ],\n}\n', 4],
    ['an unknown name', 'import \'node:fs\'\n\nexport default {\n  steps: nope(),\n}\n', 4],
    ['a bad regular expression', 'const a = 1\nexport default {\n  a: new RegExp(\'(\'),\n}\n', 3],
    ['an import of nothing', 'import \'./nothing.ts\'\n', null],
    ['an import of nothing outside the demos', 'import \'../../nothing.ts\'\n', null],
    ['nothing exported', 'export const demo = 1\n', null],
    ['no demo', 'export default 5\n', 1],
  ])('with %s is named by file and line, without a path of this machine or a stack trace', async (_, text, line) => {
    const problem = await problemOf(text)
    const id = `demo-${count - 1}`
    expect(problem).toMatchObject({
      message: expect.stringContaining(id),
      hint: expect.stringMatching(new RegExp(`^demos/${id}/demo\\.ts(?:를|의 ${line ?? '\\d'}번째 줄을) 고치세요\\.$`)),
    })
    expect(JSON.stringify(problem)).not.toContain(dirname(folder))
    expect(JSON.stringify(problem)).not.toMatch(/\\n\s+at /)
  })

  it('that is broken does not keep the others from going on', async () => {
    const [good, bad] = [await write(definition(run)), await write('oops oops')]
    const catalogue = await readCatalogue(folder)
    expect(catalogue.get(good)).toMatchObject({ demo: { title: '시험' } })
    expect(catalogue.get(bad)).toHaveProperty('problem')
  })
})
