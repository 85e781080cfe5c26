import { describe, expect, it } from 'vitest'
import { withShortIds } from '../../demos/runtime/model/ids.ts'

const ID = 'f6f02d533372ac4f5d717078038944049281ff8e8673b9e3b218ef9a6f00a674'

describe('an ID on the wall', () => {
  it('has 12 digits', () => {
    expect(withShortIds(`sha256:${ID} and ${ID}\n`)).toBe('sha256:f6f02d533372… and f6f02d533372…\n')
  })

  it('is what has 64 hexadecimal digits, no more and no less', () => {
    for (const text of ['f6f02d533372', ID.slice(1), `${ID}0`, ID.toUpperCase()])
      expect(withShortIds(text)).toBe(text)
  })
})
