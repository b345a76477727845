import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebhookError } from '../../lib/errors.ts'
import * as sdk from '../../lib/stores/aws-sdk.ts'
import { createSecretCache, type SecretCache } from '../../lib/stores/cache.ts'
import { systemClock } from '../../lib/stores/clock.ts'
import { createGlobalSecretStore, prefetchGlobalSecrets } from '../../lib/stores/global-secrets.ts'
import type { Fetched } from '../../lib/stores/secret-source.ts'
import { createSecretsManager, type SecretsManagerOptions } from '../../lib/stores/secrets-manager.ts'
import { shown } from '../support/fake-source.ts'
import { type Behaviour, FaultyProxy } from '../support/faulty-proxy.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'

const random = (): number => 0.5
const after = (ms: number): AbortSignal => AbortSignal.timeout(ms)
const throttling: Behaviour = { kind: 'error', status: 400, type: 'ThrottlingException' }
const denied = (message: string): Behaviour => ({
  kind: 'error',
  status: 400,
  type: 'AccessDeniedException',
  message,
})

/** Returns a fetched secret as text or bytes, or a failure in one line. */
const plain = (fetched: Fetched): string | Uint8Array => {
  if (fetched.kind === 'failed') return `${fetched.error.code}: ${fetched.error.message}`
  if (fetched.kind === 'absent') return fetched.kind
  const { content } = fetched
  return content.kind === 'text' ? content.text.reveal() : content.bytes.reveal()
}
const unavailable = 'store-unavailable: Secrets Manager did not return "db": try again'

