import { expect, it } from 'vitest'
import { SecretValue } from '../../lib/secret-value.ts'
import type { CacheAnswer } from '../../lib/stores/cache.ts'
import { watchCache } from '../../lib/stores/call-cache.ts'

const value = (ageMs: number, stale = false): CacheAnswer => ({
  kind: 'value',
  content: { kind: 'text', text: new SecretValue('v') },
  ageMs,
  stale,
})

it('a watched cache reports what it served since the last report', async () => {
  const answers: CacheAnswer[] = [
    value(10),
    value(99, true),
    value(20),
    { kind: 'absent', ageMs: 500, stale: true },
  ]
  const watched = watchCache({ get: async () => answers.shift() ?? value(0) })
  const { signal } = new AbortController()
  expect(watched.takeUse()).toEqual({ staleServed: 0, oldestAgeMs: undefined })
  for (let call = 0; call < 4; call++) await watched.get('name', signal)
  expect(watched.takeUse()).toEqual({ staleServed: 1, oldestAgeMs: 99 })
  expect(watched.takeUse()).toEqual({ staleServed: 0, oldestAgeMs: undefined })
})
