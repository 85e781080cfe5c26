import type { ServerListener } from '../../demos/runtime/client/connection.ts'
import type { DemoFolders } from '../../demos/runtime/client/demo-folders.ts'
import type { Vote } from '../../demos/runtime/client/hall.ts'
import type { DemoSnapshot, ServerMessage } from '../../demos/runtime/model/messages.ts'
import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import type { ClientMessage } from '../../demos/runtime/model/schema.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed } from 'vue'
import { defineDemo } from '../../demos/define.ts'
import { Store } from '../../demos/runtime/client/store.ts'
import { encode } from '../../demos/runtime/model/recording.ts'
import { idleRun } from '../../demos/runtime/model/run-events.ts'
import { recordingOf, runStarted, version } from './recording.ts'

const demo = defineDemo({
  title: '인사',
  files: ['Dockerfile'],
  baseImages: [],
  steps: [{ id: 'build', title: '빌드', command: ['docker', 'version'] }, { id: 'run', title: '실행', command: ['docker', 'info'] }],
})
const recorded = recordingOf([{ text: 'built\n', ms: 100 }, { text: 'hello\n', ms: 100 }])
const folders: DemoFolders = {
  ids: ['hello'],
  onChange: null,
  load: async id => id === 'hello'
    ? {
        demo,
        files: { Dockerfile: 'FROM scratch\n' },
        recording: encode(demo.title, demo.steps, recorded),
      }
    : null,
}
const stepStarted: RunEvent = { type: 'step-started', at: 1, step: 0, args: ['docker', 'version'], added: [0, 0] }
const engine = { reachable: true, version } as const

/** A page whose server is the test: what it sends is in `sent`, and `tell` is what it is told; with `go` it is gone. */
function open({ page = 'deck' as 'deck' | 'site' } = {}): {
  store: Store
  sent: (ClientMessage | Vote)[]
  tell: (message: ServerMessage) => void
  go: () => void
} {
  const sent: (ClientMessage | Vote)[] = []
  let listener: ServerListener
  const store = new Store({ page, folders, browserFirst: false, connect: (given) => {
    listener = given
    return message => sent.push(message)
  } })
  return { store, sent, tell: message => listener.onMessage(message), go: () => listener.onGone() }
}

function snapshot(hello: Partial<DemoSnapshot> = {}): ServerMessage {
  return {
    type: 'snapshot',
    lecturer: true,
    audience: null,
    engine,
    findings: null,
    poll: null,
    followers: 0,
    broken: {},
    demos: { hello: { seq: 0, state: idleRun(2), showRecording: false, files: { Dockerfile: 'FROM scratch\n' }, ...hello } },
  }
}

async function loaded(store: Store): Promise<void> {
  store.demo('hello')
  await vi.waitFor(() => expect(store.demo('hello').recording).not.toBeNull())
}

