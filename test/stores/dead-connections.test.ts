import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { createHandler } from '../../lib/gateway/handler.ts'
import * as sdk from '../../lib/stores/aws-sdk.ts'
import { createSecretsManager } from '../../lib/stores/secrets-manager.ts'
import { startCountingStore } from '../support/counting-store.ts'
import { lambdaContext, restEvent } from '../support/events.ts'
import { type DeadAnswer, FreezingNetwork } from '../support/freezing-network.ts'
import { awsEnvironment } from '../support/moto.ts'
import { patched } from '../support/patch.ts'
import { configFrom, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

interface Case {
  readonly manager: 'Embedded' | 'Global'
  /** The cache before the pod asks: empty, or holding an expired value. */
  readonly known: 'nothing' | 'an old value'
}

const cases: readonly Case[] = (['Embedded', 'Global'] as const).flatMap((manager) =>
  (['nothing', 'an old value'] as const).map((known) => ({ manager, known })),
)
/** The number of secrets in a first call, and the connections that they open. */
const pools = [
  { secrets: 1, connections: 1 },
  { secrets: 6, connections: 6 },
  { secrets: 16, connections: 16 },
  { secrets: 64, connections: 20 },
]
const names = Array.from({ length: 164 }, (_, index) => `n${index}`)
const says = (text: string) => () => ({ status: 200, body: { SecretString: text } })
const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text)

/** Stopped at the end of the file: vitest cannot assign a hook to one of several concurrent tests. */
const started: { readonly stop: () => void }[] = []

/** Starts a store behind a freezing network, with the AWS SDK as its client. */
const startStore = async (certificate?: Parameters<typeof startCountingStore>[1]) => {
  const store = await startCountingStore(says('before'), certificate)
  const network = await FreezingNetwork.start(store.port)
  started.push(network, store)
  const endpoint = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${network.port}`
  const createSecretSource = (options: { readonly region?: string }) =>
    createSecretsManager(sdk, { ...options, endpoint, random: () => 0.5 })
  /** Freezes the function: its connections die and the values change. */
  const freeze = (answer: DeadAnswer): void => {
    network.freeze(answer)
    store.says = says('after')
  }
  return { store, network, createSecretSource, freeze }
}

const configOf = ({ known }: Case) =>
  configFrom({
    webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig: { type: 'AWS' } },
    function: {
      profile: 'flyte2',
      embedded: { allow: [{ organizations: ['*'], projects: ['*'], domains: ['*'] }] },
      globalSecrets: {
        secretsManager: names.map((name) => ({ secretId: name, group: name, key: 'k' })),
        ...(known === 'an old value' && { ttlMs: 1 }),
      },
    },
  })

const podOf = ({ manager }: Case, asked: readonly string[]) => {
  const pod = podAsking(
    ...asked.map((name) =>
      manager === 'Global' ? { group: name, key: 'k' } : { key: name, env_var: `E_${name}` },
    ),
  )
  const labels = { ...pod.metadata.labels, organization: 'o', domain: 'd', project: 'p' }
  return { ...pod, metadata: { ...pod.metadata, labels } }
}

let certificate: { readonly cert: string; readonly key: string }
beforeAll(async () => {
  for (const [name, value] of Object.entries(awsEnvironment)) vi.stubEnv(name, value)
  const [dayMs, now] = [86_400_000, Date.now()]
  const { ca, cert, key } = await createCertificateChain({
    dnsNames: [],
    ipAddresses: ['127.0.0.1'],
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + dayMs),
  })
  certificate = { cert, key }
  setDefaultCACertificates([...getCACertificates('default'), ca])
})
afterAll(() => {
  for (const each of started) each.stop()
  vi.unstubAllEnvs()
})

// Silence means waiting for seconds, so these tests run concurrently.
describe.each([
  { answer: 'FIN', concurrent: false },
  { answer: 'RST', concurrent: false },
  { answer: 'silence', concurrent: true },
] as const)('if a dead connection answers with $answer', ({ answer, concurrent }) => {
  /** Freezes a function after one call for several secrets. Returns what later pods get from it. */
  const frozenAfter = async (
    { secrets, connections }: (typeof pools)[number],
    row: Case,
    isSecure = false,
  ) => {
    const { store, network, createSecretSource, freeze } = await startStore(
      isSecure ? certificate : undefined,
    )
    const { webhook, records } = webhookIn({ config: configOf(row), createSecretSource })
    const handler = createHandler(webhook)
    const ask = async (asked: readonly string[]) => {
      const pod = podOf(row, asked)
      const { statusCode, body } = await handler(restEvent({ body: reviewOf(pod) }), lambdaContext())
      expect({ statusCode, body }).toMatchObject({ statusCode: 200 })
      const { env } = patched(pod, JSON.parse(body)).spec.containers[0]
      const values = env.map(({ value }: { readonly value: string }) => value)
      return values.filter((value: string) => value === 'before' || value === 'after')
    }
    store.waitFor = connections
    expect(await ask(names.slice(0, secrets))).toEqual(times(secrets, 'before'))
    expect(network.open).toBe(connections)
    freeze(answer)
    const next = row.known === 'nothing' ? names.slice(secrets) : names
    return {
      network,
      /** Returns the values that a pod gets, and how many of them were stale. */
      askFor: async (wanted: number) => ({
        values: await ask(next.slice(0, wanted)),
        staleServed: records.at(-1)?.staleServed,
      }),
    }
  }

  it.each(cases.flatMap((row) => pools.map((pool) => ({ ...row, ...pool }))))(
    '$manager, which has cached $known, uses one of $connections and returns the new value',
    { concurrent },
    async ({ secrets, connections, ...row }) => {
      const { network, askFor } = await frozenAfter({ secrets, connections }, row)
      expect(await askFor(1)).toEqual({ values: ['after'], staleServed: 0 })
      expect(network.deadUsed).toBe(1)
    },
  )

  it('the function uses one of 16 over TLS and returns the new value', { concurrent }, async () => {
    const row: Case = { manager: 'Embedded', known: 'nothing' }
    const { network, askFor } = await frozenAfter({ secrets: 16, connections: 16 }, row, true)
    expect(await askFor(1)).toEqual({ values: ['after'], staleServed: 0 })
    expect(network.deadUsed).toBe(1)
  })

  it.each(cases)(
    '$manager, which has cached $known, uses all 20 at once and returns 100 new values',
    { concurrent },
    async (row) => {
      const { network, askFor } = await frozenAfter({ secrets: 20, connections: 20 }, row)
      expect(await askFor(100)).toEqual({ values: times(100, 'after'), staleServed: 0 })
      expect(network.deadUsed).toBe(20)
    },
  )
})

it('only one fetch is cut off on a silent connection', async () => {
  const { store, network, createSecretSource, freeze } = await startStore()
  const source = createSecretSource({})
  store.waitFor = 16
  await Promise.all(names.slice(0, 16).map((name) => source.fetch(name, AbortSignal.timeout(5_000))))
  expect(network.open).toBe(16)
  freeze('silence')
  expect(await source.fetch('n0', AbortSignal.timeout(300))).toMatchObject({ kind: 'failed' })
  expect(await source.fetch('n0', AbortSignal.timeout(1_500))).toMatchObject({ kind: 'value' })
  expect(network.deadUsed).toBe(1)
})
