import type { Finding } from '../../demos/runtime/model/messages.ts'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkCheckout, checkClock, checkLineEnds } from '../../demos/runtime/engine/machine.ts'

const module = pathToFileURL(join(import.meta.dirname, '../../demos/runtime/engine/machine.ts'))
const isRoot = process.getuid?.() === 0

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ch01-machine-'))
  await chmod(root, 0o755)
})
afterAll(() => rm(root, { recursive: true }))

/** What a check finds in a process of its own, which may have another environment or be another user's. */
async function found(call: string, options: { env?: Record<string, string>, uid?: number } = {}): Promise<Finding | null> {
  const code = `import * as machine from ${JSON.stringify(module)}; console.log(JSON.stringify(await machine.${call}))`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', code], { cwd: '/', stdin: 'ignore', ...options })
  return JSON.parse(stdout) as Finding | null
}

describe('the folder for temporary files', () => {
  const inFolder = (folder: string, uid?: number): Promise<Finding | null> =>
    found('checkTemporaryFolder()', { env: { TMPDIR: folder, XDG_RUNTIME_DIR: '' }, ...uid !== undefined && { uid } })

  it('is all right where a run can work', async () => {
    expect(await inFolder(root)).toBeNull()
  })

  it.each([
    ['missing', 'nowhere', '찾을 수 없습니다'],
    ['a file', 'file', '쓸 수 없습니다'],
    ['too long for a socket', 'long/'.padEnd(110, 'x'), '너무 길어'],
  ])('that is %s is named, with what to do', async (_, name, what) => {
    await writeFile(join(root, 'file'), '')
    await mkdir(join(root, 'long/'.padEnd(110, 'x')), { recursive: true })
    const finding = await inFolder(join(root, name))
    expect(finding).toMatchObject({
      name: '임시 폴더',
      state: 'bad',
      message: expect.stringContaining(what),
      hint: expect.stringContaining('TMPDIR'),
    })
  })

  it.skipIf(process.platform !== 'linux' || !isRoot)('that is full is named, with what to do', async () => {
    const full = join(root, 'full')
    await mkdir(full)
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=1777', 'tmpfs', full])
    try {
      expect(await inFolder(full)).toMatchObject({ state: 'bad', message: expect.stringContaining('남은 공간이 없습니다') })
    }
    finally {
      await execa('umount', [full])
    }
  })

  it.skipIf(!isRoot)('that is somebody else’s is named, with what to do', async () => {
    const closed = join(root, 'closed')
    await mkdir(closed, { mode: 0o755 })
    expect(await inFolder(closed, 65534)).toMatchObject({ state: 'bad', message: expect.stringContaining('쓸 수 없습니다') })
  })
})

describe('the checkout', () => {
  it.skipIf(!isRoot)('that is another user’s is named, with what to do', async () => {
    const checkout = join(root, 'c# checkout')
    await mkdir(join(checkout, 'node_modules/.vite-temp'), { recursive: true })
    const call = `checkCheckout(${JSON.stringify(checkout)})`
    expect(await found(call, { uid: 65534 })).toMatchObject({
      name: '저장소',
      state: 'bad',
      message: expect.stringMatching(/node_modules에 쓸 수 없습니다\. 주인이 다른 사용자\(root\)입니다\./),
      hint: expect.stringContaining('chown -R "$USER"'),
    })
    await chmod(join(checkout, 'node_modules'), 0o777)
    expect((await found(call, { uid: 65534 }))?.message).toContain('.vite-temp')
    await chmod(join(checkout, 'node_modules/.vite-temp'), 0o777)
    expect(await found(call, { uid: 65534 })).toBeNull()
  })

  it.skipIf(!isRoot)('that is one’s own, but closed, is told how to open', async () => {
    const checkout = join(root, 'closed checkout')
    await mkdir(join(checkout, 'node_modules'), { recursive: true })
    await chmod(join(checkout, 'node_modules'), 0o555)
    await chown(join(checkout, 'node_modules'), 65534, 65534)
    expect(await found(`checkCheckout(${JSON.stringify(checkout)})`, { uid: 65534 })).toMatchObject({
      message: expect.stringMatching(/node_modules에 쓸 수 없습니다\.$/),
      hint: expect.stringContaining('chmod -R u+w'),
    })
  })

  it.skipIf(!isRoot)('that nobody can write to is told to be cloned elsewhere', async () => {
    const checkout = join(root, 'read-only checkout')
    await mkdir(join(checkout, 'node_modules'), { recursive: true })
    await execa('mount', ['--bind', checkout, checkout])
    try {
      await execa('mount', ['-o', 'remount,ro,bind', checkout])
      expect(await checkCheckout(checkout)).toMatchObject({ state: 'bad', hint: expect.stringContaining('다시 복제하세요') })
    }
    finally {
      await execa('umount', [checkout])
    }
  })
})

describe('line ends', () => {
  it('of Windows are named with their files; the deck’s own code is not a container’s', async () => {
    const demos = await mkdtemp(join(root, 'demos-'))
    await mkdir(join(demos, 'hello/src'), { recursive: true })
    await mkdir(join(demos, 'runtime'))
    await writeFile(join(demos, 'hello/Dockerfile'), 'FROM busybox:stable\n')
    await writeFile(join(demos, 'hello/demo.ts'), 'export default 1\r\n')
    await writeFile(join(demos, 'runtime/init'), '#!/bin/sh\r\n')
    expect(await checkLineEnds(demos)).toBeNull()
    await writeFile(join(demos, 'hello/src/run'), '#!/bin/sh\r\necho\r\n')
    expect(await checkLineEnds(demos)).toMatchObject({ name: '줄 끝', state: 'warn', detail: 'hello/src/run' })
  })

  it('of this checkout are right', async () => {
    expect(await checkLineEnds()).toBeNull()
  })
})

describe('the clock', () => {
  const now = Date.parse('2026-11-27T12:00:00Z')

  it.each([
    ['2026-11-27T12:00:30.5Z', '2026-11-20T00:00:00Z', null],
    ['2026-11-27T15:00:00+03:00', null, null],
    [null, '2026-11-27T12:00:00Z', null],
    ['2026-11-27T09:00:00Z', null, '엔진의 시계가 이 컴퓨터보다 3시간 느립니다.'],
    ['2026-11-27T12:20:00Z', null, '엔진의 시계가 이 컴퓨터보다 20분 빠릅니다.'],
    ['2026-12-27T12:00:00Z', null, '30일 빠릅니다.'],
    ['2026-11-27T12:00:00Z', '2026-12-01T00:00:00Z', '마지막 녹화(2026-12-01)'],
  ])('of an engine that says %s, with a recording of %s: %s', (engine, recording, message) => {
    const finding = checkClock(engine, now, recording)
    if (message === null)
      expect(finding).toBeNull()
    else
      expect(finding).toMatchObject({ state: 'warn', message: expect.stringContaining(message), hint: expect.stringMatching(/\S/) })
  })
})