describe.skipIf(!isMotoInstalled)('AWS Secrets Manager', () => {
  let moto: Moto
  let proxy: FaultyProxy
  const source = (options: Partial<SecretsManagerOptions> = {}) =>
    createSecretsManager(sdk, { endpoint: proxy.endpoint, random, ...options })
  const fetchDb = async (options: Partial<SecretsManagerOptions> = {}, signal = after(10_000)) =>
    plain(await source(options).fetch('db', signal))
  const put = (text: string) => moto.call('PutSecretValue', { SecretId: 'db', SecretString: text })
  const seed = () => moto.call('CreateSecret', { Name: 'db', SecretString: 'hunter2' })

  beforeAll(async () => {
    moto = await Moto.start()
    proxy = await FaultyProxy.start(moto.port)
  }, 60_000)
  afterAll(async () => {
    proxy.stop()
    await moto.stop()
  })
  beforeEach(async () => {
    for (const [name, value] of Object.entries(awsEnvironment)) vi.stubEnv(name, value)
    await seed()
    proxy.reset()
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' })
  })

  describe('returns', () => {
    it('text unchanged', async () => {
      const text = ' {"password": "grün $HOME"}\r\n\u{1f511}'
      await put(text)
      expect(await fetchDb()).toBe(text)
    })

    it.each([
      { what: 'not text', bytes: Buffer.from([0xff, 0x00, 0x80]) },
      { what: '64 KiB', bytes: Buffer.alloc(65_536, 0xfe) },
    ])('all bytes: $what', async ({ bytes }) => {
      await moto.call('CreateSecret', { Name: 'key', SecretBinary: bytes.toString('base64') })
      expect(Buffer.from(plain(await source().fetch('key', after(10_000))))).toEqual(bytes)
    })

    it('the current version', async () => {
      await put('hunter3')
      expect(await fetchDb()).toBe('hunter3')
    })

    it.each(['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_ENDPOINT_URL'])(
      'the secret at the endpoint of %s',
      async (name) => {
        vi.stubEnv(name, proxy.endpoint)
        const behind = createSecretsManager(sdk, { random })
        expect(plain(await behind.fetch('db', after(10_000)))).toBe('hunter2')
        expect(proxy.requests).toBe(1)
      },
    )

    it('the secret in the region of the options, not of the variable', async () => {
      expect(await fetchDb({ region: 'us-east-2' })).toBe('absent')
    })
  })

  describe('has no secret', () => {
    it('of an unknown name', async () => {
      expect(plain(await source().fetch('other', after(10_000)))).toBe('absent')
    })

    it('that is scheduled for deletion', async () => {
      await moto.call('DeleteSecret', { SecretId: 'db' })
      expect(await fetchDb()).toBe('absent')
    })

    it.each([
      '',
      'a b',
      'd:b',
      'ü',
      'db\n',
      'n'.repeat(513),
      'arn:aws:ssm:eu-west-1:123456789012:secret:db-AbCdEf',
    ])('of an invalid name, and is not asked: %j', async (name) => {
      expect(plain(await source().fetch(name, after(10_000)))).toBe('absent')
      expect(proxy.requests).toBe(0)
    })

    it.each([
      'aZ0/_+=.@!-',
      'n'.repeat(512),
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf',
    ])('but is asked for any valid name: %s', async (name) => {
      await source().fetch(name, after(10_000))
      expect(proxy.requests).toBe(1)
    })
  })

  describe('refuses', () => {
    const read =
      'store-refused: the function cannot read "db": grant its role secretsmanager:GetSecretValue on it'
    const decrypt = `store-refused: Secrets Manager cannot decrypt "db": grant the function's role kms:Decrypt on its key`
    it.each<{ behaviour: Behaviour; said: string }>([
      { behaviour: denied('User: arn:aws:sts::1:role/a is not authorized to perform this'), said: read },
      { behaviour: denied('Access to KMS is not allowed'), said: decrypt },
      { behaviour: { kind: 'error', status: 400, type: 'DecryptionFailure' }, said: decrypt },
      {
        behaviour: { kind: 'error', status: 400, type: 'ExpiredTokenException' },
        said: 'store-refused: Secrets Manager refused to return "db": ExpiredTokenException',
      },
    ])('once, with a remedy: $said', async ({ behaviour, said }) => {
      proxy.behaviour = behaviour
      expect(await fetchDb()).toBe(said)
      expect(proxy.requests).toBe(1)
    })

    it.each([
      {
        unset: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
        said: 'store-refused: cannot read "db": the function has no AWS credentials',
      },
      {
        unset: ['AWS_REGION'],
        said: 'store-refused: cannot read "db": set AWS_REGION or function.aws.region',
      },
    ])('to be asked without $unset', async ({ unset, said }) => {
      for (const name of unset) vi.stubEnv(name, undefined)
      for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null')
      expect(await fetchDb()).toBe(said)
    })
  })

  describe('is asked again', () => {
    it.each<{ what: string; behaviour: Behaviour }>([
      { what: 'it throttles', behaviour: throttling },
      { what: 'it answers 500', behaviour: { kind: 'error', status: 500, type: 'InternalServiceError' } },
      { what: 'it answers 503', behaviour: { kind: 'error', status: 503, type: 'ServiceUnavailable' } },
      { what: 'the connection breaks', behaviour: { kind: 'reset' } },
      { what: 'it does not answer', behaviour: { kind: 'hang', after: 'request' } },
      { what: 'its answer stops in the middle', behaviour: { kind: 'hang', after: 'headers' } },
      { what: 'its answer is not JSON', behaviour: { kind: 'answer', body: '<html>' } },
      { what: 'its answer holds no secret', behaviour: { kind: 'answer', body: '{}' } },
    ])('when $what, and each failed attempt is reported', async ({ behaviour }) => {
      proxy.next = [behaviour, behaviour]
      const mayRepeat = vi.fn<(error: WebhookError) => boolean>(() => true)
      expect(plain(await source().fetch('db', after(10_000), mayRepeat))).toBe('hunter2')
      expect(mayRepeat).toHaveBeenCalledTimes(2)
      expect(proxy.requests).toBe(3)
    })

    it('only if allowed', async () => {
      proxy.behaviour = throttling
      expect(plain(await source().fetch('db', after(10_000), () => false))).toBe(unavailable)
      expect(proxy.requests).toBe(1)
    })

    it('in an outage of any length, until the signal', async () => {
      proxy.behaviour = throttling
      const shared = source()
      // More than the SDK's retry budget for all calls of a client: 500. A retry costs 5 to 14.
      for (let call = 0; call < 4; call += 1)
        await Promise.all(Array.from({ length: 20 }, () => shared.fetch('db', after(600))))
      expect(proxy.requests).toBeGreaterThan(200)
      proxy.reset()
      proxy.next = [throttling]
      expect(plain(await shared.fetch('db', after(10_000)))).toBe('hunter2')
    })
  })

  describe('is not waited for after the signal', () => {
    it.each<{ what: string; behaviour: Behaviour; requests: number }>([
      { what: 'does not answer', behaviour: { kind: 'hang', after: 'request' }, requests: 1 },
      { what: 'stops in the middle', behaviour: { kind: 'hang', after: 'headers' }, requests: 1 },
      { what: 'is slow', behaviour: { kind: 'pass', afterMs: 1_500 }, requests: 1 },
      { what: 'throttles', behaviour: throttling, requests: 2 },
    ])('when it $what', async ({ behaviour, requests }) => {
      proxy.behaviour = behaviour
      const begin = performance.now()
      expect(await fetchDb({}, after(500))).toBe(unavailable)
      expect(performance.now() - begin).toBeGreaterThan(450)
      expect(performance.now() - begin).toBeLessThan(1_900)
      expect(proxy.requests).toBeGreaterThanOrEqual(requests)
    })

    it('and the log names the failure before the end', async () => {
      proxy.next = [throttling]
      proxy.behaviour = { kind: 'hang', after: 'request' }
      const fetched = await source().fetch('db', after(500))
      expect(fetched).toMatchObject({ kind: 'failed', error: { cause: { name: 'ThrottlingException' } } })
    })
  })

  it.each<Behaviour>([
    { kind: 'answer', body: '{"SecretString": "hunter2' },
    { kind: 'answer', body: 'hunter2' },
    { kind: 'hang', after: 'headers' },
  ])('leaves no part of a broken answer in an error: %o', async (behaviour) => {
    proxy.behaviour = behaviour
    const fetched = await source().fetch('db', after(2_500))
    expect(fetched.kind).toBe('failed')
    expect(inspect(fetched, { depth: 20, showHidden: true })).not.toContain('hunter2')
  })

  describe('with the cache', () => {
    const ttlMs = 60_000
    let passedMs = 0
    const cached = (): SecretCache =>
      createSecretCache(source(), {
        ttlMs,
        maxStaleMs: ttlMs,
        clock: { ...systemClock, now: () => 1_000_000 + passedMs },
        random,
      })
    /** Returns the cache's answer and its time. */
    const ask = async (cache: SecretCache, signal = after(5_000)) => {
      const begin = performance.now()
      const said = shown(await cache.get('db', signal))
      return { said, tookMs: performance.now() - begin }
    }
    beforeEach(() => {
      passedMs = 0
    })

    it('is asked once for a thousand concurrent look-ups', async () => {
      const cache = cached()
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(cache)))
      expect(new Set(answers.map(({ said }) => said))).toEqual(new Set(['hunter2 0']))
      expect(proxy.requests).toBe(1)
    })

    it('shows a rotation to the first call after one time to live', async () => {
      const cache = cached()
      await ask(cache)
      await put('rotated')
      expect((await ask(cache)).said).toBe('hunter2 0')
      passedMs = ttlMs
      expect((await ask(cache)).said).toBe('rotated 0')
    })

    it('shows a deletion', async () => {
      const cache = cached()
      await ask(cache)
      await moto.call('DeleteSecret', { SecretId: 'db' })
      passedMs = ttlMs
      expect((await ask(cache)).said).toBe('absent 0')
    })

    it('delays no call for more than 300 ms if it is slow and the value is fresh', async () => {
      const cache = cached()
      await ask(cache)
      proxy.behaviour = { kind: 'pass', afterMs: 1_500 }
      passedMs = ttlMs / 2
      const { said, tookMs } = await ask(cache)
      expect(said).toBe(`hunter2 ${ttlMs / 2}`)
      expect(tookMs).toBeLessThan(1_400)
    })

    it('is waited for if it is slow and the value is old', async () => {
      const cache = cached()
      await ask(cache)
      await put('rotated')
      proxy.behaviour = { kind: 'pass', afterMs: 1_500 }
      passedMs = ttlMs
      expect((await ask(cache)).said).toBe('rotated 0')
    })

    describe('in an outage', () => {
      it.each([
        { what: 'throttles', during: async () => void (proxy.behaviour = throttling) },
        { what: 'is down', during: () => moto.stop() },
      ])(
        'where it $what: cold caches fail in time, warm ones keep working, and both recover',
        async ({ during }) => {
          const [cold, warm] = [cached(), cached()]
          await ask(warm)
          await during()
          const first = await ask(cold, after(1_000))
          expect(first.said).toBe('store-unavailable')
          expect(first.tookMs).toBeLessThan(4_000)

          for (const [agedMs, said] of [
            [ttlMs / 2, `hunter2 ${ttlMs / 2}`],
            [ttlMs, `hunter2 ${ttlMs} stale`],
            [ttlMs * 2, `hunter2 ${ttlMs * 2} stale`],
          ] as const) {
            passedMs = agedMs
            const answer = await ask(warm)
            expect(answer.said).toBe(said)
            expect(answer.tookMs).toBeLessThan(3_000)
          }
          passedMs = ttlMs * 2 + 1
          expect((await ask(warm, after(500))).said).toBe('store-unavailable')

          proxy.reset()
          if ((await fetch(moto.endpoint).catch(() => undefined)) === undefined) {
            await moto.start()
            await seed()
          }
          expect((await ask(cold)).said).toBe('hunter2 0')
          expect((await ask(warm)).said).toBe('hunter2 0')
        },
      )
    })

    it('serves global secrets from the start', async () => {
      await put('{"password": "hunter2"}')
      const [entries, cache] = [[{ secretId: 'db' }], cached()]
      const store = createGlobalSecretStore(entries, cache)
      await prefetchGlobalSecrets(entries, cache, after(5_000))
      proxy.behaviour = denied('not any more')
      const answer = await store.get('DB', 'password', after(5_000))
      expect(answer.kind === 'value' && answer.value.reveal()).toBe('hunter2')
      expect(proxy.requests).toBe(1)
    })
  })
})
