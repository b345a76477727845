import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as sdk from '../../lib/stores/aws-sdk.ts'
import { createSecretsManager } from '../../lib/stores/secrets-manager.ts'
import { missing, type Says, startCountingStore, there, throttled } from '../support/counting-store.ts'
import { awsEnvironment } from '../support/moto.ts'
import { call, configFrom, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

const listed = Array.from({ length: 150 }, (_, index) => `g${index}`)
const config = configFrom({
  webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig: { type: 'AWS' } },
  function: {
    profile: 'flyte2',
    embedded: { allow: [{ organizations: ['*'], projects: ['*'], domains: ['*'] }] },
    globalSecrets: { secretsManager: listed.map((group) => ({ secretId: group, group, key: 'k' })) },
  },
})
const labels = { organization: 'o', domain: 'd', project: 'p' }
const embedded = (count: number, key = 'k') =>
  Array.from({ length: count }, (_, index) => ({ key: `${key}${index}`, env_var: `E${index}` }))
const global = (count: number) => listed.slice(0, count).map((group) => ({ group, key: 'k' }))

const tooMany =
  'the pod needs more than 100 calls to the store of its secrets: ask for fewer secrets in one pod'

describe('one pod', () => {
  let store: Awaited<ReturnType<typeof startCountingStore>>
  beforeEach(async () => {
    for (const [name, value] of Object.entries(awsEnvironment)) vi.stubEnv(name, value)
    store = await startCountingStore(() => missing)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    store.stop()
  })

  const inWorld = (says: Says) => {
    store.says = says
    const { webhook } = webhookIn({
      config,
      createSecretSource: (options) =>
        createSecretsManager(sdk, { ...options, endpoint: store.endpoint, random: () => 0 }),
    })
    /** Returns the answer for a pod with these secrets, and the number of calls it took. */
    return async (...secrets: object[]) => {
      store.calls = 0
      const pod = podAsking(...secrets)
      const review = reviewOf({
        ...pod,
        metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
      })
      const { status, json } = await call(webhook, review)
      const message: string = json.message ?? json.response.status?.message ?? 'allowed'
      return { status, code: json.response?.status?.code, message, calls: store.calls }
    }
  }

  it('makes at most 100 calls to Secrets Manager, and is denied if it needs more', async () => {
    const answer = await inWorld(() => missing)(...embedded(256))
    expect(answer).toMatchObject({ status: 200, code: 400, calls: 100 })
    expect(answer.message).toContain(tooMany)
  })

  it('that is denied for missing secrets costs no calls for the next 10 seconds', async () => {
    const ask = inWorld(() => missing)
    const first = await ask(...embedded(33))
    expect(first).toMatchObject({ code: 400, calls: 99 })
    expect(first.message).not.toContain(tooMany)
    expect(await ask(...embedded(33))).toEqual({ ...first, calls: 0 })
  })

  it.each([
    { what: '100 secrets of Embedded', secrets: embedded(100), allowed: true },
    { what: '101 secrets of Embedded', secrets: embedded(101), allowed: false },
    { what: '100 global secrets', secrets: global(100), allowed: true },
    { what: '101 global secrets', secrets: global(101), allowed: false },
    { what: '50 secrets of each', secrets: [...embedded(50), ...global(50)], allowed: true },
    {
      what: '51 secrets of one and 50 of the other',
      secrets: [...embedded(51), ...global(50)],
      allowed: false,
    },
    {
      what: 'one secret 256 times',
      secrets: Array.from({ length: 256 }, () => embedded(1)).flat(),
      allowed: true,
    },
  ])('that needs $what is allowed: $allowed', async ({ secrets, allowed }) => {
    const { message, calls } = await inWorld(() => there)(...secrets)
    if (allowed) expect(message).toBe('allowed')
    else expect(message).toContain(tooMany)
    expect(calls).toBeLessThanOrEqual(100)
  })

  it('makes no calls for cached values', async () => {
    const ask = inWorld(() => there)
    await ask(...embedded(100, 'a'))
    await ask(...embedded(100, 'b'))
    expect(await ask(...embedded(100, 'a'), ...embedded(100, 'b').map(({ key }) => ({ key })))).toMatchObject(
      {
        message: 'allowed',
        calls: 0,
      },
    )
  })

  it('makes no calls for names that are invalid in Secrets Manager', async () => {
    const answer = await inWorld(() => missing)(...embedded(256, 'k k'))
    expect(answer).toMatchObject({ code: 400, calls: 0 })
    expect(answer.message).not.toContain(tooMany)
  })

  it.each([
    { count: 40, status: 503, code: undefined },
    { count: 256, status: 200, code: 400 },
  ])('of $count secrets makes no more calls while the store throttles', async ({ count, status, code }) => {
    const answer = await inWorld(() => throttled)(...embedded(count))
    expect(answer).toMatchObject({ status, code })
    expect(answer.calls).toBe(100)
  })

  it('makes at most 20 calls at once', async () => {
    const ask = inWorld(() => there)
    store.waitFor = 20
    await ask(...embedded(100))
    expect(store.maxAtOnce).toBe(20)
  })
})
