import { execa } from 'execa'
import { engineStatus } from '../../demos/runtime/engine/docker.ts'

const status = await engineStatus()

/** The engine of this machine, or null: then what needs one is skipped and the reason stands in the tests' names. */
export const engine = status.reachable ? status.version : null
export const withEngine = status.reachable ? '실제 엔진' : `실제 엔진 — 건너뜀: ${status.problem.message}`

/** Whether the docker CLI is there, which an engine that does not answer takes too. */
export const cli = !(await execa('docker', ['--version'], { reject: false })).failed
export const withCli = cli ? '' : ' — 건너뜀: docker 명령이 없습니다'
