import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { SecretCache } from '../../lib/stores/cache.ts'
import {
  createGlobalSecretStore,
  type GlobalSecret,
  prefetchGlobalSecrets,
} from '../../lib/stores/global-secrets.ts'
import { SecretBytes, type Content, type Fetched } from '../../lib/stores/secret-source.ts'
import { failed, value } from '../support/fake-source.ts'

const signal = new AbortController().signal
const binary = (bytes: Uint8Array): Fetched => ({
  kind: 'value',
  content: { kind: 'binary', bytes: new SecretBytes(bytes) },
})

/** Creates a cache with secrets by ID that records what it is asked for. */
const cacheOf = (secrets: Readonly<Record<string, Fetched>>) => {
  const asked: string[] = []
  const cache: SecretCache = {
    get: async (name) => {
      asked.push(name)
      const fetched = secrets[name] ?? { kind: 'absent' }
      return fetched.kind === 'failed' ? fetched : { ...fetched, ageMs: 0, stale: false }
    },
  }
  return { asked, cache }
}

/** Returns a store's answer for a group and key: a value as its text, a failure as its code and message. */
const ask = async (
  entries: readonly GlobalSecret[],
  secrets: Readonly<Record<string, Fetched>>,
  [group, key]: readonly [string, string],
) => {
  const answer = await createGlobalSecretStore(entries, cacheOf(secrets).cache).get(group, key, signal)
  if (answer.kind === 'value') return answer.value.reveal()
  return answer.kind === 'failed' ? `${answer.error.code}: ${answer.error.message}` : answer.kind
}

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf'
const object = value(
  '{"password":"hunter2","Token":"a","TOKEN":"b","port":5432,"id":12345678901234567890,' +
    '"rate":1.50,"on":true,"none":null,"list":[1, 2.0],"nested":{"a":"b"},"empty":"","__proto__":"own"}',
)

describe('a secret that is a JSON object', () => {
  it.each([
    { key: 'password', found: 'hunter2' },
    { key: 'PassWord', found: 'hunter2' },
    { key: 'TOKEN', found: 'b' },
    { key: 'token', found: 'a' },
    { key: 'port', found: '5432' },
    { key: 'id', found: '12345678901234567890' },
    { key: 'rate', found: '1.50' },
    { key: 'on', found: 'true' },
    { key: 'none', found: 'null' },
    { key: 'list', found: '[1,2.0]' },
    { key: 'nested', found: '{"a":"b"}' },
    { key: 'empty', found: '' },
    { key: '__proto__', found: 'own' },
    { key: 'other', found: 'absent' },
    { key: 'toString', found: 'absent' },
  ])('maps $key to $found', async ({ key, found }) => {
    expect(await ask([{ secretId: 'db' }], { db: object }, ['db', key])).toBe(found)
  })

  it('has only its own keys, whatever the entry calls its key', async () => {
    expect(await ask([{ secretId: 'db', key: 'other' }], { db: object }, ['db', 'other'])).toBe('absent')
  })

  it.each(['\n {"k":"v"}\n', '{"k":"v"}'])('can have space around it: %j', async (text) => {
    expect(await ask([{ secretId: 'db' }], { db: value(text) }, ['db', 'k'])).toBe('v')
  })
})

describe('a secret that is not a JSON object', () => {
  const entry = { secretId: 'db', key: 'password' }

  it.each(['hunter2', '', '"quoted"', '12', 'null', '["list"]', '{"cut', '{} {}', '\ufeff{"k":"v"}'])(
    'is one value, as written: %j',
    async (text) => {
      expect(await ask([entry], { db: value(text) }, ['db', 'Password'])).toBe(text)
    },
  )

  it('has no other key', async () => {
    expect(await ask([entry], { db: value('hunter2') }, ['db', 'other'])).toBe('absent')
  })

  it('is refused if its entry has no key for it', async () => {
    expect(await ask([{ secretId: 'db' }], { db: value('hunter2') }, ['db', 'password'])).toBe(
      'store-refused: the secret "db" is not a JSON object: give it a key in function.globalSecrets.secretsManager',
    )
  })
})

