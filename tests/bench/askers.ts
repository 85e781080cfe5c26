import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

/** A worker of the bench `asks`: followers that only ask. What they are told is thrown away unread, so that they cost little. */

const { host, port, addresses, count, everyMs } = workerData as {
  host: string
  port: number
  addresses: string[]
  count: number
  everyMs: number
}
/** A text frame with 'h' in it, masked with zeros (RFC 6455). */
const ASK = new Uint8Array([0x81, 0x81, 0, 0, 0, 0, 0x68])

const open: ReturnType<typeof connect>[] = []
for (let index = 0; index < count; index++) {
  const socket = connect({ host, port, localAddress: addresses[index % addresses.length] }).on('error', () => {})
  socket.write(`GET /audience HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    + `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`)
  await once(socket, 'data')
  open.push(socket.resume())
}
parentPort!.postMessage('joined')
const timer = setInterval(() => open.forEach(socket => socket.write(ASK)), everyMs)
await once(parentPort!, 'message')
clearInterval(timer)
parentPort!.postMessage(open.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length)
open.forEach(socket => socket.destroy())
parentPort!.close()
