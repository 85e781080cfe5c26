import type { IncomingHttpHeaders } from 'node:http'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { KEY_HEADER } from '../../demos/runtime/model/key.ts'
import { AUDIENCE_SOCKET, SHELL_TO_CLIENT, SHELL_TO_SERVER, TO_CLIENT, TO_SERVER } from '../../demos/runtime/model/messages.ts'

/** Somebody who has found a deck, as plain data: a program of another user takes it along too. */
export interface Visitor {
  /** Where the requests go. */
  host: string
  port: number
  headers: Record<string, string>
  key: string | null
  /** Which socket the pages there open; a page elsewhere tries the deck's own without its token. */
  socket: 'deck' | 'audience'
}

interface Answer { status: number, headers: IncomingHttpHeaders, body: string }
type Message = {
  type: string
  demo?: string
  file?: string
  text?: string
  events?: { type: string }[]
  poll?: { question: string } | null
} | null

/** Longest wait for an answer, in milliseconds. */
const PATIENCE_MS = 30_000
/** The same where nothing ever answers. */
const UNANSWERED_MS = 1500
/** A follower that speaks sooner after it has come, in milliseconds, is cut off. */
const AUDIENCE_PAUSE_MS = 600

/** Asks for a path as it is written; nothing is made of it before. */
export async function ask(visitor: Visitor, path: string, { method = 'GET', body = '' } = {}): Promise<Answer> {
  const { host, port, key } = visitor
  const headers = { ...visitor.headers, ...key !== null && { [KEY_HEADER]: key }, ...body !== '' && { 'content-type': 'application/json' } }
  const [response] = await once(request({ host, port, path, method, headers, agent: false }).end(body), 'response')
  return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, body: await text(response) }
}

/** Opens the socket and says hello; `tell` sends a message, `hear` waits for one that `what` finds, or for a refusal. */
async function connect(visitor: Visitor) {
  const { host, port, socket: kind, key } = visitor
  const heard: { event: string, message: Message }[] = []
  const token = kind === 'deck' && !isElsewhere(visitor)
    ? /wsToken = "([\w-]+)"/.exec((await ask(visitor, '/@vite/client')).body)?.[1]
    : undefined
  const socket = new WebSocket(
    `ws://${host}:${port}/${kind === 'audience' ? AUDIENCE_SOCKET : `?token=${token}`}`,
    kind === 'deck' ? 'vite-hmr' : [],
    { headers: visitor.headers },
  )
  socket.on('message', (data) => {
    const all = JSON.parse(String(data)) as { type: string, event?: string, data?: Message }
    heard.push(kind === 'deck' ? { event: all.event ?? '', message: all.data ?? null } : { event: TO_CLIENT, message: all })
  })
  await once(socket, 'open')
  const tell = (data: object, event = TO_SERVER): void => {
    heard.length = 0
    socket.send(JSON.stringify({ type: 'custom', event, data }))
  }
  const hear = async (event: string, what: (message: NonNullable<Message>) => boolean): Promise<boolean> => {
    const until = performance.now() + (kind === 'deck' ? PATIENCE_MS : UNANSWERED_MS)
    while (performance.now() < until && socket.readyState === WebSocket.OPEN) {
      const mine = heard.flatMap(each => each.event === event && each.message ? [each.message] : [])
      if (mine.some(what))
        return true
      if (mine.some(({ type }) => type === 'refused'))
        return false
      await setTimeout(20)
    }
    return false
  }
  if (kind === 'deck')
    tell({ type: 'hello', ...key !== null && { key } })
  const isThere = await hear(TO_CLIENT, ({ type }) => type === 'snapshot')
  if (kind === 'audience')
    await setTimeout(AUDIENCE_PAUSE_MS)
  return { tell, hear, isThere, close: () => socket.terminate() }
}

async function onSocket(visitor: Visitor, act: (socket: Awaited<ReturnType<typeof connect>>) => Promise<boolean>): Promise<boolean> {
  const socket = await connect(visitor).catch(() => null) // who is not let in does nothing
  try {
    return socket !== null && await act(socket)
  }
  finally {
    socket?.close()
  }
}

function isElsewhere({ headers: { host, origin } }: Visitor): boolean {
  return origin !== undefined && origin !== `http://${host}`
}

