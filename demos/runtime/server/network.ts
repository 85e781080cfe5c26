import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { ProblemError } from '../model/problem.ts'

/** This machine's IPv4 addresses in networks, those of virtual ones last. */
export function networkAddresses(): string[] {
  const virtual = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|utun|tun|tap|tailscale|wg)/
  return Object.entries(networkInterfaces())
    .sort(([a], [b]) => Number(virtual.test(a)) - Number(virtual.test(b)))
    .flatMap(([, each]) => each ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

/**
 * The address by which others most likely reach this machine: that of its default route, else its first one.
 * @throws {ProblemError} when it is in no network.
 */
export async function audienceHost(): Promise<string> {
  const address = await defaultRouteAddress() ?? networkAddresses()[0]
  if (address === undefined)
    throw new ProblemError({ message: '이 컴퓨터가 네트워크에 연결되어 있지 않습니다.', hint: '청중과 같은 네트워크에 연결한 뒤 다시 실행하거나, --remote 없이 여세요.' })
  return address
}

/** The address that a packet to the outside would carry; none is sent. */
async function defaultRouteAddress(): Promise<string | null> {
  const socket = createSocket('udp4')
  try {
    socket.connect(9, '198.51.100.1') // an address for documentation (RFC 5737)
    await once(socket, 'connect')
    return socket.address().address
  }
  catch {
    return null
  }
  finally {
    socket.close()
  }
}
