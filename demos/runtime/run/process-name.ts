import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ownFolder } from './own-folder.ts'

/** This process, as a name that no other one has while it lives; it stands on labels and in the names of temporary folders. */
export function processName(): string {
  return `${pidSpace()}-${process.pid}`
}

/** What the paths of this process's temporary folders begin with. */
export function temporaryPrefix(): string {
  return join(ownFolder(), `${processName()}-`)
}

/** Whether a name is that of another process that lives here. */
export function isOtherLiving(name: string): boolean {
  return name !== processName() && name.startsWith(`${pidSpace()}-`) && !isDead(name)
}

/** Whether a name is that of a process that lived here and has ended. */
export function isDead(name: string): boolean {
  const [space, pid] = name.split('-')
  if (space !== pidSpace() || !pid)
    return false
  try {
    process.kill(Number(pid), 0)
    return false
  }
  catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Names the set of processes in which a process id is unique: this machine's, or on Linux that of a PID namespace. */
function pidSpace(): string {
  let namespace = ''
  try {
    namespace = readlinkSync('/proc/self/ns/pid')
  }
  catch {} // other systems have no PID namespaces
  return createHash('sha256').update(hostname() + namespace).digest('hex').slice(0, 8)
}
