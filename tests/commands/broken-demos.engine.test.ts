import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenDefinitions, brokenFiles } from '../support/broken-demos.ts'
import { copyDeck } from '../support/deck-copy.ts'
import { startDeck } from '../support/deck.ts'
import { engine, withEngine } from '../support/engine.ts'

/** A demo that is broken: its text, and parts of what is said of it. */
interface BrokenDemo { id: string, text: string, told: readonly [message: string, hint: string] }

const broken: BrokenDemo[] = [...brokenDefinitions, ...brokenFiles.map(([what, text, line]) => [what, text, '', line] as const)]
  .map(([, text, message, line], index) => ({
    id: `demo-${index}`,
    text,
    told: [`데모 demo-${index}에 오류가 있습니다. ${message}`, `demos/demo-${index}/demo.ts${line === null ? '' : `의 ${line}번째 줄을 고치세요.`}`],
  }))

let folder: string
beforeAll(async () => {
  folder = dirname(await copyDeck('# 시험\n'))
  const demos = join(folder, 'demos')
  const own = (await readdir(demos, { withFileTypes: true }))
    .filter(entry => entry.isDirectory() && !['commands', 'runtime'].includes(entry.name))
  await Promise.all(own.map(({ name }) => rm(join(demos, name), { recursive: true })))
  await Promise.all(broken.map(async ({ id, text }) => {
    await mkdir(join(demos, id))
    await writeFile(join(demos, id, 'demo.ts'), text)
    await writeFile(join(demos, id, 'Dockerfile'), 'FROM busybox:stable\n')
  }))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(command: string, ...args: string[]): Promise<{ said: string, exitCode: number | undefined }> {
  const { all, exitCode } = await execa('node', [`demos/commands/${command}.ts`, ...args], {
    cwd: folder,
    preferLocal: true,
    reject: false,
    all: true,
    stdin: 'ignore',
  })
  return { said: stripVTControlCharacters(all), exitCode }
}

/** What of all that is wrong has not been said. */
function untold(said: string): string[] {
  return broken.flatMap(({ told }) => told).filter(part => !said.includes(part))
}

describe('demo, field, file and line of everything that is wrong in demos', () => {
  it('are said by the list of demos', async () => {
    expect(untold((await run('demos')).said)).toEqual([])
  })

  it('are said by the doctor, which is not content', async () => {
    const { said, exitCode } = await run('doctor')
    expect(untold(said)).toEqual([])
    expect(exitCode).toBe(1)
  })

  it('are said by the deck when it opens, all the same, and by one that is open when a demo is saved', async () => {
    const deck = await startDeck({ folder })
    const said = (): string => stripVTControlCharacters(deck.said())
    await expect.poll(() => untold(said())).toEqual([])
    const { id, text } = broken[0]!
    const path = join(folder, 'demos', id, 'demo.ts')
    await writeFile(path, text.replace('expects:', 'expct:'))
    await expect.poll(said, { timeout: 10_000 }).toContain('steps[0].expct: 모르는 항목입니다. expect를 쓰려던 것인가요?')
    await writeFile(path, text)
    await deck.stop()
  })

  describe.skipIf(!engine)(`on the ${withEngine}`, () => {
    it('are said by a run of all demos, whose last line names them', async () => {
      const { said, exitCode } = await run('demos', 'all')
      expect(untold(said)).toEqual([])
      expect(said.trimEnd().split('\n').at(-1)).toBe(`데모 ${broken.length}개 중 0개 성공 · 실패: ${broken.map(({ id }) => id).sort().join(', ')}`)
      expect(exitCode).toBe(1)
    })

    it('are said by the recording of all demos', async () => {
      const { said, exitCode } = await run('record')
      expect(untold(said)).toEqual([])
      expect(exitCode).toBe(1)
    })
  })
})
