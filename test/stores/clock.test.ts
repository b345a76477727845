import { describe, expect, it } from 'vitest'
import { systemClock, whenAborted } from '../../lib/stores/clock.ts'

describe('the clock of the system', () => {
  it('sleeps for the given time', async () => {
    const begin = performance.now()
    await systemClock.sleep(50, new AbortController().signal)
    expect(performance.now() - begin).toBeGreaterThan(45)
  })

  it.each([{ signal: AbortSignal.abort() }, { signal: AbortSignal.timeout(10) }])(
    'wakes when a signal is aborted, and does not fail',
    async ({ signal }) => {
      expect(await systemClock.sleep(60_000, signal)).toBeUndefined()
    },
  )
})

it.each([{ signal: AbortSignal.abort() }, { signal: AbortSignal.timeout(10) }])(
  'waits until a signal is aborted, even one aborted already',
  async ({ signal }) => {
    expect(await whenAborted(signal, new AbortController().signal)).toBeUndefined()
  },
)
