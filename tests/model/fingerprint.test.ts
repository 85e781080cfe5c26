import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint, shortId } from '../../demos/runtime/model/fingerprint.ts'
import { demosFolder } from '../../demos/runtime/run/catalogue.ts'

const FULL = 'cc018b0f6177d3f5a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718'

describe('a fingerprint', () => {
  it('is one for the short and the full form of an ID, with or without algorithm, in either case', () => {
    const forms = ['cc018b0f6177', FULL, `sha256:${FULL}`, `Digest: sha256:${FULL}\n`, 'CC018B0F6177']
    expect(new Set(forms.map(form => JSON.stringify(fingerprint(form)))).size).toBe(1)
    expect(fingerprint('cc018b0f6177')).toHaveLength(12)
  })

  it('differs between any two of the IDs in the recordings, of which there are many', () => {
    const casts = readdirSync(demosFolder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('recording.cast'))
    const ids = new Set(casts.flatMap(cast => readFileSync(join(demosFolder, cast), 'utf8').match(/\b[0-9a-f]{64}\b/g) ?? []).map(shortId))
    expect(ids.size).toBeGreaterThan(20)
    expect(new Set([...ids].map(id => JSON.stringify(fingerprint(id!)))).size).toBe(ids.size)
  })

  it('has a shape of its own for each digit', () => {
    const paths = [...'0123456789abcdef'].map(digit => fingerprint(digit.repeat(12))![0]!.path)
    expect(new Set(paths).size).toBe(16)
  })

  it.each(['', '6.18.44', '4026531837', 'cc018b0f617', `${FULL}0`, 'decafcoffees'])('is none for %j, which is no ID', (text) => {
    expect(fingerprint(text)).toBeNull()
  })
})
