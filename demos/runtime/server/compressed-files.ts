import type { Buffer } from 'node:buffer'
import type { StaticFiles } from './static-files.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)
/** Of the levels 0 to 11 the one from which on a file costs more time than a hall's network gives back. */
const QUALITY = 5
/** The site's scripts and styles; their names change with what is in them. */
const asset = /^\/assets\/(?:modules\/)?([\w-][\w.-]*\.(js|css))$/
const types: Readonly<Record<string, string>> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' }

/**
 * The scripts and styles of a site's folder, for browsers that take them packed: a third of the bytes over a hall's network. Each is
 * packed once, when it is first asked for. `missing` is called for all else.
 */
export function compressedFiles(folder: string): StaticFiles {
  const packed = new Map<string, Promise<Buffer>>()
  return (request, response, missing) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    const [, , kind = ''] = asset.exec(path) ?? []
    if (request.method !== 'GET' || kind === '' || !/\bbr\b/.test(String(request.headers['accept-encoding'])) || request.headers.range)
      return missing()
    const known = packed.get(path) ?? readFile(join(folder, path)).then(async text => compress(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY },
    }))
    packed.set(path, known)
    known.then((body) => {
      response.writeHead(200, {
        'Content-Type': types[kind],
        'Content-Encoding': 'br',
        'Content-Length': body.length,
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Vary': 'Accept-Encoding',
      }).end(body)
    }, () => {
      packed.delete(path) // there is no such file, or not yet
      missing()
    })
  }
}
