import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import sirv from 'sirv'
import { buildSite, isSiteFresh, siteFolder } from '../../demos/runtime/server/site.ts'
import { prepareDependencies, startDeck } from '../support/deck.ts'
import { rememberKey } from '../support/keys.ts'
import { OTHER_ADDRESS } from '../support/network.ts'

/**
 * What the browser tests look at: a deck with an engine and its door for the audience, one without an engine, and the
 * site as plain files below a folder. Each is started when the first test asks for it, and serves all workers.
 */
export type ServerName = 'live' | 'withoutEngine' | 'site'

export interface TestServer {
  url: string
  key?: string
  stop: () => unknown
}

const starts: Record<ServerName, () => Promise<TestServer>> = {
  live: async () => {
    await buildFreshSite() // the audience sees it
    const state = await mkdtemp(join(tmpdir(), 'docker-basics-state-')) // for what its votes leave
    const { stop, ...deck } = await startDeck({ args: ['--remote', '--host', OTHER_ADDRESS], env: { XDG_STATE_HOME: state } })
    return { ...deck, stop: () => stop().finally(() => rm(state, { recursive: true })) }
  },
  withoutEngine: () => startDeck({ env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } }),
  site: async () => {
    await buildFreshSite()
    return serveSite('/lectures/2026/docker/')
  },
}

/** Starts one of them for tests that Playwright does not run. */
export async function startServer(name: ServerName): Promise<TestServer> {
  return starts[name]()
}

/** Playwright's global setup: a server that knows the other servers. Returns what stops them. */
export default async function openServers(): Promise<() => Promise<void>> {
  await prepareDependencies()
  const servers: Partial<Record<ServerName, Promise<TestServer>>> = {}
  const directory = createServer((request, response) => {
    const name = request.url!.slice(1) as ServerName
    const server = servers[name] ??= starts[name]()
    server.then(
      ({ url, key }) => response.end(JSON.stringify({ url, key })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  process.env.TEST_SERVERS = await listen(directory)
  return async () => {
    directory.close()
    for (const server of Object.values(servers))
      await server.then(({ stop }) => stop(), () => {}) // one that did not start has failed its tests
  }
}

/**
 * The address of a server, which is started if it is not there yet.
 * @throws {Error} when it does not start.
 */
export async function serverUrl(name: ServerName): Promise<string> {
  const answer = await fetch(`${process.env.TEST_SERVERS}${name}`)
  const text = await answer.text()
  if (!answer.ok)
    throw new Error(text)
  const { url, key } = JSON.parse(text) as { url: string, key?: string }
  if (key !== undefined)
    rememberKey(url, key)
  return url
}

let building: Promise<void> | undefined
function buildFreshSite(): Promise<void> {
  return building ??= isSiteFresh().then(async fresh => fresh ? undefined : buildSite())
}

/** A plain file server that knows nothing of single-page applications. */
async function serveSite(folder: string): Promise<TestServer> {
  const files = sirv(siteFolder, { dev: true })
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(folder))
      return void response.writeHead(404).end()
    request.url = request.url.slice(folder.length - 1)
    files(request, response, () => void response.writeHead(404).end())
  })
  const url = await listen(server)
  return { url: url + folder.slice(1), stop: () => server.close() }
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await once(server.listen(0, 'localhost'), 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}
