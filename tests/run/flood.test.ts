import type { RunEvent } from '../../demos/runtime/model/run-events.ts'
import { Buffer } from 'node:buffer'
import { tmpdir } from 'node:os'
import process from 'node:process'
import { afterAll, describe, expect, it } from 'vitest'
import { exec } from '../../demos/runtime/engine/exec.ts'
import { Spawner } from '../../demos/runtime/engine/spawn.ts'
import { OUTPUT_HEAD, OUTPUT_TAIL, outputText } from '../../demos/runtime/model/run-events.ts'
import { Run } from '../../demos/runtime/run/run.ts'

const spawner = new Spawner()
afterAll(() => spawner.close())

/** A run of one command on this machine: the way that output takes is the same, and no engine slows the flood down. */
async function flood(command: [string, ...string[]]): Promise<{ run: Run, events: RunEvent[], sent: number }> {
  const events: RunEvent[] = []
  const run = new Run({
    id: 'r',
    demoId: 'flood',
    demo: { title: 'flood', files: [], baseImages: [], steps: [{ id: 'flood', title: 'flood', command }] },
    onEvent: event => void events.push(event),
    engine: {
      patience: 1,
      files: () => ({}),
      version: { engine: 'none', builder: null, platform: 'linux/amd64' },
      label: args => ({ args: [...args], added: [0, 0] }),
      skips: async () => null,
      exec: (args, options) => exec(args, { ...options, cwd: tmpdir(), env: process.env, spawner }),
      write: async () => {},
      sweep: async () => {},
      explain: () => null,
    },
  })
  expect(await run.ended).toBe('passed')
  return { run, events, sent: JSON.stringify(events).length }
}

/** What a flood of ASCII must come to: head and tail whole, the gap exact, what was sent no more than batches of a tail's length. */
function expectBounds({ run, events, sent }: Awaited<ReturnType<typeof flood>>, length: number): { head: string, tail: string } {
  const { head, omitted, tail } = run.state.steps[0]!.output
  expect(head).toHaveLength(OUTPUT_HEAD)
  expect(tail).toHaveLength(OUTPUT_TAIL)
  expect(head.length + omitted + tail.length).toBe(length)
  const texts = events.flatMap(event => event.type === 'output' ? [event.text.length] : [])
  expect(Math.max(...texts)).toBeLessThanOrEqual(OUTPUT_HEAD)
  expect(sent).toBeLessThan(
    6 * (OUTPUT_HEAD + OUTPUT_TAIL * (2 + run.state.steps[0]!.durationMs! / 200)),
  ) // JSON escapes a control character with six
  return { head, tail }
}

describe('a flood of output is bounded, and what was left out of a text is counted to the byte', () => {
  it('of ten million lines', async () => {
    const { head, tail } = expectBounds(await flood(['seq', '10000000']), 78_888_897)
    expect(head.startsWith('1\n2\n3\n')).toBe(true)
    expect(tail.endsWith('\n9999998\n9999999\n10000000\n')).toBe(true)
    const numbers = tail.split('\n').slice(1, -1).map(Number)
    expect(numbers.every((number, index) => index === 0 || number === numbers[index - 1]! + 1)).toBe(true)
  })

  it('of one line of 100 MB', async () => {
    const { tail } = expectBounds(await flood(['sh', '-c', `head -c 100000000 /dev/zero | tr '\\0' x; printf END`]), 100_000_003)
    expect(tail).toBe(`${'x'.repeat(OUTPUT_TAIL - 3)}END`)
  })

  it('of characters of one to four bytes, none of which is cut', async () => {
    const line = 'a한🐳é'
    const { run } = await flood([process.execPath, '-e', `
      const text = Buffer.from('${line}'.repeat(1000000))
      for (let at = 0; at < text.length; at += 8191) process.stdout.write(text.subarray(at, at + 8191))`])
    const { head, omitted, tail } = run.state.steps[0]!.output
    expect(head + tail).not.toContain('\uFFFD')
    expect(Buffer.byteLength(head) + omitted + Buffer.byteLength(tail)).toBe(Buffer.byteLength(line) * 1_000_000)
    expect(tail.endsWith(line)).toBe(true)
  })

  it('of every byte value, each as its character or as the replacement character', async () => {
    const { run } = await flood([process.execPath, '-e', `
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
      for (let index = 0; index < 40000; index++) process.stdout.write(bytes)`])
    const once = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from({ length: 256 }, (_, value) => value))
    const { head, omitted, tail } = run.state.steps[0]!.output
    const kept = Math.ceil((OUTPUT_HEAD + OUTPUT_TAIL) / once.length) * 256
    expect(omitted).toBeGreaterThanOrEqual(40_000 * 256 - kept)
    expect(omitted).toBeLessThan(40_000 * 256 * 1.5) // what is left out of a batch is counted as the text that it has become
    expect(head).toBe(once.repeat(Math.ceil(OUTPUT_HEAD / once.length)).slice(0, OUTPUT_HEAD))
    expect(tail).toBe(once.repeat(Math.ceil(OUTPUT_TAIL / once.length)).slice(-OUTPUT_TAIL))
  })

  it('that dribbles on after the head loses nothing of its end', async () => {
    const { run } = await flood([process.execPath, '-e', `
      process.stdout.write('h'.repeat(${OUTPUT_HEAD}))
      let lines = 0
      const timer = setInterval(() => { process.stdout.write('line ' + lines + '\\n'); if (++lines === 100) clearInterval(timer) }, 5)`])
    expect(outputText(run.state.steps[0]!.output).slice(OUTPUT_HEAD)).toBe(Array
      .from({ length: 100 }, (_, index) => `line ${index}\n`)
      .join(''))
  })
})
