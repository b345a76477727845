import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretCache, type CacheOptions } from '../../lib/stores/cache.ts'
import { createCallBudget } from '../../lib/stores/call-budget.ts'
import type { Fetched } from '../../lib/stores/secret-source.ts'
import { absent, failed, FakeClock, FakeSource, settled, shown, value } from '../support/fake-source.ts'

const ttlMs = 10_000
const maxStaleMs = 50_000
const never = new AbortController().signal

const inWorld = (changes: Partial<CacheOptions> = {}) => {
  const source = new FakeSource()
  const clock = new FakeClock()
  const cache = createSecretCache(source, { ttlMs, maxStaleMs, clock, random: () => 0, ...changes })
  /** Starts a look-up. `said` holds its current state. */
  const ask = (name = 'db', signal = never) => {
    const asked = { said: 'waits' }
    void cache.get(name, signal).then((answer) => (asked.said = shown(answer)))
    return asked
  }
  /** Starts a look-up and answers its latest fetch at once. */
  const askWith = async (fetched: Fetched, name = 'db') => {
    const asked = ask(name)
    source.calls.at(-1)?.answer(fetched)
    await settled()
    return asked.said
  }
  return { source, clock, cache, ask, askWith }
}

/** Creates a cache that holds a secret of the given age. */
const warm = async (ageMs: number, first: Fetched = value('old'), changes: Partial<CacheOptions> = {}) => {
  const world = inWorld(changes)
  await world.askWith(first)
  await world.clock.pass(ageMs)
  return world
}

describe('an unknown secret', () => {
  it.each([
    { fetched: value('new'), said: 'new 0' },
    { fetched: absent, said: 'absent 0' },
    { fetched: failed('store-unavailable'), said: 'store-unavailable' },
    { fetched: failed('store-refused'), said: 'store-refused' },
  ])('waits for the source and returns its answer: $said', async ({ fetched, said }) => {
    const { source, ask, clock } = inWorld()
    const asked = ask()
    await clock.pass(5_000)
    source.calls[0]?.retry()
    await clock.pass(0)
    expect(asked.said).toBe('waits')
    source.calls[0]?.answer(fetched)
    await settled()
    expect(asked.said).toBe(said.replace(' 0', ' 5000'))
    expect(source.calls).toHaveLength(1)
  })

  it('fails at the end of the call, and the failure is not cached', async () => {
    const { source, ask, askWith } = inWorld()
    const call = new AbortController()
    const asked = ask('db', call.signal)
    call.abort()
    await settled()
    expect(asked.said).toBe('store-unavailable')
    expect(source.calls[0]?.signal.aborted).toBe(true)
    expect(await askWith(value('back'))).toBe('back 0')
  })

  it('fails for the reason of the latest attempt, if any', async () => {
    const { source, cache } = inWorld()
    const call = new AbortController()
    const answer = cache.get('db', call.signal)
    for (const why of ['throttled', 'timed out']) source.calls[0]?.retry(why)
    call.abort()
    expect(await answer).toMatchObject({ kind: 'failed', error: { message: 'timed out' } })
    expect(await cache.get('db', call.signal)).toMatchObject({
      kind: 'failed',
      error: { message: 'the secret "db" did not arrive in time: try again' },
    })
  })

  it('is not fetched for a call that has ended', async () => {
    const { source, ask } = inWorld()
    const asked = ask('db', AbortSignal.abort())
    await settled()
    expect(asked.said).toBe('store-unavailable')
    expect(source.calls).toEqual([])
  })

  it.each(['store-unavailable', 'store-refused'] as const)('is fetched again after %s', async (code) => {
    const { askWith } = inWorld()
    await askWith(failed(code))
    expect(await askWith(value('back'))).toBe('back 0')
  })
})

describe('a value in the first half of its time to live', () => {
  it('is served without asking', async () => {
    const { source, ask } = await warm(4_999)
    const asked = ask()
    await settled()
    expect(asked.said).toBe('old 4999')
    expect(source.calls).toHaveLength(1)
  })

  it('has the age since the source was asked', async () => {
    const { source, clock, ask } = inWorld()
    ask()
    await clock.pass(4_000)
    source.calls[0]?.answer(value('old'))
    await settled()
    await clock.pass(1_000)
    ask()
    expect(source.calls).toHaveLength(2)
  })

  it('has a randomly shortened time to live', async () => {
    const { source, ask } = await warm(4_100, value('old'), { random: () => 0.999 })
    ask()
    expect(source.calls).toHaveLength(2)
  })
})

