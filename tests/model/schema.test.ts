import { describe, expect, it } from 'vitest'
import { clientMessageSchema } from '../../demos/runtime/model/schema.ts'

describe('a message of a client', () => {
  it.each([
    { type: 'hello' },
    { type: 'runDoctor' },
    { type: 'run', demo: 'helloworld', after: null },
    { type: 'run', demo: 'helloworld', after: 'abc', upTo: 1 },
    { type: 'stop', demo: 'helloworld', run: 'abc' },
    { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: '' },
    { type: 'reset', demo: 'helloworld', file: 'Dockerfile' },
    { type: 'clean', demo: 'helloworld' },
  ])('$type is understood', (message) => {
    expect(clientMessageSchema.safeParse(message).success).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['text', 'run'],
    ['an unknown type', { type: 'exec', demo: 'helloworld' }],
    ['a command', { type: 'run', demo: 'helloworld', after: null, command: ['rm'] }],
    ['a path as a demo', { type: 'run', demo: '../helloworld', after: null }],
    ['a missing field', { type: 'run', demo: 'helloworld' }],
    ['a negative step', { type: 'run', demo: 'helloworld', after: null, upTo: -1 }],
    ['half a step', { type: 'run', demo: 'helloworld', after: null, upTo: 0.5 }],
    ['an over-long name', { type: 'clean', demo: 'a'.repeat(1000) }],
    ['an over-long text', { type: 'edit', demo: 'helloworld', file: 'Dockerfile', text: 'x'.repeat(2 ** 20 + 1) }],
    ['__proto__', JSON.parse('{"type":"clean","demo":"helloworld","__proto__":{"x":1},"x":1}')],
  ])('with %s is refused', (_, message) => {
    expect(clientMessageSchema.safeParse(message).success).toBe(false)
  })
})
