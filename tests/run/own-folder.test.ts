import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownFolder } from '../../demos/runtime/run/own-folder.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { removeOrphanedCopies } from '../../demos/runtime/run/working-copy.ts'

const isRoot = process.getuid?.() === 0
const noOtherUser = isRoot ? '' : ' — 건너뜀: root만 다른 사용자가 될 수 있습니다'
const before = { TMPDIR: process.env.TMPDIR, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR }
let shared: string

beforeEach(() => {
  shared = mkdtempSync(join(tmpdir(), 'shared-'))
  chmodSync(shared, 0o1777)
  delete process.env.XDG_RUNTIME_DIR
  process.env.TMPDIR = shared
})
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    delete process.env[name]
    if (value !== undefined)
      process.env[name] = value
  }
  rmSync(shared, { recursive: true })
})

it.skipIf(process.platform === 'win32')('is for this user alone, and the same each time', () => {
  const folder = ownFolder()
  expect(folder).toBe(join(shared, `docker-basics-${process.getuid!()}`))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(ownFolder()).toBe(folder)
})

it.skipIf(process.platform === 'win32')('lies in XDG_RUNTIME_DIR where there is one', () => {
  process.env.XDG_RUNTIME_DIR = shared
  expect(ownFolder()).toBe(join(shared, 'docker-basics'))
})

it.skipIf(process.platform === 'win32').each([
  ['open to others', (name: string) => {
    mkdirSync(name)
    chmodSync(name, 0o750)
  }],
  ['a link', (name: string) => symlinkSync('/', name)],
  ['a file', (name: string) => writeFileSync(name, '')],
])('is another one where its name is %s', (_, take) => {
  const name = join(shared, `docker-basics-${process.getuid!()}`)
  take(name)
  const folder = ownFolder()
  expect(folder).not.toBe(name)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it.skipIf(!isRoot)(`another user, who takes its name and exchanges folders for links, has nothing of ours removed in 50 starts${noOtherUser}`, async () => {
  const precious = join(shared, 'precious')
  const files = Array.from({ length: 50 }, (_, index) => join(precious, `file${index}`))
  mkdirSync(precious, { mode: 0o700 })
  files.forEach(file => writeFileSync(file, 'mine'))
  const dead = (await execa('sh', ['-c', 'echo $$'])).stdout // it has ended by now
  const trap = join(shared, `docker-basics-${process.getuid!()}`, `${processName().split('-')[0]}-${dead}-x`)
  const attacker = execa(process.execPath, ['--eval', `
    const fs = require('fs')
    process.setgroups([]); process.setgid(65534); process.setuid(65534); process.umask(0)
    const [precious, trap] = ${JSON.stringify([precious, trap])}
    fs.mkdirSync(trap + 'still', { recursive: true })
    for (;;) {
      try {
        for (let each = 0; each < 60; each++)
          fs.mkdirSync(trap + '/' + each + '/full', { recursive: true })
        for (let each = 0; each < 60; each++) {
          fs.renameSync(trap + '/' + each, trap + '/' + each + 'x')
          fs.symlinkSync(precious, trap + '/' + each)
          fs.unlinkSync(trap + '/' + each)
          fs.renameSync(trap + '/' + each + 'x', trap + '/' + each)
        }
      } catch {}
    }`], { reject: false })
  try {
    for (let tries = 0; tries < 100 && !existsSync(join(trap, '59')); tries++)
      await setTimeout(50)
    expect(existsSync(join(trap, '59'))).toBe(true)
    for (let start = 0; start < 50; start++) {
      await removeOrphanedCopies()
      expect(files.filter(file => !existsSync(file))).toEqual([])
    }
    expect(existsSync(`${trap}still`)).toBe(true) // what is another's is left alone
  }
  finally {
    attacker.kill('SIGKILL')
    await attacker
  }
})