describe('a value past half its time to live', () => {
  it('is replaced when the source answers within 300 ms', async () => {
    const { source, clock, ask } = await warm(5_000)
    const asked = ask()
    await clock.pass(299)
    source.calls[1]?.answer(value('new'))
    await settled()
    expect(asked.said).toBe('new 299')
  })

  it('is served after 300 ms, and the refresh is discarded', async () => {
    const { source, clock, ask, askWith } = await warm(5_000)
    const asked = ask()
    await clock.pass(299)
    expect(asked.said).toBe('waits')
    await clock.pass(1)
    expect(asked.said).toBe('old 5000')
    expect(source.calls[1]?.signal.aborted).toBe(true)
    // A late answer is discarded. Only a new refresh brings a new value.
    source.calls[1]?.answer(value('too late'))
    await settled()
    expect(await askWith(failed('store-unavailable'))).toBe('old 5300')
    expect(source.calls).toHaveLength(3)
  })

  it('is served at the end of the call', async () => {
    const { ask } = await warm(9_999)
    const call = new AbortController()
    const asked = ask('db', call.signal)
    call.abort()
    await settled()
    expect(asked.said).toBe('old 9999')
  })

  it('is served at once when the source fails', async () => {
    const { askWith } = await warm(9_999)
    expect(await askWith(failed('store-unavailable'))).toBe('old 9999')
  })
})

describe('a value past its time to live', () => {
  it('waits for the source while it is only slow', async () => {
    const { source, clock, ask } = await warm(10_000)
    const asked = ask()
    await clock.pass(9_000)
    expect(asked.said).toBe('waits')
    source.calls[1]?.answer(value('new'))
    await settled()
    expect(asked.said).toBe('new 9000')
  })

  it('is served stale 300 ms after an attempt has failed', async () => {
    const { source, clock, ask } = await warm(10_000)
    const asked = ask()
    await clock.pass(2_000)
    source.calls[1]?.retry()
    await clock.pass(0)
    await clock.pass(299)
    expect(asked.said).toBe('waits')
    await clock.pass(1)
    expect(asked.said).toBe('old 10000 stale')
    expect(source.calls[1]?.signal.aborted).toBe(true)
  })

  it('is replaced when an attempt fails and the next one succeeds', async () => {
    const { source, clock, ask } = await warm(10_000)
    const asked = ask()
    await clock.pass(2_000)
    source.calls[1]?.retry()
    await clock.pass(200)
    source.calls[1]?.answer(value('new'))
    await settled()
    expect(asked.said).toBe('new 2200')
  })

  it('is served stale at the end of the call', async () => {
    const { ask } = await warm(10_000)
    const call = new AbortController()
    const asked = ask('db', call.signal)
    call.abort()
    await settled()
    expect(asked.said).toBe('old 10000 stale')
  })

  it.each([
    { ageMs: ttlMs + maxStaleMs, said: 'old 60000 stale' },
    { ageMs: ttlMs + maxStaleMs + 1, said: 'store-unavailable' },
  ])('$ageMs ms old is answered as $said when the source fails', async ({ ageMs, said }) => {
    const { askWith } = await warm(ageMs)
    expect(await askWith(failed('store-unavailable'))).toBe(said)
  })

  it('is recognized as old by the first call of a thawed process', async () => {
    const { clock, askWith } = await warm(0)
    clock.freeze(3_600_000)
    expect(await askWith(value('rotated'))).toBe('rotated 0')
  })

  it('is also one whose clock was set back', async () => {
    const { source, clock, ask } = await warm(0)
    clock.freeze(-60_000)
    const asked = ask()
    await clock.pass(1_000)
    expect(asked.said).toBe('waits')
    source.calls[1]?.answer(failed('store-unavailable'))
    await settled()
    expect(asked.said).toBe('old 10000 stale')
  })
})

describe('a definite answer of the store', () => {
  it.each([
    { ageMs: 5_000, fetched: failed('store-refused'), said: 'store-refused' },
    { ageMs: 10_000, fetched: failed('store-refused'), said: 'store-refused' },
    { ageMs: 5_000, fetched: absent, said: 'absent 0' },
    { ageMs: 10_000, fetched: absent, said: 'absent 0' },
  ])('overrides a value $ageMs ms old: $said', async ({ ageMs, fetched, said }) => {
    const { askWith } = await warm(ageMs)
    expect(await askWith(fetched)).toBe(said)
  })

  it('erases the cached value: an outage does not bring it back', async () => {
    const { askWith } = await warm(5_000)
    await askWith(failed('store-refused'))
    expect(await askWith(failed('store-unavailable'))).toBe('store-unavailable')
  })
})

