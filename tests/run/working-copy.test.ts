import type { WorkingCopy } from '../../demos/runtime/run/working-copy.ts'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoOf, demosFolder, readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { workingCopy } from '../../demos/runtime/run/working-copy.ts'

describe('a working copy', () => {
  let copy: WorkingCopy
  beforeEach(async () => copy = await workingCopy('helloworld', demoOf(await readCatalogue(), 'helloworld')))
  afterEach(() => copy.remove())

  const original = (file: string): Promise<string> => readFile(join(demosFolder, 'helloworld', file), 'utf8')

  it('starts as the repository has it, the script without the right to be executed', async () => {
    expect(copy.files).toEqual({ helloworld: await original('helloworld'), Dockerfile: await original('Dockerfile') })
    expect((await stat(join(copy.folder, 'helloworld'))).mode & 0o111).toBe(0)
  })

  it.each([
    ['Windows’ line ends', '#!/bin/sh\r\necho "Hello, World!"\r\n'],
    ['a byte order mark', '\uFEFF#!/bin/sh\necho "Hello, World!"\n'],
    ['both kinds of line ends', '#!/bin/sh\r\necho "Hello, World!"\n'],
  ])('has a script as a container can start it, from a checkout with %s', async (_, text) => {
    const checkout = await mkdtemp(join(tmpdir(), 'ch01-checkout-'))
    await writeFile(join(checkout, 'helloworld'), text)
    await writeFile(join(checkout, 'Dockerfile'), 'FROM debian:trixie-slim\r\n')
    const other = await workingCopy('helloworld', demoOf(await readCatalogue(), 'helloworld'), checkout)
    expect(await readFile(join(other.folder, 'helloworld'), 'utf8')).toBe('#!/bin/sh\necho "Hello, World!"\n')
    expect(other.files).toMatchObject({ Dockerfile: 'FROM debian:trixie-slim\n' })
    expect(await other.reset('Dockerfile')).toBe('FROM debian:trixie-slim\n')
    await other.remove()
    await rm(checkout, { recursive: true })
  })

  it('takes edits, leaves the repository alone, and can be put back', async () => {
    const before = await original('helloworld')
    await copy.edit('helloworld', '#!/bin/sh\necho 안녕\n')
    expect(await readFile(join(copy.folder, 'helloworld'), 'utf8')).toBe('#!/bin/sh\necho 안녕\n')
    expect(await original('helloworld')).toBe(before)
    expect(await copy.reset('helloworld')).toBe(before)
    expect(await readFile(join(copy.folder, 'helloworld'), 'utf8')).toBe(before)
  })

  it.each(['../escape', '/etc/passwd', 'demo.ts', '', 'helloworld/../x', '.', 'Dockerfile\0'])('refuses to write %j', async (file) => {
    await expect(copy.edit(file, 'x')).rejects.toThrow('고칠 수 있는 파일')
  })

  it('refuses more than 64 KiB, counted in bytes, and keeps what was there', async () => {
    await expect(copy.edit('helloworld', '가'.repeat(22_000))).rejects.toThrow('64 KiB')
    expect(copy.files.helloworld).toBe(await original('helloworld'))
    await expect(copy.edit('helloworld', 'x'.repeat(64 * 1024))).resolves.toBeUndefined()
  })

  it('keeps each file its own text when several are written at once, and the last text of one', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `#!/bin/sh\necho ${index}\n`)
    await Promise.all([...texts.map(text => copy.edit('helloworld', text)), copy.edit('Dockerfile', 'FROM busybox:stable\n')])
    for (const [file, text] of Object.entries({ helloworld: texts.at(-1), Dockerfile: 'FROM busybox:stable\n' })) {
      expect(await readFile(join(copy.folder, file), 'utf8')).toBe(text)
      expect(copy.files[file]).toBe(text)
    }
    await Promise.all([copy.reset('helloworld'), copy.reset('Dockerfile')])
    expect(await readFile(join(copy.folder, 'Dockerfile'), 'utf8')).toBe(await original('Dockerfile'))
  })

  it('goes on with the next edit after one that could not be written', async () => {
    await rename(copy.folder, `${copy.folder}.away`)
    const lost = copy.edit('Dockerfile', 'lost')
    await expect(lost).rejects.toThrow('ENOENT')
    await rename(`${copy.folder}.away`, copy.folder)
    await copy.edit('Dockerfile', 'kept')
    expect(await readFile(join(copy.folder, 'Dockerfile'), 'utf8')).toBe('kept')
  })

  it('does not follow a symbolic link that a step has left', async () => {
    const outside = join(tmpdir(), `docker-basics-outside-${process.pid}`)
    await writeFile(outside, 'mine')
    await rm(join(copy.folder, 'helloworld'))
    await symlink(outside, join(copy.folder, 'helloworld'))
    await copy.edit('helloworld', 'theirs')
    expect(await readFile(outside, 'utf8')).toBe('mine')
    await rm(outside)
  })

  it('leaves nothing behind', async () => {
    await copy.remove()
    expect(existsSync(join(copy.folder, '..'))).toBe(false)
  })
})
