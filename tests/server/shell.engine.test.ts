import type { ShellServerMessage } from '../../demos/runtime/model/messages.ts'
import type { Client } from '../../demos/runtime/server/clients.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, describe, expect, it } from 'vitest'
import { readCatalogue } from '../../demos/runtime/run/catalogue.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { Shells } from '../../demos/runtime/server/shell.ts'
import { engine, withEngine } from '../support/engine.ts'

describe.skipIf(!engine)(`a client's shells on the ${withEngine}`, async () => {
  const catalogue = await readCatalogue()
  const open = { type: 'open', demo: 'helloworld', columns: 80, rows: 24 }
  const lecturer = (): Client => ({ role: 'lecturer', send: () => {} })
  const containers = async (): Promise<string[]> => {
    const { stdout } = await execa('docker', ['container', 'ls', '--all', '--quiet', '--filter', `label=ch01.owner=${processName()}`])
    return stdout.split('\n').filter(line => line !== '')
  }
  let shells = new Shells(catalogue, { engine: async () => engine!, onFailure: () => {} })
  afterEach(async () => {
    await shells.closeAll()
    shells = new Shells(catalogue, { engine: async () => engine!, onFailure: () => {} })
  })

  it('are one at most, however many are asked for at once, and none when the client goes', async () => {
    const client = lecturer()
    await Promise.all(Array.from({ length: 5 }, () => shells.receive(client, open, () => {})))
    expect(await containers()).toHaveLength(1)
    await shells.close(client)
    expect(await containers()).toEqual([])
  })

  it('are gone when the client goes while they open', async () => {
    const client = lecturer()
    const opening = shells.receive(client, open, () => {})
    await shells.close(client)
    await opening
    expect(await containers()).toEqual([])
  })

  it('are gone when the server ends while they open', async () => {
    const opening = [lecturer(), lecturer()].map(client => shells.receive(client, open, () => {}))
    await shells.closeAll()
    await Promise.all(opening)
    expect(await containers()).toEqual([])
  })

  it('are gone when the server ends, also one whose client went while it opened', async () => {
    const client = lecturer()
    const asked = Promise.withResolvers<void>()
    const opening = shells.receive(client, open, ({ type }) => type === 'opened' && asked.resolve())
    await asked.promise
    let isGone = false
    void shells.close(client).then(() => isGone = true)
    await shells.closeAll()
    await setTimeout(0)
    expect(isGone).toBe(true)
    await opening
    expect(await containers()).toEqual([])
  })

  it('are gone when the CLI does not say in time that it has started one', async () => {
    const path = process.env.PATH
    const folder = await mkdtemp(join(tmpdir(), 'ch01-cli-'))
    const { stdout: docker } = await execa('which', ['docker'])
    await writeFile(join(folder, 'docker'), `#!/bin/sh\n${docker} "$@"\n[ "$2" != run ] || exec sleep 60\n`, { mode: 0o755 })
    process.env.PATH = `${folder}:${path}`
    const session = await Session.open(catalogue, { broadcast: () => {} })
    try {
      shells = new Shells(catalogue, { engine: () => session.engine.get(), onFailure: run => session.engine.runEnded(run, 'failed') })
      const told: ShellServerMessage[] = []
      await shells.receive(lecturer(), open, message => told.push(message))
      expect(told.at(-1)).toMatchObject({ type: 'refused' })
      await expect.poll(containers, { timeout: 5000 }).toEqual([])
    }
    finally {
      process.env.PATH = path
      await session.close()
      await rm(folder, { recursive: true })
    }
  })
})
