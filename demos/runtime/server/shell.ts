import type { Duplex } from 'node:stream'
import type { Demo } from '../../define.ts'
import type { DockerEngine } from '../engine/docker.ts'
import type { ShellServerMessage } from '../model/messages.ts'
import type { ShellClientMessage } from '../model/schema.ts'
import type { Catalogue } from '../run/catalogue.ts'
import type { Client } from './clients.ts'
import { randomBytes } from 'node:crypto'
import { inspectImage, post } from '../engine/api.ts'
import { IMAGE_LABEL, labelled, tagsOf } from '../model/labels.ts'
import { logError } from '../model/log.ts'
import { SHELL_OUTPUT_AHEAD } from '../model/messages.ts'
import { ProblemError, problemOf } from '../model/problem.ts'
import { shellClientMessageSchema } from '../model/schema.ts'
import { demoOf } from '../run/catalogue.ts'
import { processName } from '../run/process-name.ts'

interface ShellOptions {
  engine: DockerEngine
  /** By which its container is found. */
  run: string
  demo: string
  image: string
  onOutput: (text: string) => void
  onEnd: () => void
}

/** A shell with a terminal, inside a container of its own that is made from an image of a demo. Never one on this machine. */
class Shell {
  readonly #engine: DockerEngine
  readonly #container: string
  readonly #terminal: Duplex
  #ahead = 0

