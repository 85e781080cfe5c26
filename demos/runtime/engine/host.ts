import type { IncomingMessage } from 'node:http'
import type { Step } from '../../define.ts'
import type { DockerEngine } from './docker.ts'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { hostname, release } from 'node:os'
import { text } from 'node:stream/consumers'
import { execa } from 'execa'
import { accepted } from './api.ts'
import { needsCgroups, noCgroups } from './cgroups.ts'

/** The engine's host: whether it is this machine, and whether this machine has what a step needs to show it. */

/** Time that a probe of a program may take, in milliseconds. */
const PROBE_TIMEOUT_MS = 5000
/** Time that a server that has been started may take to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 20_000
/** Time that one request to it may take, and the pause before the next, in milliseconds. */
const REQUEST_TIMEOUT_MS = 5000
const REQUEST_PAUSE_MS = 50

/** What an engine says of itself and its host, of what the deck needs. */
export interface EngineInfo {
  Name: string
  KernelVersion: string
  DockerRootDir: string
  /** The engine's clock, as RFC 3339 has it. */
  SystemTime: string
  /** What it uses of the kernel's cgroups: `cgroupfs`, `systemd`, or `none`. */
  CgroupDriver: string
}

/** @throws {ProblemError} when the engine does not answer. */
export async function engineInfo({ api }: DockerEngine): Promise<EngineInfo> {
  return JSON.parse(accepted(await api.request('GET', '/info'))) as EngineInfo
}

/** Whether the engine that says this of itself runs on this machine; Docker Desktop's host is a virtual machine with a kernel of its own. */
export function isHere({ Name, KernelVersion }: EngineInfo): boolean {
  return Name === hostname() && KernelVersion === release()
}

/**
 * Why a step cannot be shown, in Korean, or null: the engine uses no cgroups or is elsewhere, or a program or a permission is
 * missing here.
 */
export async function skips(engine: DockerEngine, step: Step): Promise<string | null> {
  const { command: [program], host } = step
  if (needsCgroups(step) && (await engineInfo(engine)).CgroupDriver === 'none')
    return noCgroups
  if (!host)
    return null
  if (!host.probe && !isHere(await engineInfo(engine)))
    return `엔진이 이 컴퓨터에서 바로 돌고 있지 않습니다. ${host.elsewhere}`
  const [probe, ...args] = host.probe ?? ['which', program]
  const { failed, code } = await execa(probe, args, { reject: false, stdin: 'ignore', timeout: PROBE_TIMEOUT_MS })
  if (!failed)
    return null
  return code === 'ENOENT' || !host.probe ? `이 컴퓨터에 ${program} 명령이 없습니다.` : host.elsewhere
}

/**
 * Waits until an address on this machine answers, whatever it says. The engine publishes a port before the program
 * behind it listens. Where the engine is elsewhere so is the port, and nothing is waited for.
 */
export async function answered({ isLocal }: Pick<DockerEngine, 'isLocal'>, address: string, signal: AbortSignal): Promise<void> {
  if (!isLocal)
    return
  const end = performance.now() + ANSWER_TIMEOUT_MS
  while (!signal.aborted && performance.now() < end) {
    if (await pageAt(address, AbortSignal.timeout(REQUEST_TIMEOUT_MS)) !== null)
      return
    await new Promise(resolve => setTimeout(resolve, REQUEST_PAUSE_MS))
  }
}

/** The page at an address on this machine, whatever its status, past any proxy; null when nothing answers. */
export async function pageAt(address: string, signal: AbortSignal): Promise<string | null> {
  try {
    const [response] = await once(get(address, { agent: new Agent(), signal }), 'response') as [IncomingMessage]
    return await text(response)
  }
  catch {
    return null
  }
}
