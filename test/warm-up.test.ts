import { describe, expect, it } from 'vitest'
import { warmUp } from '../lib/warm-up.ts'
import { configFrom } from './support/webhook.ts'

describe('the warm-up', () => {
  it.each(['flyte1', 'flyte2'])('goes all the way to a patch in the profile %s', (profile) => {
    expect(warmUp(configFrom({ function: { profile } }))).toMatchObject({
      kind: 'ok',
      value: { operations: 1, patch: expect.stringContaining('/spec/containers/0/env') },
    })
  })
})
