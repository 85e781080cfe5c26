import { createServer } from 'node:http'
import { join } from 'node:path'
import process from 'node:process'
import sirv from 'sirv'
import { networkAddresses } from '../../demos/runtime/server/audience.ts'

/** Where the browser tests find the deck: with an engine, without one, and as plain files below a folder. */
export const LIVE = { port: 4101, url: 'http://localhost:4101/' }
/** The live deck's door for followers. On Linux all of 127.0.0.0/8 is this machine's, whatever network it is in. */
export const OTHER_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : networkAddresses()[0] ?? 'a network'
export const HALL = { host: OTHER_ADDRESS, url: `http://${OTHER_ADDRESS}:${LIVE.port}/` }
export const NO_ENGINE = { port: 4102, url: 'http://localhost:4102/' }
const FOLDER = '/lectures/2026/docker/'
export const STATIC = { port: 4103, url: `http://localhost:4103${FOLDER}` }

// Run as a program: a plain file server that knows nothing of single-page applications.
if (import.meta.main) {
  const files = sirv(join(import.meta.dirname, '../../dist'), { dev: true })
  createServer((request, response) => {
    if (!request.url?.startsWith(FOLDER))
      return void response.writeHead(404).end()
    request.url = request.url.slice(FOLDER.length - 1)
    files(request, response, () => void response.writeHead(404).end())
  }).listen(STATIC.port, 'localhost')
}
