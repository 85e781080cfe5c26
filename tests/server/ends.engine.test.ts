import type { Demo } from '../../demos/define.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DEMO_LABEL, OWNER_LABEL } from '../../demos/runtime/model/labels.ts'
import { processName } from '../../demos/runtime/run/process-name.ts'
import { Session } from '../../demos/runtime/server/session.ts'
import { engine, withEngine } from '../support/engine.ts'

const MOMENTS = 30
/** Sessions that are closed side by side: each waits more than it computes. */
const AT_ONCE = 6
const APART_MS = 40
/** How long the slow engine takes to begin what it was asked for. */
const SLOW_MS = 600

const demo: Demo = {
  title: '시험',
  files: [],
  baseImages: ['busybox:stable'],
  steps: [{ id: 'stay', title: '머물기', command: ['docker', 'container', 'run', 'busybox:stable', 'sleep', '60'] }],
}

/** The containers of this process, or of one of its demos, that are still there. */
async function leftovers(id?: string): Promise<string> {
  const labels = [`${OWNER_LABEL}=${processName()}`, ...id === undefined ? [] : [`${DEMO_LABEL}=${id}`]]
  const filters = labels.flatMap(label => ['--filter', `label=${label}`])
  return (await execa('docker', ['container', 'ls', '--all', '--quiet', ...filters])).stdout
}

/** Starts a run and does what SIGTERM has the plugin do as soon as `moment` settles. */
async function endAt(moment: () => Promise<unknown>, id = 'throwaway'): Promise<{ atEnd: RunEvent[], later: RunEvent[] }> {
  const events: RunEvent[] = []
  const session = await Session.open(new Map([[id, { demo }]]), {
    broadcast: message => void (message.type === 'events' && events.push(...message.events)),
  })
  await session.engine.get()
  void session.receive({ role: 'lecturer', send: () => {} }, { type: 'run', demo: id, after: null })
  await moment()
  await session.close()
  const atEnd = [...events]
  await setTimeout(200)
  return { atEnd, later: events.slice(atEnd.length) }
}

describe.skipIf(!engine)(`a session that is closed, with the ${withEngine}`, () => {
  it(`leaves no container and begins nothing at whichever of ${MOMENTS} moments of a run's start`, { timeout: 240_000 }, async () => {
    const moments = Array.from({ length: MOMENTS }, (_, index) => index * APART_MS).values()
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const ms of moments) {
        const id = `after-${ms}-ms`
        const { later } = await endAt(() => setTimeout(ms), id)
        expect(await leftovers(id), id).toBe('')
        expect(later, id).toEqual([])
      }
    }))
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
