import { describe, expect, it } from 'vitest'
import { warmUp } from '../lib/warm-up.ts'
import { configFrom } from './support/webhook.ts'

describe('the warm-up', () => {
  it.each([
    { what: 'the defaults', sections: {} },
    { what: 'Flyte 2', sections: { function: { profile: 'flyte2' } } },
    { what: 'a manager that fetches', sections: { webhook: { secretManagerType: 'GCP' } } },
  ])('produces a patch synchronously, with $what', ({ sections }) => {
    expect(warmUp(configFrom({ function: { profile: 'flyte1' }, ...sections }))).toMatchObject({
      kind: 'decided',
      broken: [],
      summary: { outcome: 'patched', requested: 1, injected: 1 },
    })
  })
})
