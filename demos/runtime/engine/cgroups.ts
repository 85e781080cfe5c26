import type { Step } from '../../define.ts'
import { dockerCommand } from '../model/docker-command.ts'

/** Options that the kernel holds a container to by its cgroup. */
const LIMIT = /^--(?:memory|memory-swap|pids-limit|cpus)(?:=|$)/

/**
 * Why an engine without cgroups cannot show the steps that need them. A rootless one on a machine with cgroup v1 takes limits, and
 * neither keeps to them nor measures (https://docs.docker.com/engine/security/rootless/tips/).
 */
export const noCgroups = '이 엔진은 cgroup을 쓰지 못해 컨테이너의 자원을 제한하거나 재지 못합니다. root가 아닌 사용자의 엔진이라면 cgroup v2인 리눅스에서 보입니다.'

/** Whether a step limits what a container may use, or asks what it uses. */
export function needsCgroups({ command }: Pick<Step, 'command'>): boolean {
  return dockerCommand(command)?.verb === 'container stats' || command.some(word => LIMIT.test(word))
}
