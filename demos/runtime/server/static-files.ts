import type { IncomingMessage, ServerResponse } from 'node:http'
import send from 'send'

/** Answers a request with a file; `missing` is called when there is none, with nothing written yet. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse, missing: () => void) => void

/**
 * The files of a folder, and nothing outside of it or hidden in it. Ranges, unread answers and takers that go are
 * `send`'s care: a file is open only as long as somebody takes it.
 */
export function staticFiles(folder: string): StaticFiles {
  return (request, response, missing) => {
    send(request, request.url?.split('?', 1)[0] ?? '/', { root: folder, index: false, dotfiles: 'ignore' })
      .on('directory', missing)
      .on('error', ({ status }: { status?: number }) => {
        if (response.headersSent)
          response.destroy()
        else if (status === 404 || status === 403 || status === 400)
          missing()
        else
          response.writeHead(status ?? 500).end()
      })
      .pipe(response)
  }
}