describe('a binary secret', () => {
  it.each([
    { bytes: new TextEncoder().encode('{"password":"hunter2"}'), found: 'hunter2' },
    { bytes: new TextEncoder().encode('\ufeffgrün\r\n'), found: '\ufeffgrün\r\n' },
    { bytes: new Uint8Array(), found: '' },
    {
      bytes: new Uint8Array([0xff]),
      found: 'store-refused: the secret "db" is not UTF-8, so it cannot be the value of a variable',
    },
  ])('is text if it is UTF-8: $found', async ({ bytes, found }) => {
    expect(await ask([{ secretId: 'db', key: 'password' }], { db: binary(bytes) }, ['db', 'password'])).toBe(
      found,
    )
  })

  it('is never shown', () => {
    const bytes = new SecretBytes(new TextEncoder().encode('hunter2'))
    expect([`${bytes}`, JSON.stringify({ bytes }), inspect({ bytes })]).toEqual([
      '[redacted]',
      '{"bytes":"[redacted]"}',
      '{ bytes: [redacted] }',
    ])
  })
})

describe('the group of a secret', () => {
  it.each([
    { entry: { secretId: 'prod/db' }, group: 'prod/db' },
    { entry: { secretId: 'prod/db' }, group: 'PROD/DB' },
    { entry: { secretId: 'prod/db', group: 'database' }, group: 'Database' },
    { entry: { secretId: arn }, group: 'prod/db' },
    { entry: { secretId: arn, group: 'database' }, group: 'database' },
    { entry: { secretId: 'arn:aws:secretsmanager' }, group: 'arn:aws:secretsmanager' },
  ])('is $group for $entry', async ({ entry, group }) => {
    expect(await ask([entry], { [entry.secretId]: object }, [group, 'password'])).toBe('hunter2')
  })

  it.each([
    { entry: { secretId: 'prod/db', group: 'database' }, group: 'prod/db' },
    { entry: { secretId: arn }, group: arn },
    { entry: { secretId: arn }, group: 'db' },
  ])('is not $group for $entry, and nothing is fetched', async ({ entry, group }) => {
    const { asked, cache } = cacheOf({ [entry.secretId]: object })
    const answer = await createGlobalSecretStore([entry], cache).get(group, 'password', signal)
    expect(answer).toEqual({ kind: 'absent' })
    expect(asked).toEqual([])
  })

  it('can be that of several secrets: the first that has the key wins', async () => {
    const entries = [
      { secretId: 'one', group: 'db' },
      { secretId: 'two', group: 'DB' },
    ]
    const secrets = { one: value('{"user":"a"}'), two: value('{"user":"b","password":"hunter2"}') }
    expect(await ask(entries, secrets, ['db', 'user'])).toBe('a')
    expect(await ask(entries, secrets, ['db', 'password'])).toBe('hunter2')
    const down = { ...secrets, one: failed('store-unavailable') }
    expect(await ask(entries, down, ['db', 'password'])).toBe('store-unavailable: told store-unavailable')
  })
})

it('decodes each content of a secret once, however many keys are requested', async () => {
  const content: Content = {
    kind: 'binary',
    bytes: new SecretBytes(new TextEncoder().encode('{"a":"1","b":"2"}')),
  }
  let decoded = 0
  const text = content.bytes.text.bind(content.bytes)
  content.bytes.text = () => {
    decoded += 1
    return text()
  }
  const store = createGlobalSecretStore(
    [{ secretId: 'db' }],
    cacheOf({ db: { kind: 'value', content } }).cache,
  )
  for (const key of ['a', 'b', 'c']) await store.get('db', key, signal)
  expect(decoded).toBe(1)
})

describe('the start', () => {
  it('fetches every secret of the configuration, even if one fails', async () => {
    const { asked, cache } = cacheOf({ one: failed('store-unavailable'), two: object })
    await prefetchGlobalSecrets([{ secretId: 'one' }, { secretId: 'two' }], cache, signal)
    expect(asked).toEqual(['one', 'two'])
  })

  it('gives up with its own signal', async () => {
    const start = new AbortController()
    const endless: SecretCache = {
      get: (_name, until) =>
        new Promise((resolve) =>
          until.addEventListener('abort', () => resolve({ kind: 'absent', ageMs: 0, stale: false })),
        ),
    }
    const fetched = prefetchGlobalSecrets([{ secretId: 'one' }], endless, start.signal)
    start.abort()
    expect(await fetched).toBeUndefined()
  })

  it('gives up after three seconds', async () => {
    const begin = performance.now()
    const endless: SecretCache = {
      get: (_name, until) =>
        new Promise((resolve) =>
          until.addEventListener('abort', () => resolve({ kind: 'absent', ageMs: 0, stale: false })),
        ),
    }
    await prefetchGlobalSecrets([{ secretId: 'one' }], endless, signal)
    expect(performance.now() - begin).toBeGreaterThan(2_900)
    expect(performance.now() - begin).toBeLessThan(10_000)
  })
})
