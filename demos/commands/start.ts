import type { ViteDevServer } from 'vite'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { styleText } from 'node:util'
import getPort, { portNumbers } from 'get-port'
import open from 'open'
import { renderUnicodeCompact } from 'uqr'
import { requireMachine } from '../runtime/engine/machine.ts'
import { keyedAddress } from '../runtime/model/key.ts'
import { ProblemError, problemOf } from '../runtime/model/problem.ts'
import { readDeck } from '../runtime/pages/deck.ts'
import { readCatalogue } from '../runtime/run/catalogue.ts'
import { Access } from '../runtime/server/access.ts'
import { AudienceServer } from '../runtime/server/audience.ts'
import { surviveSurprises } from '../runtime/server/guards.ts'
import { audienceHost, networkAddresses } from '../runtime/server/network.ts'
import { demoServer } from '../runtime/server/plugin.ts'
import { buildSite, isSiteFresh } from '../runtime/server/site.ts'
import { checkLecture, EXIT, main, MisuseError, printProblem, readArgs } from './cli.ts'

const usage = '사용법: npm start [-- --port 3030 --open=false] [--remote [--host 이 컴퓨터의 주소]] [--author]'

await main(async () => {
  const { values, positionals } = readArgs(usage, {
    port: { type: 'string' },
    open: { type: 'string' },
    remote: { type: 'boolean' },
    host: { type: 'string' },
    author: { type: 'boolean' },
    cache: { type: 'string' },
  })
  if (positionals.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${positionals.join(' ')}`, hint: usage })
  if (values.open !== undefined && !/^(?:true|false)$/.test(values.open))
    throw new MisuseError({ message: '--open에는 true 또는 false를 적습니다.', hint: usage })
  checkLecture()
  if (values.host !== undefined && !values.remote)
    throw new MisuseError({ message: '--host는 --remote와 함께 씁니다.', hint: usage })

  if (values.author && values.remote)
    throw new MisuseError({ message: '--author는 --remote와 함께 쓸 수 없습니다.', hint: '슬라이드를 고칠 때는 --remote 없이 여세요.' })

  await requireMachine()
  const port = await choosePort(values.port)
  const access = new Access({ author: values.author })
  const audience = values.remote ? new AudienceServer(values.host ?? await audienceHost(), port, access) : null
  const options = await readDeck('dev')
  const { createServer: createDeck, parser } = await import('@slidev/cli')
  const server = await createDeck(options, {
    ...values.cache !== undefined && { cacheDir: values.cache }, // of a deck that another command drives
    server: { host: '127.0.0.1', port, strictPort: true },
    logLevel: 'warn',
    plugins: [demoServer(access, audience, printProblem)],
    slidev: {
      serverRef: {
        onChanged: (key, data) => {
          if (key !== 'nav')
            return
          audience?.followers.moveTo(data)
          audience?.followers.pointTo(data.cursor?.style === 'laser' ? { x: data.cursor.x, y: data.cursor.y } : null)
        },
      },
    },
  }, {
    loadData: async (changed) => {
      const loaded = await parser.load(options, options.entry, changed, 'dev')
      return {
        ...loaded,
        themeMeta: options.data.themeMeta,
        config: parser.resolveConfig(loaded.headmatter, options.data.themeMeta, options.entry),
      }
    },
  })
  surviveSurprises(() => server.close())
  await server.listen()
  await Promise.all([audience?.open(), listenOnIpv6(server, port)]).catch(async (error: unknown) => {
    await server.close()
    throw error
  })

  const address = `http://localhost:${port}/`
  const lecturer = keyedAddress(address, '1', access.key)
  console.log(`
  ${styleText('bold', '도커의 기초')}가 열렸습니다.

    강의 화면    ${styleText('cyan', lecturer)}
    발표자 화면  ${styleText('cyan', keyedAddress(address, 'presenter/1', access.key))}

  이 주소로 연 브라우저만 실행하고 고칠 수 있습니다. ${styleText('cyan', address)} 만으로는 보기만 합니다.
  끝내려면 Ctrl+C를 누르세요. 실행 중인 컨테이너도 함께 정리합니다.
`)
  for (const entry of (await readCatalogue()).values()) {
    if ('problem' in entry)
      printProblem(entry.problem)
  }
  if (audience)
    await share(audience)
  if (values.open !== 'false' && (values.open === 'true' || opensBrowser())) {
    await openBrowser(lecturer).catch((error: unknown) => printProblem({
      message: '브라우저를 열지 못했습니다.',
      hint: '위의 강의 화면 주소를 브라우저에 붙여 넣으세요.',
      detail: String(error),
    }))
  }
  return EXIT.ok
})

/** Prints where followers go, and builds the site that they see when it is old. */
async function share(audience: AudienceServer): Promise<void> {
  const others = networkAddresses().filter(address => !audience.address.includes(address))
  console.log(`  ${styleText('bold', '함께 보기')}  같은 네트워크에서 누구나, 보기만 합니다.

    청중의 주소  ${styleText('cyan', audience.address)}

${renderUnicodeCompact(audience.address, { border: 2 }).replaceAll(/^.*$/gm, line => `    ${styleText(['whiteBright', 'bgBlack'], line)}`)}

    다른 기계에서 발표하기  ${styleText('cyan', audience.presenterAddress)}
    이 주소를 가진 사람은 강의자와 똑같이 데모를 실행할 수 있습니다. 화면에 띄우지 마세요.
${others.length > 0 ? `    다른 네트워크라면 --host ${others.join(' 또는 --host ')}\n` : ''}`)
  if (await isSiteFresh())
    return
  console.log('    청중이 볼 슬라이드를 준비하고 있습니다…')
  void buildSite().then(
    () => console.log(`    ${styleText('green', '✓')} 청중이 볼 슬라이드가 준비되었습니다.`),
    (error: unknown) => printProblem(problemOf(error)),
  )
}

/** The port asked for; without one the first free one from 3030, or any. */
async function choosePort(asked: string | undefined): Promise<number> {
  if (asked === undefined)
    return getPort({ port: portNumbers(3030, 3060) })
  const port = Number(asked)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new MisuseError({ message: `포트 번호가 올바르지 않습니다: ${asked}`, hint: '1부터 65535 사이의 정수를 적으세요.' })
  if (await getPort({ port }) !== port)
    throw portTaken(port)
  if (await isBlocked(port))
    throw new MisuseError({ message: `브라우저가 열지 않는 포트입니다: ${port}`, hint: `npm start -- --port ${port + 1000}처럼 다른 번호를 지정하세요.` })
  return port
}

/** Whether browsers keep away from a port on which nobody listens, as fetch does (https://fetch.spec.whatwg.org/#port-blocking). */
async function isBlocked(port: number): Promise<boolean> {
  const error = await fetch(`http://127.0.0.1:${port}/`).catch(({ cause }: { cause?: Error }) => cause)
  return error instanceof Error && error.message === 'bad port'
}

function portTaken(port: number): ProblemError {
  return new ProblemError({
    message: `${port}번 포트를 이미 다른 프로그램이 쓰고 있습니다.`,
    hint: `그 프로그램을 끄거나 npm start -- --port ${port + 1}처럼 다른 번호를 지정하세요.`,
  })
}

/**
 * Takes connections to `[::1]` too: a browser that looks up localhost may go there first.
 * @throws {ProblemError} when another program has that port there.
 */
async function listenOnIpv6(server: ViteDevServer, port: number): Promise<void> {
  const other = createServer(socket => server.httpServer?.emit('connection', socket)).unref()
  try {
    await once(other.listen(port, '::1'), 'listening')
  }
  catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw portTaken(port) // else there is no IPv6 here, and nobody comes that way
  }
}

/**
 * Opens the browser on a file that only this user can read: all users see a program's arguments, with an address among
 * them. It lies in the project, since a browser in a sandbox reads no folder for temporary files.
 */
async function openBrowser(address: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../node_modules/.cache')
  await mkdir(folder, { recursive: true })
  const own = await mkdtemp(join(folder, 'open-'))
  process.once('exit', () => rmSync(own, { recursive: true, force: true }))
  const file = join(own, 'open.html')
  await writeFile(file, `<!doctype html><meta charset="utf-8"><title>도커의 기초</title><script>location.replace(${JSON.stringify(address)})</script>`, { mode: 0o600 })
  await open(pathToFileURL(file).href)
}

/** Whether there is a desktop to open a browser on. */
function opensBrowser(): boolean {
  const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env
  return !CI && (process.platform !== 'linux' || Boolean(DISPLAY ?? WAYLAND_DISPLAY))
}