describe('a page with a server', () => {
  it('follows the server\'s run', () => {
    const { store, tell } = open()
    const status = computed(() => store.source('hello').run.status)
    tell(snapshot())
    expect(store.source('hello')).toMatchObject({ kind: 'live', mayAct: true, name: '라이브 · Docker 26.1.5' })
    expect(status.value).toBe('idle')
    tell({ type: 'events', demo: 'hello', seq: 1, events: [runStarted('a', 2), stepStarted] })
    expect(status.value).toBe('running')
    expect(store.source('hello').run.steps[0]!.status).toBe('running')
    tell({ type: 'cleaned', demo: 'hello', seq: 3, message: '지웠습니다.' })
    expect(status.value).toBe('idle')
    expect(store.demo('hello').cleaned).toBe('지웠습니다.')
  })

  it('keeps what was shown when the server goes, and goes on with the recording and without the server', async () => {
    const { store, sent, tell, go } = open()
    await loaded(store)
    tell(snapshot())
    go()
    expect(store.source('hello').kind).toBe('recorded')
    tell(snapshot({ seq: 1, state: { ...idleRun(2), status: 'running', id: 'a' } }))
    go()
    expect(store.source('hello').kind).toBe('live')
    sent.length = 0
    store.toggleRecording('hello')
    expect(store.source('hello').kind).toBe('recorded')
    store.toggleRecording('hello')
    store.source('hello').start({ first: 0, upTo: 1 })
    await vi.waitFor(() => expect(store.source('hello')).toMatchObject({ kind: 'recorded', run: { status: 'passed' } }))
    expect(sent).toEqual([])
    tell({ type: 'heartbeat' })
    expect(sent).toEqual([{ type: 'hello' }])
    tell(snapshot())
    expect(store.source('hello').kind).toBe('live')
  })

  it('leaves out events that it has seen, and asks for a snapshot when it has missed some', () => {
    const { store, sent, tell } = open()
    tell({ type: 'events', demo: 'hello', seq: 1, events: [runStarted('a', 2)] }) // before the snapshot
    tell(snapshot({ seq: 1, state: { ...idleRun(2), status: 'running', id: 'a' } }))
    tell({ type: 'events', demo: 'hello', seq: 1, events: [runStarted('a', 2)] })
    expect(store.source('hello').run.id).toBe('a')
    expect(sent).toEqual([])
    tell({ type: 'events', demo: 'hello', seq: 3, events: [stepStarted] })
    expect(sent).toEqual([{ type: 'hello' }])
    expect(store.source('hello').run.steps[0]!.status).toBe('idle')
  })

  it('asks for the run that follows the one it has seen', () => {
    const { store, sent, tell } = open()
    tell(snapshot({ seq: 1, state: { ...idleRun(2), status: 'passed', id: 'a' } }))
    store.source('hello').start({ first: 0, upTo: 1 })
    store.source('hello').stop()
    expect(sent).toEqual([{ type: 'run', demo: 'hello', after: 'a', upTo: 1 }, { type: 'stop', demo: 'hello', run: 'a' }])
  })

  it('shows what was refused until the next request', () => {
    const { store, tell } = open()
    tell(snapshot())
    tell({ type: 'refused', demo: 'hello', problem: { message: '안 됩니다.', hint: '다시 하세요.' } })
    expect(store.demo('hello').refused?.message).toBe('안 됩니다.')
    store.source('hello').start({ first: 0, upTo: 1 })
    expect(store.demo('hello').refused).toBeNull()
  })

  it('says why it shows the recording while no engine answers', async () => {
    const { store, tell } = open()
    await loaded(store)
    tell(snapshot())
    tell({ type: 'engine', engine: { reachable: false, problem: { message: '도커가 없습니다.', hint: '켜세요.' } } })
    const source = store.source('hello')
    expect(source).toMatchObject({ kind: 'recorded', mayAct: true, name: '녹화 · 2026-11-24 · Docker 26.1.5' })
    expect(source.notice('idle')).toBe('도커가 없습니다. 켜세요.')
    expect(source.notice('running')).toBeNull()
  })

  it('shows the recording\'s end in place of the run when the lecturer asks for it, and runs the demo from there', async () => {
    const { store, sent, tell } = open()
    tell(snapshot())
    store.toggleRecording('hello')
    expect(sent).toEqual([]) // it has no recording yet
    await loaded(store)
    store.toggleRecording('hello')
    expect(sent.splice(0)).toEqual([{ type: 'show', demo: 'hello', recorded: true }])
    tell({ type: 'show', demo: 'hello', recorded: true })
    expect(store.source('hello')).toMatchObject({ kind: 'recorded', run: { status: 'passed' }, clean: null })
    expect(store.source('hello').toggleName('passed')).toBe('라이브로')
    store.source('hello').start({ first: 0, upTo: 1 })
    expect(sent).toEqual([{ type: 'run', demo: 'hello', after: null, upTo: 1 }])
  })

  it('offers the recording to a lecturer whose run has failed', async () => {
    const { store, tell } = open()
    tell(snapshot())
    expect(store.source('hello').toggleName('failed')).toBeNull()
    await loaded(store)
    expect(store.source('hello').toggleName('failed')).toBe('녹화로 보기')
    expect(store.source('hello').toggleName('passed')).toBeNull()
  })

  it('lets only the lecturer act', () => {
    const { store, sent, tell } = open()
    tell({ ...snapshot(), lecturer: false } as ServerMessage)
    expect(store.source('hello')).toMatchObject({ kind: 'live', mayAct: false, mayEdit: false })
    store.toggleRecording('hello')
    expect(sent).toEqual([])
  })
})

