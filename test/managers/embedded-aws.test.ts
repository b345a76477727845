import { describe, expect, it } from 'vitest'
import { WebhookError } from '../../lib/errors.ts'
import { createEmbeddedAws } from '../../lib/managers/embedded-aws.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { CacheAnswer } from '../../lib/stores/cache.ts'
import { SecretBytes } from '../../lib/stores/secret-source.ts'
import { podServedBy, podAsking } from './decided.ts'
import { podFacts } from '../../lib/manager-testing/samples.ts'
import { plain, resolved } from './resolved.ts'

const labels = { organization: 'flyte', domain: 'development', project: 'flytesnacks' }
const names = {
  project: 'u__org__flyte__domain__development__project__flytesnacks__key__k',
  domain: 'u__org__flyte__domain__development__project____key__k',
  organization: 'u__org__flyte__domain____project____key__k',
}
const text = (value: string): CacheAnswer => ({
  kind: 'value',
  content: { kind: 'text', text: new SecretValue(value) },
  ageMs: 0,
  stale: false,
})
const binary = (...bytes: readonly number[]): CacheAnswer => ({
  kind: 'value',
  content: { kind: 'binary', bytes: new SecretBytes(Uint8Array.from(bytes)) },
  ageMs: 0,
  stale: false,
})
const fileMount = { image: 'busybox', resources: {}, containerName: 'init-embedded-secret' }

/** Creates the manager on a store with these secrets, and records the names that it asks for. */
const embedded = (
  secrets: Readonly<Record<string, CacheAnswer>>,
  allow?: readonly { organizations: string[]; projects: string[]; domains: string[] }[],
) => {
  const asked: string[] = []
  const cache = {
    get: async (name: string): Promise<CacheAnswer> => {
      asked.push(name)
      return secrets[name] ?? { kind: 'absent', ageMs: 0, stale: false }
    },
  }
  return {
    asked,
    manager: createEmbeddedAws({ envVarPrefix: '_UNION_', cache, fileMount, ...(allow ? { allow } : {}) }),
  }
}

const ask = (manager: ReturnType<typeof embedded>['manager'], fields: object = {}) =>
  resolved(manager, { key: 'k', ...fields }, podFacts({ labels }))

describe('Embedded of type AWS', () => {
  it.each([
    { what: 'the project', has: ['project', 'domain', 'organization'] as const, value: 'project', asked: 1 },
    { what: 'the domain', has: ['domain', 'organization'] as const, value: 'domain', asked: 2 },
    { what: 'the organization', has: ['organization'] as const, value: 'organization', asked: 3 },
  ])('takes the secret of $what if no narrower scope has it', async ({ has, value, asked: count }) => {
    const { manager, asked } = embedded(Object.fromEntries(has.map((scope) => [names[scope], text(scope)])))
    expect(await ask(manager, { envVar: 'K' })).toEqual({
      kind: 'found',
      wants: [plain('FLYTE_SECRETS_ENV_PREFIX', '_UNION_'), plain('K', value)],
    })
    expect(asked).toHaveLength(count)
  })

  it('does not ask a wider scope when the store fails', async () => {
    const error = new WebhookError('store-unavailable', 'throttled')
    const { manager } = embedded({
      [names.project]: { kind: 'failed', error },
      [names.domain]: text('wrong'),
    })
    expect(await ask(manager)).toEqual({ kind: 'failed', error })
  })

  it('leaves a secret that no scope has to others', async () => {
    expect(await ask(embedded({}).manager)).toMatchObject({ kind: 'not-mine' })
  })

  it('does not trust a stale answer that the secret is absent', async () => {
    const { manager } = embedded({ [names.domain]: { kind: 'absent', ageMs: 1e6, stale: true } })
    expect(await ask(manager)).toMatchObject({ kind: 'failed', error: { code: 'store-unavailable' } })
  })

  it('makes a variable of bytes only if they are UTF-8', async () => {
    const utf8 = await ask(embedded({ [names.project]: binary(0xc3, 0xbc) }).manager)
    expect(utf8.wants[1]).toEqual(plain('_UNION_K', 'ü'))
    const other = await ask(embedded({ [names.project]: binary(0xff) }).manager)
    expect(other).toMatchObject({ kind: 'failed', error: { code: 'store-refused' } })
  })

  it.each([
    { what: 'text', content: text('käse\n'), bytes: Buffer.from('käse\n') },
    { what: 'bytes', content: binary(0, 0xff, 10), bytes: Buffer.from([0, 0xff, 10]) },
    { what: 'no bytes', content: text(''), bytes: Buffer.alloc(0) },
  ])('writes a file of $what with one init container', async ({ content, bytes }) => {
    const { manager } = embedded({ [names.project]: content })
    const pod = await podServedBy(manager, podAsking({ key: 'k', mountRequirement: 'FILE' }))
    const [container] = pod.spec.initContainers
    expect(container.name).toBe('init-embedded-secret')
    expect(container.env.map(({ value = '' }) => value)).toContain(bytes.toString('base64'))
  })

  it('asks for no secret that the pod cannot claim', async () => {
    const { manager, asked } = embedded({ [names.project]: text('v') }, [
      { organizations: ['*'], projects: ['other'], domains: ['*'] },
    ])
    expect(await ask(manager)).toMatchObject({ kind: 'failed', error: { code: 'not-allowed' } })
    expect(asked).toEqual([])
    const own = embedded({ [names.project]: text('v') }, [
      { organizations: ['flyte'], projects: ['flyte*'], domains: ['development'] },
    ])
    expect(await ask(own.manager)).toMatchObject({ kind: 'found' })
  })
})
