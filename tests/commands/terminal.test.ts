import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Everything but colours that a terminal takes for an order. */
// eslint-disable-next-line no-control-regex
const orders = /\u001B(?!\[[\d;]*m)|[\u0007\u009B]/

describe.skipIf(process.platform === 'win32')('a docker CLI whose words hold orders to the terminal', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ch01-'))
    await writeFile(join(folder, 'docker'), '#!/bin/sh\nprintf "\\033]52;c;aGk=\\007 \\033[31mred\\033[0m \\033[1A\\r forged" >&2\nexit 1\n')
    await chmod(join(folder, 'docker'), 0o755)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each([['doctor.ts'], ['demos.ts', 'helloworld'], ['record.ts', 'helloworld']])('gives it none by %s', async (command, ...args) => {
    const { all } = await execa(process.execPath, [join(import.meta.dirname, '../../demos/commands', command), ...args], {
      env: { PATH: `${folder}${delimiter}${process.env.PATH}`, FORCE_COLOR: '1', DEBUG: 'docker-basics' },
      all: true,
      reject: false,
    })
    expect(all).toContain('forged')
    expect(all).not.toMatch(orders)
  })
})
