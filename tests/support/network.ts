import process from 'node:process'
import { networkAddresses } from '../../demos/runtime/server/network.ts'

/** An address of this machine that is not localhost. On Linux all of 127.0.0.0/8 is, whatever network it is in. */
export const OTHER_ADDRESS = process.platform === 'linux' ? '127.0.0.2' : networkAddresses()[0] ?? 'a network'