describe('an absence', () => {
  it('is looked up again by every call, unless it is cached', async () => {
    const { askWith } = await warm(1, absent)
    expect(await askWith(absent)).toBe('absent 0')
    expect(await askWith(value('new'))).toBe('new 0')
  })

  it.each([
    { ageMs: 0, calls: 1, said: 'absent 0' },
    { ageMs: 9_999, calls: 1, said: 'absent 9999' },
    { ageMs: 10_000, calls: 2, said: 'waits' },
  ])('that is cached for 10 s answers $ageMs ms later with $said', async ({ ageMs, calls, said }) => {
    const { source, ask } = await warm(ageMs, absent, { ttlMs: 300_000, absenceMs: 10_000 })
    const asked = ask()
    await settled()
    expect(asked.said).toBe(said)
    expect(source.calls).toHaveLength(calls)
  })

  it('is cached for its own time, even if values expire sooner', async () => {
    const { source, ask } = await warm(9_999, absent, { ttlMs: 1_000, maxStaleMs: 1, absenceMs: 10_000 })
    const asked = ask()
    await settled()
    expect(asked.said).toBe('absent 9999')
    expect(source.calls).toHaveLength(1)
  })

  it('is looked up again when the clock was set back', async () => {
    const { source, clock, ask } = await warm(0, absent, { absenceMs: 10_000 })
    clock.freeze(-60_000)
    ask()
    expect(source.calls).toHaveLength(2)
  })

  it('is served in an outage, marked stale', async () => {
    const { source, clock, ask, askWith } = await warm(1, absent)
    expect(await askWith(failed('store-unavailable'))).toBe('absent 1 stale')
    const asked = ask()
    await clock.pass(300)
    expect(asked.said).toBe('absent 1 stale')
    expect(source.calls).toHaveLength(3)
  })

  it('is forgotten once there is a value', async () => {
    const { clock, askWith } = await warm(1, absent)
    await askWith(value('new'))
    await clock.pass(5_000)
    await askWith(failed('store-refused'))
    expect(await askWith(failed('store-unavailable'))).toBe('store-unavailable')
  })

  it('does not evict a value', async () => {
    const { source, ask, askWith } = await warm(1, value('old'), { maxNames: 2 })
    for (const name of ['a', 'b', 'c']) await askWith(absent, name)
    const asked = ask()
    await settled()
    expect(asked.said).toBe('old 1')
    expect(source.calls).toHaveLength(4)
  })
})

