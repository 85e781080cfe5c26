import type { Program } from '../../demos/runtime/engine/spawn.ts'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exec } from '../../demos/runtime/engine/exec.ts'
import { Spawner } from '../../demos/runtime/engine/spawn.ts'
import { workingCopy } from '../../demos/runtime/run/working-copy.ts'

const demo = { title: '', files: [], baseImages: [], steps: [] }
const env = process.env
const sleep: Program = { args: ['sleep', '60'], cwd: '/', env, timeoutMs: 60_000 }
function onOutput(): void {}
afterEach(() => vi.unstubAllEnvs())

describe.skipIf(process.platform === 'win32')('a spawner whose process', () => {
  it('is frozen stops a program all the same, and starts the next one by a new process', async () => {
    const spawner = new Spawner()
    const { process: child } = await spawner.start()
    const abort = new AbortController()
    const running = spawner.run(sleep, { signal: abort.signal, onOutput })
    await new Promise(resolve => setTimeout(resolve, 300))
    child.kill('SIGSTOP')
    abort.abort()
    expect(await running).toEqual({ exitCode: null, ended: 'cancelled' })
    const { signal } = new AbortController()
    expect(await spawner.run({ ...sleep, args: ['true'] }, { signal, onOutput })).toMatchObject({ exitCode: 0 })
    await spawner.close()
  })

  it('is frozen ends a program whose time is over', async () => {
    const spawner = new Spawner()
    const { process: child } = await spawner.start()
    const running = spawner.run({ ...sleep, timeoutMs: 500 }, { signal: new AbortController().signal, onOutput })
    child.kill('SIGSTOP')
    expect(await running).toEqual({ exitCode: null, ended: 'timed-out' })
    await spawner.close()
  })

  it('is killed says so, and leaves no folder', async () => {
    const spawner = new Spawner()
    const { process: child, path } = await spawner.start()
    const running = spawner.run(sleep, { signal: new AbortController().signal, onOutput })
    child.kill('SIGKILL')
    await expect(running).rejects.toThrow('명령을 시작하는 프로세스가 꺼졌습니다.')
    await expect.poll(() => existsSync(dirname(path))).toBe(false)
  })

  it.each([
    ['has a temporary folder with too long a path', 'x'.repeat(120), true, '경로가 너무 길어'],
    ['has no temporary folder', 'nowhere', false, '찾을 수 없습니다'],
  ])('%s says what to do', async (_, name, made, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'ch01-'))
    if (made)
      await mkdir(join(folder, name))
    vi.stubEnv('TMPDIR', join(folder, name)).stubEnv('XDG_RUNTIME_DIR', undefined)
    await expect(new Spawner().start()).rejects.toMatchObject({
      problem: { message: expect.stringContaining(message), hint: expect.stringContaining('TMPDIR') },
    })
    if (!made)
      await expect(workingCopy('helloworld', demo)).rejects.toThrow(message)
    await rm(folder, { recursive: true })
  })
})

it('names a working copy that is gone, and makes it anew for the next run', async () => {
  const copy = await workingCopy('helloworld', { ...demo, files: ['Dockerfile'] })
  await copy.edit('Dockerfile', 'FROM mine')
  await rm(dirname(copy.folder), { recursive: true })
  const spawner = new Spawner()
  const { signal } = new AbortController()
  const run = () => exec(['cat', 'Dockerfile'], { cwd: copy.folder, env, spawner, signal, timeoutMs: 5000, onOutput })
  await expect(run()).rejects.toThrow('작업 폴더가 사라졌습니다')
  await copy.restore()
  expect(await run()).toMatchObject({ exitCode: 0 })
  await spawner.close()
  await copy.remove()
})

const { failed: noMount } = await execa('unshare', ['--mount', 'true'], { reject: false })

it.skipIf(noMount)('says that a temporary folder is full, and leaves nothing half made in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ch01-'))
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder])
  try {
    await execa('sh', ['-c', `cat /dev/zero > ${folder}/full`], { reject: false })
    vi.stubEnv('TMPDIR', folder).stubEnv('XDG_RUNTIME_DIR', undefined)
    await expect(workingCopy('helloworld', { ...demo, files: ['Dockerfile'] })).rejects.toThrow('남은 공간이 없습니다')
    const left = await readdir(folder, { recursive: true })
    expect(left.filter(name => name.includes('helloworld'))).toEqual([])
  }
  finally {
    await execa('umount', [folder])
    await rm(folder, { recursive: true })
  }
})
