import type { Visitor } from './visitor.ts'
import process from 'node:process'
import { attempts } from './visitor.ts'

/** A program that becomes another user of this machine (nobody), tries one thing with a deck, and prints whether it worked. */
const [visitor, what, seed] = JSON.parse(process.argv[2]!) as [Visitor, string, number]
process.setgroups!([])
process.setgid!(65534)
process.setuid!(65534)
console.log(await attempts[what]!(visitor, seed))
