import { execa } from 'execa'

const ENTER = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']

/**
 * A command that runs in a network namespace of its own, with nothing but its loopback; the command as it was where none
 * can be made, or where the engine would be out of reach. Each container that starts or ends changes the network of its
 * engine's namespace, and Chromium there breaks the requests that are under way (net::ERR_NETWORK_CHANGED).
 */
export async function inOwnNetwork(command: string[]): Promise<string[]> {
  const docker = ['docker', 'version']
  const [made, engineThere, engineHere] = await Promise.all([[...ENTER, 'true'], [...ENTER, ...docker], docker].map(succeeds))
  if (made && (engineThere || !engineHere))
    return [...ENTER, ...command]
  console.log('! 브라우저에 따로 네트워크를 줄 수 없습니다(root인 리눅스와 유닉스 소켓의 엔진이 필요합니다). 그동안 컨테이너가 시작하면 브라우저 검사가 실패할 수 있습니다.')
  return command
}

async function succeeds([program, ...args]: string[]): Promise<boolean> {
  return !(await execa(program!, args, { reject: false, stdin: 'ignore' })).failed
}
