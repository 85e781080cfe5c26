import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import getPort from 'get-port'

/** What stands between somebody and a deck. */
export interface Proxy { port: number, close: () => Promise<void> }

const env = { PATH: `${process.env.PATH}${delimiter}/usr/sbin` }
/** Why no nginx can be started here; '' where one can. */
export const withNginx = (await execa('nginx', ['-v'], { reject: false, env })).failed ? ' — 건너뜀: nginx가 없습니다 (Debian의 nginx-light)' : ''

/**
 * An nginx with a plain `proxy_pass`: it sends its own Host and no header that tells of the one in front of it.
 * With `sockets` it passes WebSockets on, which it does not by itself; below a `folder` it takes that off the address, or keeps it.
 */
export async function nginx(to: number, { sockets = false, folder: at = '/', keepsFolder = false } = {}): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-basics-nginx-'))
  await chmod(folder, 0o711)
  const port = await getPort()
  await writeFile(join(folder, 'nginx.conf'), `
    daemon off; pid nginx.pid; error_log stderr; events {}
    http {
      access_log off; client_body_temp_path body; proxy_temp_path proxy;
      fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      map $http_upgrade $connection_upgrade { default upgrade; '' close; }
      server {
        listen 127.0.0.1:${port};
        location ${at} {
          proxy_pass http://127.0.0.1:${to}${keepsFolder ? '' : '/'};
          ${sockets ? 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;' : ''}
        }
      }
    }`)
  const server = execa('nginx', ['-p', folder, '-c', 'nginx.conf'], { reject: false, stdin: 'ignore', env })
  await answering(port)
  return {
    port,
    close: async () => {
      server.kill('SIGTERM')
      await server
      await rm(folder, { recursive: true })
    },
  }
}

/** A port that is passed on as it is, as `ssh -L` and editors do. */
export async function forward(to: number): Promise<Proxy> {
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    near.on('error', () => far.destroy()).pipe(far).on('error', () => near.destroy()).pipe(near)
  })
  const port = await getPort()
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return { port, close: async () => void server.close() }
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(() => true, () => false)
    socket.destroy()
    if (isThere)
      return
    await setTimeout(50)
  }
  throw new Error(`nothing answers on port ${port}`)
}
