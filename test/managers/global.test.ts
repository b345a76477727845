import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { createGlobal } from '../../lib/managers/global.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import { variableName } from '../../lib/request/names.ts'
import { createEnvironmentStore } from '../../lib/stores/environment.ts'
import { absent, type SecretStore, type StoreAnswer } from '../../lib/stores/secret-store.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'
import { plain, resolved } from './resolved.ts'

const value = (text: string): StoreAnswer => ({ kind: 'value', value: new SecretValue(text) })
const failed: StoreAnswer = { kind: 'failed', error: new WebhookError('store-unavailable', 'try again') }

/** Creates a store with one answer, which records what it is asked for. */
const storeSaying = (answer: StoreAnswer | Promise<StoreAnswer>): SecretStore & { asked: unknown[] } => {
  const asked: unknown[] = []
  return { asked, get: (...question) => (asked.push(question), answer) }
}

const globalOf = (...stores: SecretStore[]) => createGlobal({ envVarPrefix: '_FSEC_', stores })
const request = { group: 'Db', key: 'Password' }

describe('a global secret', () => {
  it('is a plain variable, plus the requested one', async () => {
    const global = globalOf(storeSaying(value('hunter2')))
    const own = [plain('FLYTE_SECRETS_ENV_PREFIX', '_FSEC_'), plain('_FSEC_DB_PASSWORD', 'hunter2')]
    expect(await resolved(global, request)).toEqual({ kind: 'found', wants: own })
    expect(await resolved(global, { ...request, mountRequirement: 'ENV_VAR', envVar: 'PASSWORD' })).toEqual({
      kind: 'found',
      wants: [...own, plain('PASSWORD', 'hunter2')],
    })
  })

  it('can be empty', async () => {
    const { wants } = await resolved(globalOf(storeSaying(value(''))), request)
    expect(wants[1]).toEqual(plain('_FSEC_DB_PASSWORD', ''))
  })

  it('is asked for as written, with the signal of the call', async () => {
    const store = storeSaying(absent)
    const { signal } = new AbortController()
    await globalOf(store).resolve(requestOf(request), podFacts(), signal)
    expect(store.asked).toEqual([['Db', 'Password', signal]])
  })

  it('comes from the first store that has it, without asking the rest', async () => {
    const [none, first, second] = [absent, value('first'), value('second')].map((answer) =>
      storeSaying(Promise.resolve(answer)),
    ) as [SecretStore, SecretStore, ReturnType<typeof storeSaying>]
    const { wants } = await resolved(globalOf(none, first, second), request)
    expect(wants[1]).toEqual(plain('_FSEC_DB_PASSWORD', 'first'))
    expect(second.asked).toEqual([])
  })

  it('is not taken from a store after one that failed', async () => {
    const second = storeSaying(value('of another time'))
    expect(await resolved(globalOf(storeSaying(failed), second), request)).toEqual(failed)
    expect(second.asked).toEqual([])
  })

  it.each([
    { fields: { group: '' }, reason: 'it needs a group and a key' },
    { fields: { key: '' }, reason: 'it needs a group and a key' },
    {
      fields: { mountRequirement: 'FILE' as const },
      reason: 'it makes only variables, but the request wants a file',
    },
  ])('is not asked for: $reason', async ({ fields, reason }) => {
    const store = storeSaying(value('hunter2'))
    expect(await resolved(globalOf(store), { ...request, ...fields })).toEqual({ kind: 'not-mine', reason })
    expect(store.asked).toEqual([])
  })

  it('is not mine if no store has it', async () => {
    const reason = 'it has no secret with this group and key'
    expect(await resolved(globalOf(storeSaying(absent)), request)).toEqual({ kind: 'not-mine', reason })
    expect(await resolved(globalOf(), request)).toEqual({ kind: 'not-mine', reason })
  })
})

describe('a guarded variable', () => {
  const names = fc.string({ unit: fc.constantFrom('a', 'B', 'ß', 's', '_', '_'), minLength: 1, maxLength: 5 })
  const patterns = fc.string({
    unit: fc.constantFrom('a', 'b', 'ß', 's', '_', '*'),
    minLength: 1,
    maxLength: 4,
  })
  const rule = fc.record({
    groups: fc.array(patterns, { minLength: 1, maxLength: 3 }),
    namespaces: fc.subarray(['one', 'two'], { minLength: 1 }),
  })
  /** Returns every group and key that a variable can stand for. */
  const readingsOf = (name: string) =>
    [...name].flatMap((character, at) =>
      character === '_' && at > 0 && at < name.length - 1
        ? [{ group: name.slice(0, at), key: name.slice(at + 1) }]
        : [],
    )

  it('is given only to pods allowed to have it under every other reading', async () => {
    let given = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record({ group: names, key: names }),
        fc.array(rule, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('one', 'two'),
        async (asked, allow, namespace) => {
          const name = variableName('', asked.group, asked.key)
          const store = createEnvironmentStore('P_', { [`P_${name}`]: 'hunter2' })
          const global = createGlobal({ envVarPrefix: '_FSEC_', stores: [store], allow })
          const pod = { ...podFacts(), namespace }
          const { kind } = await resolved(global, asked, pod)
          if (kind !== 'found') return
          given += 1
          for (const reading of readingsOf(name))
            expect(await resolved(global, reading, pod)).not.toMatchObject({ error: { code: 'not-allowed' } })
        },
      ),
      { numRuns: 5_000 },
    )
    expect(given).toBeGreaterThan(50)
  })
})