describe('an edit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is sent when the typing pauses, once', () => {
    const { store, sent, tell } = open()
    tell(snapshot())
    store.edit('hello', 'Dockerfile', 'F')
    vi.advanceTimersByTime(200)
    store.edit('hello', 'Dockerfile', 'FR')
    vi.advanceTimersByTime(200)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(200)
    expect(sent).toEqual([{ type: 'edit', demo: 'hello', file: 'Dockerfile', text: 'FR' }])
  })

  it('goes ahead of the run that is to build it', () => {
    const { store, sent, tell } = open()
    tell(snapshot())
    store.edit('hello', 'Dockerfile', 'FROM busybox')
    store.source('hello').start({ first: 0, upTo: 1 })
    vi.advanceTimersByTime(1000)
    expect(sent.map(({ type }) => type)).toEqual(['edit', 'run'])
  })

  it('is not undone by what the server tells of an earlier text', () => {
    const { store, tell } = open()
    tell(snapshot())
    store.edit('hello', 'Dockerfile', 'newer')
    tell({ type: 'file', demo: 'hello', file: 'Dockerfile', text: 'older' })
    expect(store.demo('hello').files.Dockerfile).toBe('newer')
    vi.advanceTimersByTime(1000)
    tell({ type: 'file', demo: 'hello', file: 'Dockerfile', text: 'of another client' })
    expect(store.demo('hello').files.Dockerfile).toBe('of another client')
  })

  it('that is taken back is not sent', async () => {
    const { store, sent, tell } = open()
    tell(snapshot())
    await vi.waitFor(() => expect(store.demo('hello').definition).not.toBeNull())
    store.edit('hello', 'Dockerfile', 'wrong')
    store.resetFile('hello', 'Dockerfile')
    vi.advanceTimersByTime(1000)
    expect(sent).toEqual([{ type: 'reset', demo: 'hello', file: 'Dockerfile' }])
    expect(store.demo('hello').files.Dockerfile).toBe('FROM scratch\n')
  })
})

describe('a static site', () => {
  it('plays the recording, and stops by winding it back', async () => {
    const { store, sent } = open({ page: 'site' })
    await loaded(store)
    const source = store.source('hello')
    expect(source).toMatchObject({ kind: 'recorded', mayAct: true, mayEdit: false, offersBrowser: true })
    expect(source.notice('idle')).toContain('정적 사이트')
    source.start({ first: 0, upTo: 1 })
    await vi.waitFor(() => expect(source.run.status).toBe('passed'))
    source.stop()
    expect(source.run.status).toBe('idle')
    expect(sent).toEqual([])
  })

  it('says that there is no such demo', async () => {
    const { store } = open({ page: 'site' })
    store.demo('nowhere')
    await vi.waitFor(() => expect(store.demo('nowhere').broken?.message).toBe('데모 nowhere는 없습니다.'))
  })

  it('prints the recording\'s end', async () => {
    const { store } = open({ page: 'site' })
    await loaded(store)
    expect(store.source('hello', { print: true }).run).toMatchObject({
      status: 'passed',
      steps: [{ output: { head: 'built\n' } }, { output: { head: 'hello\n' } }],
    })
  })
})
