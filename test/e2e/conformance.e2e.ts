import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparable, withHashedNames } from '../conformance/equality.ts'
import { cases, isSkipped } from '../conformance/recorded-cases.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { WebhookServer } from './webhook-server.ts'

const served = cases.filter((one) => !isSkipped(one))

/** The cases by the function that serves them: one for each profile, configuration, environment and set of files. */
const worldKey = ({ profile, config, environment, files }: Json): string =>
  JSON.stringify([profile, config, environment, files])
const worlds = new Map<string, { readonly name: string; readonly one: Json }>()
for (const one of served) {
  if (!worlds.has(worldKey(one))) worlds.set(worldKey(one), { name: `w${worlds.size}`, one })
}

describe.skipIf(assets === undefined)('recorded cases through a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  const counts = { stored: 0, denied: 0 }

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    for (const { name, one } of worlds.values()) {
      const sections = { ...one.config, function: { ...one.config?.function, profile: one.profile } }
      await webhooks.deploy(name, { sections, environment: one.environment, files: one.files })
    }
    const registered = [...worlds.values()].map(({ name }) =>
      webhookOf({ name, url: webhooks.urlOf(name), caBundle: webhooks.caBundle }),
    )
    await register(api, 'flyte-pod-webhook', registered)
    const { name: last = '', one } = [...worlds.values()].at(-1) ?? { one: {} }
    await until('the webhooks are called', async () => {
      await api.send('POST', `${pods}?dryRun=All`, inWorld(one.pod, last))
      return webhooks.calls.has(last)
    })
  }, 120_000)

  afterAll(async () => {
    console.log(
      `through the API server: ${counts.stored} cases stored, ${counts.denied} denied, ${worlds.size} functions`,
    )
    await Promise.all([api.stop(), webhooks.stop()])
  })

  it.each(served.map((one) => [one.id, one]))('%s', async (id, one) => {
    const world = worlds.get(worldKey(one))?.name ?? ''
    const pod = {
      ...inWorld(one.pod, world),
      metadata: { ...inWorld(one.pod, world).metadata, name: nameOf(id) },
    }
    if (one.expect.allowed) await expectStored(one, pod)
    else await expectDenied(one, pod)
  })

  const expectStored = async (one: Json, pod: Json): Promise<void> => {
    const made = await api.send('POST', pods, pod)
    expect(made.json).toMatchObject({ kind: 'Pod' })
    const stored = cleaned((await api.send('GET', `${pods}/${pod.metadata.name}`)).json)
    await api.send('DELETE', `${pods}/${pod.metadata.name}?gracePeriodSeconds=0`)
    const expected = await defaulted(one.expect.pod ?? one.pod, pod.metadata.name)
    const input = await defaulted(one.pod, pod.metadata.name)
    expect(comparable(withHashedNames(stored, expected), input)).toEqual(comparable(expected, input))
    counts.stored++
  }

  const expectDenied = async (one: Json, pod: Json): Promise<void> => {
    const { status, stderr } = await api.kubectl(['create', '-f', '-'], JSON.stringify(pod))
    expect(status).toBe(1)
    expect(stderr).toContain('denied the request')
    for (const name of one.expect.names) expect(stderr).toContain(name)
    expect((await api.send('GET', `${pods}/${pod.metadata.name}`)).status).toBe(404)
    counts.denied++
  }

  /** A pod under the API server's own defaults, without any webhook: it lacks the label that selects it. */
  const defaulted = async (pod: Json, name: string): Promise<Json> => {
    const text = JSON.stringify({ ...pod, metadata: { ...pod.metadata, name } }).replaceAll(
      '"HASHED"',
      '"hashed"',
    )
    const { json } = await api.send('POST', `${pods}?dryRun=All`, text)
    expect(json).toMatchObject({ kind: 'Pod' })
    return JSON.parse(JSON.stringify(cleaned(json)).replaceAll('"hashed"', '"HASHED"'))
  }
})

const nameOf = (id: string): string => id.replace(/[^a-z0-9]+/g, '-').replace(/-json$/, '')

/** Without what the API server makes anew for every object. */
const cleaned = ({ metadata, ...pod }: Json): Json => {
  const { uid, creationTimestamp, resourceVersion, managedFields, generation, ...kept } = metadata
  const { 'e2e-world': _, ...labels } = kept.labels
  return { ...pod, metadata: { ...kept, labels } }
}