describe('concurrent callers', () => {
  it('share one fetch, a thousand of them, each with its own signal', async () => {
    const { source, ask } = inWorld()
    const calls = Array.from({ length: 1_000 }, () => new AbortController())
    const asked = calls.map(({ signal }) => ask('db', signal))
    // All callers but the last leave, including the first.
    for (const call of calls.slice(0, 999)) call.abort()
    await settled()
    expect(asked[0]?.said).toBe('store-unavailable')
    expect(source.calls[0]?.signal.aborted).toBe(false)
    source.calls[0]?.answer(value('new'))
    await settled()
    expect(asked[999]?.said).toBe('new 0')
    expect(source.calls).toHaveLength(1)
  })

  it('leave no listeners on a shared signal', async () => {
    const { source, ask } = inWorld()
    const { signal } = new AbortController()
    const asked = Array.from({ length: 1_000 }, () => ask('db', signal))
    source.calls[0]?.answer(value('new'))
    await settled()
    expect(new Set(asked.map(({ said }) => said))).toEqual(new Set(['new 0']))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('fetch different names separately', () => {
    const { source, ask } = inWorld()
    ask('db')
    ask('api')
    expect(source.calls.map(({ name }) => name)).toEqual(['db', 'api'])
  })

  it('abort their fetch when the last leaves, and the next caller starts another', async () => {
    const { source, ask } = inWorld()
    const calls = [new AbortController(), new AbortController()]
    for (const { signal } of calls) ask('db', signal)
    for (const call of calls) call.abort()
    await settled()
    expect(source.calls[0]?.signal.aborted).toBe(true)
    const asked = ask()
    source.calls[0]?.answer(value('of the fetch before'))
    await settled()
    expect(asked.said).toBe('waits')
    source.calls[1]?.answer(value('new'))
    await settled()
    expect(asked.said).toBe('new 0')
  })

  it('fail together when a source throws, and the next one asks again', async () => {
    const clock = new FakeClock()
    const thrown = new Error('a source never does')
    const answers = [Promise.reject(thrown), Promise.resolve(value('new'))]
    const cache = createSecretCache(
      { fetch: () => answers.shift() ?? Promise.resolve(absent) },
      { ttlMs, maxStaleMs, clock, random: () => 0 },
    )
    const both = [cache.get('db', never), cache.get('db', never)]
    await expect(both[0]).rejects.toBe(thrown)
    await expect(both[1]).rejects.toBe(thrown)
    expect(shown(await cache.get('db', never))).toBe('new 0')
  })
})

describe('the budget of a call', () => {
  const spent = () => {
    const budget = createCallBudget()
    for (let call = 0; call < 100; call += 1) budget.takeCall()
    return budget
  }
  const asked = () => {
    const budget = createCallBudget()
    for (let secret = 0; secret < 100; secret += 1) budget.takeSecret()
    return budget
  }

  it.each([
    { what: 'a fresh value', ageMs: 0, said: 'old 0' },
    { what: 'a value past half its life', ageMs: 5_000, said: 'old 5000' },
    { what: 'an old value', ageMs: 10_000, said: 'store-refused' },
  ])('without secrets left returns $what: $said', async ({ ageMs, said }) => {
    const { cache, source } = await warm(ageMs)
    const answer = cache.get('db', never, asked())
    source.calls[1]?.answer(failed('store-unavailable'))
    expect(shown(await answer)).toBe(said)
  })

  it.each([
    { ageMs: 5_000, said: 'old 5000' },
    { ageMs: 10_000, said: 'old 10000 stale' },
    { ageMs: 60_001, said: 'store-unavailable' },
  ])('without calls left returns a value $ageMs ms old as in an outage: $said', async ({ ageMs, said }) => {
    const { cache, source } = await warm(ageMs)
    expect(shown(await cache.get('db', never, spent()))).toBe(said)
    expect(source.calls).toHaveLength(1)
  })

  it('is not charged for cached or impossible names', async () => {
    const { cache } = await warm(0)
    const impossible = createSecretCache(
      { fetch: () => Promise.resolve(value('never')), canHold: () => false },
      { ttlMs, maxStaleMs, clock: new FakeClock(), random: () => 0 },
    )
    const budget = createCallBudget()
    for (let call = 0; call < 200; call += 1) {
      expect(shown(await cache.get('db', never, budget))).toBe('old 0')
      expect(shown(await impossible.get(`a b ${call}`, never, budget))).toBe('absent 0')
    }
    expect([budget.takeSecret(), budget.takeCall()]).toEqual([true, true])
  })
})

it('keeps the most recently used names', async () => {
  const { source, ask, askWith } = inWorld({ maxNames: 2 })
  for (const name of ['a', 'b']) await askWith(value(name), name)
  ask('a')
  await settled()
  await askWith(value('c'), 'c')
  const again = ['a', 'c', 'b'].map((name) => ask(name))
  await settled()
  expect(again.map(({ said }) => said)).toEqual(['a 0', 'c 0', 'waits'])
  expect(source.calls.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'b'])
})

it('serves nothing too old, and keeps no caller waiting past the end of a call', async () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('ask' as const) }),
    fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 30_000 }) }),
    fc.record({ what: fc.constant('retry' as const) }),
    fc.record({ what: fc.constantFrom('value', 'absent', 'down') }),
  )
  const story = async (
    steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    jitter: number,
  ) => {
    const { source, clock, ask } = inWorld({ random: () => jitter })
    const call = new AbortController()
    const asked: { readonly at: number; readonly asked: { said: string } }[] = []
    for (const [at, { what, ...rest }] of steps.entries()) {
      const latest = source.calls.at(-1)
      if (what === 'ask') asked.push({ at, asked: ask('db', call.signal) })
      if (what === 'pass' && 'ms' in rest) await clock.pass(rest.ms)
      if (what === 'retry') latest?.retry()
      // The value is the step at which it landed.
      if (what === 'value') latest?.answer(value(String(at)))
      if (what === 'absent') latest?.answer(absent)
      if (what === 'down') latest?.answer(failed('store-unavailable'))
      await settled()
    }
    call.abort()
    await settled()
    return asked.map(({ at, asked: { said } }) => ({ at, said }))
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      async (steps, jitter) => {
        for (const { at, said } of await story(steps, jitter)) {
          const [landedAt, ageMs, stale] = said.split(' ')
          expect(landedAt).not.toBe('waits')
          // A value that landed during the look-up is fresh.
          if (!(Number(landedAt) < at)) continue
          expect(Number(ageMs)).toBeLessThanOrEqual(ttlMs + maxStaleMs)
          if (stale === undefined) expect(Number(ageMs)).toBeLessThan(ttlMs)
        }
      },
    ),
    { numRuns: 300 },
  )
})