  private constructor(container: string, terminal: Duplex, { engine, onOutput, onEnd }: ShellOptions) {
    this.#engine = engine
    this.#container = container
    this.#terminal = terminal
    terminal.setEncoding('utf8')
    terminal.on('data', (text: string) => {
      this.#ahead += text.length
      if (this.#ahead > SHELL_OUTPUT_AHEAD)
        terminal.pause()
      onOutput(text)
    })
    terminal.on('error', () => terminal.destroy())
    terminal.on('close', onEnd)
    terminal.on('end', () => terminal.destroy())
  }

  static async start(options: ShellOptions): Promise<Shell> {
    const { engine, run, demo, image } = options
    const { args: [, ...args] } = labelled([
      'docker', 'container', 'run', '--detach', '--interactive', '--tty', '--rm', '--hostname', demo,
      '--env', 'LANG=C.UTF-8', '--env', 'TERM=xterm-256color', '--entrypoint', 'sh', image, '-c',
      'if command -v bash >/dev/null; then exec bash; else exec sh; fi',
    ], {
      demo,
      run,
      owner: processName(),
    })
    const container = (await engine.docker(args)).trim()
    const terminal = await engine.api.hijack(`/containers/${container}/attach?stream=1&logs=1&stdin=1&stdout=1&stderr=1`)
    return new Shell(container, terminal, options)
  }

  type(text: string): void {
    this.#terminal.write(text)
  }

  drawn(characters: number): void {
    this.#ahead = Math.max(0, this.#ahead - characters)
    if (this.#ahead < SHELL_OUTPUT_AHEAD / 2)
      this.#terminal.resume()
  }

  async resize(columns: number, rows: number): Promise<void> {
    await post(this.#engine.api, `/containers/${this.#container}/resize?w=${columns}&h=${rows}`)
  }

  /** Ends the shell and removes its container. */
  async close(): Promise<void> {
    this.#terminal.destroy()
    await this.#engine
      .docker(['container', 'rm', '--force', '--volumes', this.#container])
      .catch(() => {}) // gone by itself, or found by its label
  }
}

interface ShellsOptions {
  /** @throws {ProblemError} when none answers. */
  engine: () => Promise<DockerEngine>
  /** Hears of a shell that did not start: its container may be there all the same, or be there later. */
  onFailure: (run: string) => void
}

/** The shells, at most one a client: for questions from the audience, the lecturer looks into a container. */
export class Shells {
  readonly #catalogue: Catalogue
  readonly #options: ShellsOptions
  readonly #shells = new Map<Client, Promise<Shell>>()
  /** What waits for a shell to end. */
  readonly #closing = new Set<Promise<void>>()
  #closed = false

  constructor(catalogue: Catalogue, options: ShellsOptions) {
    this.#catalogue = catalogue
    this.#options = options
  }

  /** Does what a client asks, or sends it why not; never throws. */
  async receive(client: Client, data: unknown, send: (message: ShellServerMessage) => void): Promise<void> {
    try {
      if (client.role !== 'lecturer')
        throw new ProblemError({ message: '보기 전용 화면입니다.', hint: '컨테이너의 셸은 강의자만 열 수 있습니다.' })
      const parsed = shellClientMessageSchema.safeParse(data)
      if (!parsed.success)
        throw new ProblemError({ message: '알 수 없는 요청이라 무시했습니다.', hint: '페이지를 새로 고친 뒤 다시 시도하세요.' })
      await this.#follow(client, parsed.data, send)
    }
    catch (error) {
      logError(error)
      send({ type: 'refused', problem: problemOf(error) })
    }
  }

  async #follow(client: Client, message: ShellClientMessage, send: (message: ShellServerMessage) => void): Promise<void> {
    switch (message.type) {
      case 'open':
        return this.#open(client, message, send)
      case 'close':
        return this.close(client)
      case 'input':
        return (await this.#shells.get(client))?.type(message.text)
      case 'drawn':
        return (await this.#shells.get(client))?.drawn(message.characters)
      case 'size':
        return (await this.#shells.get(client))?.resize(message.columns, message.rows)
    }
  }

  /** Ends a client's shell, if it has one. */
  async close(client: Client): Promise<void> {
    const shell = this.#shells.get(client)
    this.#shells.delete(client)
    const closed = endOf(shell)
    this.#closing.add(closed)
    await closed
    this.#closing.delete(closed)
  }

  /** Ends all shells, also those that are about to open or whose clients have gone; none opens any more. */
  async closeAll(): Promise<void> {
    this.#closed = true
    for (const client of this.#shells.keys())
      void this.close(client)
    await Promise.all(this.#closing)
  }

  async #open(
    client: Client,
    { demo, columns, rows }: Extract<ShellClientMessage, { type: 'open' }>,
    send: (message: ShellServerMessage) => void,
  ): Promise<void> {
    const before = this.#shells.get(client)
    // Noted before it is made, so that a client that goes meanwhile, and the server's end, find it.
    const opening = this.#start(before, demo, send)
    this.#shells.set(client, opening)
    const shell = await opening.catch((error: unknown) => {
      if (this.#shells.get(client) === opening)
        this.#shells.delete(client)
      throw error
    })
    await shell.resize(columns, rows)
  }

  /** Starts a shell when the one before it has ended. */
  async #start(before: Promise<Shell> | undefined, demo: string, send: (message: ShellServerMessage) => void): Promise<Shell> {
    await endOf(before)
    if (this.#closed)
      throw new ProblemError({ message: '덱이 닫히고 있습니다.', hint: 'npm start로 다시 여세요.' })
    const known = demoOf(this.#catalogue, demo) // a name that is wrong is so without an engine too
    const engine = await this.#options.engine()
    const image = await imageOf(engine, known)
    send({ type: 'opened', demo, image })
    const run = randomBytes(6).toString('hex')
    try {
      return await Shell.start({
        engine,
        run,
        demo,
        image,
        onOutput: text => send({ type: 'output', text }),
        onEnd: () => send({ type: 'ended' }),
      })
    }
    catch (error) {
      this.#options.onFailure(run)
      throw error
    }
  }
}

/** Ends a shell as soon as it has opened. */
async function endOf(shell: Promise<Shell> | undefined): Promise<void> {
  await (await shell?.catch(() => null))?.close() // one that did not open has been refused
}

/** The image to look into: one that the demo has made, else its base image. */
async function imageOf({ api }: DockerEngine, demo: Demo): Promise<string> {
  for (const tag of tagsOf(demo.steps)) {
    if ((await inspectImage(api, tag))?.Config.Labels?.[IMAGE_LABEL])
      return tag
  }
  const base = demo.baseImages[0]
  if (base === undefined || !await inspectImage(api, base))
    throw new ProblemError({ message: '이 데모에는 들여다볼 이미지가 없습니다.', hint: '데모를 한 번 실행한 뒤 다시 여세요.' })
  return base
}
