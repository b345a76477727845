import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asking, fromField } from '../field/field.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { WebhookServer } from './webhook-server.ts'

const flyte1 = { profile: 'flyte1' }
const flyte2 = { profile: 'flyte2' }
const worlds: Record<string, Json> = {
  k8s: {},
  aws: { webhook: { secretManagerType: 'AWS' } },
  cli: { webhook: { secretManagerType: 'AWS' }, function: { aws: { fetcher: 'cli' } } },
  gcp: { webhook: { secretManagerType: 'GCP' } },
  azure: { webhook: { secretManagerType: 'Azure' } },
  vault: { webhook: { secretManagerType: 'Vault' } },
  embedded: {
    webhook: { embeddedSecretManagerConfig: { type: 'K8s', k8sConfig: { namespace } } },
    function: flyte2,
  },
}

const arn = { group: 'arn:aws:secretsmanager:us-east-2:111122223333:secret', key: 'db' }
const file = { group: 'db', group_version: '3', key: 'k', mount_requirement: 'FILE' }
const secrets: Record<string, Json> = { aws: arn, cli: arn }
const labels = { organization: 'flyte', domain: 'development', project: 'flytesnacks' }

let lastName = 0
const named = (pod: Json): Json => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    name: `field-${++lastName}`,
    namespace,
    labels: { ...pod.metadata.labels, ...labels },
  },
})

describe.skipIf(assets === undefined)('pods of the field at a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer

  const create = (pod: Json, world: string) =>
    api.send('POST', pods, inWorld(named(asking(pod, secrets[world] ?? file)), world))

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    for (const [name, sections] of Object.entries(worlds))
      await webhooks.deploy(name, { sections: { function: flyte1, ...sections } })
    const registrations = Object.keys(worlds).map((name) =>
      webhookOf({ name, url: webhooks.urlOf(name), caBundle: webhooks.caBundle }),
    )
    await register(api, 'flyte-pod-webhook', registrations)
    await until('the webhooks are called', async () => {
      await create({ metadata: {}, spec: { containers: [{ name: 'main', image: 'i' }] } }, 'k8s')
      return webhooks.calls.has('k8s')
    })
  }, 120_000)

  afterAll(async () => {
    await Promise.all([api.stop(), webhooks.stop()])
  })

  it.each(['k8s', 'aws', 'cli', 'gcp', 'azure', 'vault', 'embedded'])(
    'are stored with their own resources, with %s',
    async (world) => {
      const { status, json } = await create(await fromField('pod-level-resources/pod.yaml'), world)
      expect({ status, message: json.message }).toEqual({ status: 201 })
      for (const container of json.spec.initContainers ?? []) {
        expect(container.resources).toEqual({})
        expect(container.terminationMessagePolicy).toBe('FallbackToLogsOnError')
      }
    },
  )

  it.each(['aws', 'cli', 'gcp', 'azure', 'vault', 'embedded'])(
    'are denied for Windows because %s needs a Linux container',
    async (world) => {
      const { status, json } = await create(await fromField('windows-pod/pod.yaml'), world)
      expect(status).toBe(400)
      expect(json.message).toContain('it needs a Linux container, but the pod is for Windows')
    },
  )

  it('are stored for Windows with K8s', async () => {
    const { status, json } = await create(await fromField('windows-pod/pod.yaml'), 'k8s')
    expect({ status, message: json.message }).toEqual({ status: 201 })
  })

  it.each(['pod.yaml', 'pod-own-secret.yaml'])(
    'are stored with their own files from Vault (%s)',
    async (pod) => {
      const { status, json } = await create(await fromField(`vault-own-volume-path/${pod}`), 'vault')
      expect({ status, message: json.message }).toEqual({ status: 201 })
      const places = Object.entries(json.metadata.annotations).filter(([key]) =>
        /secret-volume-path-.{41}$/.test(key),
      )
      expect(places.map(([, place]) => place)).toEqual(['/etc/flyte/secrets'])
    },
  )

  it('are denied if their own read-only mount would keep a container from starting', async () => {
    const pod = {
      metadata: {},
      spec: {
        volumes: [{ name: 'conf', emptyDir: {} }],
        containers: [
          {
            name: 'main',
            image: 'i',
            volumeMounts: [{ name: 'conf', mountPath: '/etc/flyte', readOnly: true }],
          },
        ],
      },
    }
    const { status, json } = await create(pod, 'k8s')
    expect(status).toBe(400)
    expect(json.message).toContain('it mounts its own volume conf read-only at /etc/flyte')
  })
})
