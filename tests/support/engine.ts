import { execa } from 'execa'
import { connectEngine, DockerEngine } from '../../demos/runtime/engine/docker.ts'
import { problemOf } from '../../demos/runtime/model/problem.ts'

/** Patient: an engine that is slow to answer on a busy machine is no reason to skip its tests. */
const connected = await connectEngine({ askTimeoutMs: 120_000 }).catch(problemOf)

/** The engine of this machine, or null: then what needs one is skipped and the reason stands in the tests' names. */
export const engine = connected instanceof DockerEngine ? connected : null
export const withEngine = connected instanceof DockerEngine ? '실제 엔진' : `실제 엔진 — 건너뜀: ${connected.message}`

/** Whether the docker CLI is there, which an engine that does not answer takes too. */
export const cli = !(await execa('docker', ['--version'], { reject: false })).failed
export const withCli = cli ? '' : ' — 건너뜀: docker 명령이 없습니다'
