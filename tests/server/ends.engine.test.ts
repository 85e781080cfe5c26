import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import type { Catalogue } from '../../demos/runtime/run/catalogue.ts'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OWNER_LABEL } from '../../demos/runtime/model/labels.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { engine, withEngine } from '../support/engine.ts'

const MOMENTS = 30
const APART_MS = 20
/** How long the slow engine takes to begin what it was asked for. */
const SLOW_MS = 600

const catalogue: Catalogue = new Map([['throwaway', { demo: {
  title: '시험',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [{ id: 'stay', title: '머물기', command: ['docker', 'container', 'run', 'busybox:stable', 'sleep', '60'] }],
} }]])

async function leftovers(): Promise<string> {
  return (await execa('docker', ['container', 'ls', '--all', '--quiet', '--filter', `label=${OWNER_LABEL}=${processName()}`])).stdout
}

/** Starts a run and does what SIGTERM has the plugin do as soon as `moment` settles. */
async function endAt(moment: () => Promise<unknown>): Promise<{ atEnd: RunEvent[], later: RunEvent[] }> {
  const events: RunEvent[] = []
  const session = await Session.open(catalogue, {
    broadcast: message => void (message.type === 'events' && events.push(...message.events)),
  })
  await session.engine.get()
  void session.receive({ role: 'lecturer', send: () => {} }, { type: 'run', demo: 'throwaway', after: null })
  await moment()
  await session.close()
  const atEnd = [...events]
  await setTimeout(200)
  return { atEnd, later: events.slice(atEnd.length) }
}

describe.skipIf(!engine)(`a session that is closed, with the ${withEngine}`, () => {
  it(`leaves no container and begins nothing at whichever of ${MOMENTS} moments of a run's start`, { timeout: 240_000 }, async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { later } = await endAt(() => setTimeout(moment * APART_MS))
      expect(await leftovers(), `after ${moment * APART_MS} ms`).toBe('')
      expect(later, `after ${moment * APART_MS} ms`).toEqual([])
    }
    await setTimeout(2000)
    expect(await leftovers()).toBe('')
  })

  describe.skipIf(!engine?.isLocal)('where the engine is slow', () => {
    afterEach(() => void vi.unstubAllEnvs())

    it('leaves no container that the engine makes when the docker CLI that asked for it is gone', { timeout: 60_000 }, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ch01-'))
      const asked = Promise.withResolvers<void>()
      const made = Promise.withResolvers<void>()
      const slow = createServer({ allowHalfOpen: true }, (client) => {
        const socket = connect(engine!.host!.replace('unix://', ''))
        socket.on('error', () => client.destroy()).pipe(client)
        client.on('error', () => {})
        client.on('data', async (data) => {
          if (data.includes('/containers/create')) {
            asked.resolve()
            client.pause()
            await setTimeout(SLOW_MS)
            socket.once('data', () => made.resolve())
            client.resume()
          }
          socket.write(data)
        })
      })
      await once(slow.listen(join(folder, 'e.sock')), 'listening')
      vi.stubEnv('DOCKER_HOST', `unix://${join(folder, 'e.sock')}`)
      try {
        await endAt(() => asked.promise)
        await made.promise
        vi.unstubAllEnvs()
        expect(await leftovers()).toBe('')
      }
      finally {
        slow.close()
        await rm(folder, { recursive: true })
      }
    })
  })
})
