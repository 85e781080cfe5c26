import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import getPort from 'get-port'
import { keyIn, rememberKey } from './keys.ts'

const root = join(import.meta.dirname, '../..')

/** A deck that `npm start` serves. */
export interface ServedDeck {
  port: number
  url: string
  /** With it a client may act. */
  key: string
  process: ReturnType<typeof launch>
  /** What it has printed until now. */
  said: () => string
  /** Ends it as Ctrl+C does, and waits until it has cleaned up. */
  stop: () => Promise<void>
}

interface Options {
  args?: string[]
  env?: Record<string, string>
  /** The folder of the deck; this repository when left out. */
  folder?: string
  /** In a terminal of its own; the process is the terminal's program, and killing it closes the window. */
  inTerminal?: boolean
  /** One that is free when left out. */
  port?: number
  /** What the deck takes for this machine's name, as root on Linux: with another one, the engine is elsewhere. */
  hostname?: string
}

/** What Vite has prepared of the deck's dependencies. */
export const preparedDependencies = join(root, 'node_modules/.vite/deps/_metadata.json')

/**
 * Has Vite prepare the deck's dependencies where that has not been done, as in a fresh clone: two decks that start there
 * at the same time would take the other's away.
 */
export async function prepareDependencies(): Promise<void> {
  if (existsSync(preparedDependencies))
    return
  const deck = await startDeck({ env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } })
  while (!existsSync(preparedDependencies))
    await setTimeout(200)
  await deck.stop()
}

/**
 * Starts a deck on a port of its own and waits until it is open.
 * @throws {Error} with what it printed when it ends instead.
 */
export async function startDeck(
  { args = [], env = {}, folder = root, inTerminal = false, hostname, ...options }: Options = {},
): Promise<ServedDeck> {
  const port = options.port ?? await getPort()
  const command = ['node', 'demos/commands/start.ts', '--port', String(port), '--open=false', ...args]
  if (hostname !== undefined)
    command.unshift('unshare', '--uts', 'sh', '-c', `hostname ${hostname} && exec "$@"`, 'sh')
  const deck = launch(inTerminal ? ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'] : command, folder, env)
  let said = ''
  const opened = new Promise<true>(resolve => deck.all.on('data', (chunk) => {
    said += String(chunk)
    if (said.includes('Ctrl+C'))
      resolve(true)
  }))
  if (!await Promise.race([opened, deck.then(() => false)]))
    throw new Error(`the deck did not start:\n${said}`)
  const url = `http://localhost:${port}/`
  const key = keyIn(said)!
  rememberKey(url, key)
  return {
    port,
    url,
    key,
    process: deck,
    said: () => said,
    stop: async () => {
      deck.kill('SIGTERM')
      await deck
    },
  }
}

function launch([program, ...args]: string[], cwd: string, env: Record<string, string>) {
  // Vitest's NODE_ENV would have Vite prepare the dependencies anew, and take them away from the decks of other tests.
  const own = { NODE_ENV: 'development', ...env }
  // On a busy machine a deck may clean up for longer than execa's five seconds.
  return execa(program!, args, { cwd, preferLocal: true, reject: false, stdin: 'ignore', all: true, env: own, forceKillAfterDelay: false })
}