/** A file of the host that every machine has, and all ways to ask a dev server for it that have ever worked somewhere. */
const FILE = '/etc/passwd'
const fileAddresses = [
  `/@fs${FILE}`, `/@fs${FILE}?raw`, `/@fs${FILE}?import&raw`, `/@fs${FILE}?raw??`, `/@fs${FILE}?url&inline`,
  `/@fs${FILE}?.svg?.wasm?init`, `/@id${FILE}?raw`, `/..${FILE}`, `/../../../../../..${FILE}`, `/%2e%2e/%2e%2e/%2e%2e${FILE}`,
  `/@slidev-monaco-types/load?root=/etc`,
]

/**
 * What one may try with a deck, by its row in demos/runtime/server/README.md, and whether it worked. What `page` and the
 * texts hold is new each time, so that nobody is taken for the one before.
 */
export const attempts: Readonly<Record<string, (visitor: Visitor, seed: number) => Promise<boolean>>> = {
  '슬라이드와 실행의 출력 보기': async (visitor) => {
    const { status, headers, body } = await ask(visitor, '/')
    const readable = !isElsewhere(visitor) || headers['access-control-allow-origin'] !== undefined
    return status === 200 && readable && body.includes('<html') && onSocket(visitor, async ({ isThere }) => isThere)
  },
  '데모의 실행, 중지, 정리': visitor => onSocket(visitor, async ({ tell, hear }) => {
    tell({ type: 'clean', demo: 'helloworld' })
    if (!await hear(TO_CLIENT, ({ type, demo }) => type === 'cleaned' && demo === 'helloworld'))
      return false
    tell({ type: 'run', demo: 'helloworld', after: null })
    return hear(TO_CLIENT, ({ events = [] }) => events.some(({ type }) => type === 'run-ended'))
  }),
  '데모의 파일 고치기': (visitor, seed) => onSocket(visitor, async ({ tell, hear }) => {
    tell({ type: 'edit', demo: 'context', file: 'app/Dockerfile', text: `FROM scratch\n# ${seed}\n` })
    return hear(TO_CLIENT, ({ type, text }) => type === 'file' && text?.includes(String(seed)) === true)
  }),
  '컨테이너의 셸': visitor => onSocket(visitor, async ({ tell, hear }) => {
    tell({ type: 'open', demo: 'helloworld', columns: 80, rows: 24 }, SHELL_TO_SERVER)
    return hear(SHELL_TO_CLIENT, ({ type }) => type === 'opened')
  }),
  '강의의 쪽 옮기기': async (visitor, seed) => {
    const data = { page: seed, clicks: 0 }
    await ask(visitor, '/@server-reactive/nav', { method: 'POST', body: JSON.stringify({ source: 'x', timestamp: 1, data }) })
    return (await ask(visitor, '/@server-reactive/nav')).body.includes(`"page":${seed}`)
  },
  '청중에게 묻기': (visitor, seed) => onSocket(visitor, async ({ tell, hear }) => {
    tell({ type: 'open-poll', demo: 'helloworld', step: 'run', page: 2, question: `질문 ${seed}`, answers: ['하나', '둘'] })
    return hear(TO_CLIENT, ({ type, poll }) => type === 'poll' && poll?.question === `질문 ${seed}`)
  }),
  '슬라이드 고치기': async (visitor, seed) => {
    const { status } = await ask(visitor, '/__slidev/slides/1.json', { method: 'POST', body: JSON.stringify({ note: `by ${seed}` }) })
    return status === 200
  },
  '컨테이너 밖에서 프로그램 실행': async (visitor) => {
    const body = JSON.stringify({ data: 'sh' })
    await ask(visitor, '/@server-reactive/constructor/prototype/LAUNCH_EDITOR', { method: 'POST', body })
    const paths = ['/__open-in-editor?file=slides.md', '//__open-in-editor?file=slides.md', '/__OPEN-in-editor?file=slides.md']
    const answers = await Promise.all(paths.map(path => ask(visitor, path)))
    return answers.some(({ status, body }) => status === 200 && !body.includes('<html'))
  },
  '저장소 밖의 파일 읽기': async (visitor) => {
    const answers = await Promise.all(fileAddresses.map(path => ask(visitor, path).catch(() => null)))
    return answers.some(answer => [answer?.body, ...(answer?.body ?? '').match(/[\w+/=]{40,}/g) ?? []]
      .some(each => Buffer.from(each ?? '', 'base64').includes('root:x') || each?.includes('root:x')))
  },
}
