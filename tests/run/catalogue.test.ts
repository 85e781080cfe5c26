import type { Problem } from '../../demos/runtime/model/problem.ts'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCatalogue, readDemo } from '../../demos/runtime/run/catalogue.ts'
import { brokenDefinitions, brokenFiles, definition, run } from '../support/broken-demos.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ch01-demos-'))
  const define = pathToFileURL(join(import.meta.dirname, '../../demos/define.ts')).href
  await writeFile(join(folder, 'define.ts'), `export * from '${define}'\n`)
})
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
  it.each(brokenDefinitions)('with %s is refused with demo, field, file and line', async (_, text, message, line) => {
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
  it.each(brokenFiles)('with %s is named by file and line, without a path of this machine or a stack trace', async (_, text, line) => {
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
