import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** Where process ids mean what they mean here: this machine, and on Linux this PID namespace of it. */
function place(): string {
  let namespace = ''
  try {
    namespace = readlinkSync('/proc/self/ns/pid')
  }
  catch {} // not Linux: one machine, one list of processes
  return createHash('sha256').update(hostname() + namespace).digest('hex').slice(0, 8)
}

const here = place()

/** This process, as a name that no other one has while it lives: on labels and on temporary folders. */
export const owner = `${here}-${process.pid}`

/** What the names of all our temporary folders begin with. */
export const PREFIX = 'docker-basics-'

/** What the paths of this process's temporary folders begin with. */
export const temporary = join(tmpdir(), `${PREFIX}${owner}-`)

/** Whether a name is that of a process that lived here and has ended. */
export function isDead(name: string): boolean {
  const [of, pid] = name.split('-')
  if (of !== here || !pid)
    return false
  try {
    process.kill(Number(pid), 0)
    return false
  }
  catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
