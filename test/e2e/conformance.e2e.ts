import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparable, withHashedNames } from '../conformance/equality.ts'
import { cases as recorded, ownCases } from '../conformance/recorded-cases.ts'
import type { Json } from '../support/pods.ts'
import { injectedByVault } from '../support/vault-injector.ts'
import { podAsking } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook } from './other-webhook.ts'
import { guard, inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { SecretsManagerServer } from './secrets-manager.ts'
import { cleaned, defaulted } from './stored-pod.ts'
import { WebhookServer } from './webhook-server.ts'

const cases: readonly Json[] = [
  ...recorded,
  // Vault's injector runs after this webhook: the pods do not have its volume yet.
  ...ownCases.map((one) => ({ ...one, isInjected: true })),
]

/** Groups the cases by function: one for each profile, configuration, environment, set of files and store. */
const worldKey = ({ profile, config, environment, files, store, isInjected }: Json): string =>
  JSON.stringify([profile, config, environment, files, store, isInjected])
const worlds = new Map<string, { readonly name: string; readonly one: Json }>()
for (const one of cases) {
  if (!worlds.has(worldKey(one))) worlds.set(worldKey(one), { name: `w${worlds.size}`, one })
}

describe.skipIf(assets === undefined)('cases through a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let secrets: SecretsManagerServer
  let injector: OtherWebhook
  const counts = { stored: 0, denied: 0, unavailable: 0 }

  beforeAll(async () => {
    ;[api, webhooks, secrets, injector] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      SecretsManagerServer.start(),
      OtherWebhook.start(),
    ])
    injector.mutate = injectedByVault
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    for (const { name, one } of worlds.values()) {
      const endpoint = secrets.serve(name, one.store)
      const own = { profile: one.profile, aws: { ...one.config?.function?.aws, endpoint } }
      const sections = { ...one.config, function: { ...one.config?.function, ...own } }
      await webhooks.deploy(name, {
        sections,
        environment: { ...credentials, ...one.environment },
        files: one.files,
      })
    }
    const registered = [...worlds.values()].map(({ name }) =>
      webhookOf({ name, url: webhooks.urlOf(name), caBundle: webhooks.caBundle }),
    )
    await register(api, 'flyte-pod-webhook', registered)
    const injected = [...worlds.values()].filter(({ one }) => one.isInjected).map(({ name }) => name)
    const matchExpressions = [{ key: 'e2e-world', operator: 'In', values: injected }]
    await register(api, 'vault-agent-injector-cfg', [
      { ...injector.webhook('vault.hashicorp.com'), objectSelector: { matchExpressions } },
    ])
    // Proves that the guard refuses no served pod.
    await guard(api)
    await until('the guard refuses an unserved pod', async () => {
      const unserved = inWorld(podAsking({ group: 'db', key: 'password' }), 'nobody')
      unserved.metadata.name = 'unserved'
      return (await api.send('POST', `${pods}?dryRun=All`, unserved)).status === 403
    })
    const { name: last = '', one } = [...worlds.values()].at(-1) ?? { one: {} }
    await until('the webhooks are called', async () => {
      await api.send('POST', `${pods}?dryRun=All`, inWorld(one.pod, last))
      return webhooks.calls.has(last)
    })
  }, 120_000)

  afterAll(async () => {
    console.log(
      `through the API server: ${counts.stored} cases stored, ${counts.denied} denied, ${counts.unavailable} unavailable, ${worlds.size} functions`,
    )
    injector.stop()
    await Promise.all([api.stop(), webhooks.stop(), secrets.stop()])
  })

  it.each(cases.map((one) => [one.id, one]))('%s', async (id, one) => {
    const world = worlds.get(worldKey(one))?.name ?? ''
    const pod = {
      ...inWorld(one.pod, world),
      metadata: { ...inWorld(one.pod, world).metadata, name: nameOf(id) },
    }
    if (one.expect.http !== undefined) await expectUnavailable(pod)
    else if (one.expect.allowed) await expectStored(one, pod)
    else await expectDenied(one, pod)
  })

  const expectStored = async (one: Json, pod: Json): Promise<void> => {
    const made = await api.send('POST', pods, pod)
    expect(made.json).toMatchObject({ kind: 'Pod' })
    const { json: kept } = await api.send('GET', `${pods}/${pod.metadata.name}`)
    await api.send('DELETE', `${pods}/${pod.metadata.name}?gracePeriodSeconds=0`)
    const stored = cleaned(kept)
    const wanted = one.expect.pod ?? one.pod
    const after = one.isInjected ? injectedByVault(wanted) : wanted
    const expected = await defaulted(api, after, pod.metadata.name)
    const input = await defaulted(api, one.pod, pod.metadata.name)
    expect(comparable(withHashedNames(stored, expected), input)).toEqual(comparable(expected, input))
    const { uid, resourceVersion, ...metadata } = kept.metadata
    const again = await api.send('POST', `${pods}?dryRun=All`, { ...kept, metadata })
    expect(cleaned(again.json)).toEqual(stored)
    counts.stored++
  }

  const expectUnavailable = async (pod: Json): Promise<void> => {
    const { status, stderr } = await api.kubectl(['create', '-f', '-'], JSON.stringify(pod))
    expect(status).toBe(1)
    expect(stderr).not.toContain('https://')
    expect((await api.send('GET', `${pods}/${pod.metadata.name}`)).status).toBe(404)
    counts.unavailable++
  }

  const expectDenied = async (one: Json, pod: Json): Promise<void> => {
    const { status, stderr } = await api.kubectl(['create', '-f', '-'], JSON.stringify(pod))
    expect(status).toBe(1)
    expect(stderr).toContain('denied the request')
    for (const name of one.expect.names) expect(stderr).toContain(name)
    expect((await api.send('GET', `${pods}/${pod.metadata.name}`)).status).toBe(404)
    counts.denied++
  }
})

/** The SDK requires credentials, even for this server. */
const credentials = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-2' }

const nameOf = (id: string): string => id.replace(/[^a-z0-9]+/g, '-').replace(/-json$/, '')
