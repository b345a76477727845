import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfigFile } from '../../infra/config/config-file.ts'
import { asking, fromField } from '../field/field.ts'
import { folderWith, shelf, shelfConfig } from '../managers/outside-folder.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { SecretsManagerServer } from './secrets-manager.ts'
import { WebhookServer } from './webhook-server.ts'

const flyte1 = { profile: 'flyte1' }
const flyte2 = { profile: 'flyte2' }
const worlds: Record<string, Json> = {
  k8s: {},
  aws: { webhook: { secretManagerType: 'AWS' } },
  cli: {
    webhook: { secretManagerType: 'AWS' },
    function: { ...flyte1, aws: { fetcher: 'cli' }, envFiles: true },
  },
  gcp: { webhook: { secretManagerType: 'GCP' }, function: { ...flyte2, envFiles: true } },
  azure: { webhook: { secretManagerType: 'Azure' }, function: { ...flyte1, envFiles: true } },
  vault: { webhook: { secretManagerType: 'Vault' } },
  embedded: {
    webhook: { embeddedSecretManagerConfig: { type: 'K8s', k8sConfig: { namespace } } },
    function: flyte2,
  },
}

const embeddedAws = {
  webhook: { embeddedSecretManagerConfig: { type: 'AWS', awsConfig: { region: 'us-east-1' } } },
  function: flyte2,
}
/** The worlds whose manager adds an init container, and those of them that make variables by env files. */
const withEnvFiles = ['cli', 'gcp', 'azure']
const pulling = ['aws', ...withEnvFiles, 'embedded', 'embedded-aws', 'outside']

const arn = { group: 'arn:aws:secretsmanager:us-east-2:111122223333:secret', key: 'db' }
const file = { group: 'db', group_version: '3', key: 'k', mount_requirement: 'FILE' }
const secrets: Record<string, Json> = { aws: arn, cli: arn }
const asVariable = (world: string): Json => ({
  ...(secrets[world] ?? file),
  mount_requirement: 'ENV_VAR',
})
const labels = { organization: 'flyte', domain: 'development', project: 'flytesnacks' }
const embeddedName = 'u__org__flyte__domain__development__project__flytesnacks__key__k'

/** What a pod as a whole can have. The last two are no resources, but they are there. */
const resources = [
  { limits: { cpu: '1m', memory: '1Mi' } },
  { requests: { cpu: '1m', memory: '1Mi' } },
  { limits: { cpu: '1', memory: '64Mi', 'hugepages-2Mi': '4Mi' } },
  {},
  { limits: {}, requests: {} },
]

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
  let store: SecretsManagerServer

  const create = (pod: Json, world: string, secret = secrets[world] ?? file) =>
    api.send('POST', pods, inWorld(named(asking(pod, secret)), world))

  beforeAll(async () => {
    ;[api, webhooks, store] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      SecretsManagerServer.start(),
    ])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    for (const [name, sections] of Object.entries(worlds))
      await webhooks.deploy(name, { sections: { function: flyte1, ...sections } })
    const environment = {
      AWS_ENDPOINT_URL: store.serve('store', { [embeddedName]: { string: 'value' } }),
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    }
    await webhooks.deploy('embedded-aws', { sections: embeddedAws, environment })
    const { config, remove } = await folderWith({
      'webhook.yaml': shelfConfig('./shelf.ts'),
      'shelf.ts': shelf,
    })
    await webhooks.deploy('outside', { loaded: await readConfigFile(config) })
    await remove()
    const registrations = [...Object.keys(worlds), 'embedded-aws', 'outside'].map((name) =>
      webhookOf({ name, url: webhooks.urlOf(name), caBundle: webhooks.caBundle }),
    )
    await register(api, 'flyte-pod-webhook', registrations)
    await until('the webhooks are called', async () => {
      await create({ metadata: {}, spec: { containers: [{ name: 'main', image: 'i' }] } }, 'k8s')
      return webhooks.calls.has('k8s')
    })
  }, 120_000)

  afterAll(async () => {
    await Promise.all([api.stop(), webhooks.stop(), store.stop()])
  })

  it.each(['k8s', 'vault', ...pulling])('are stored with their own resources, with %s', async (world) => {
    const field = await fromField('pod-level-resources/pod.yaml')
    const each = [field.spec.resources, ...resources]
    for (const own of each) {
      const { status, json } = await create({ ...field, spec: { ...field.spec, resources: own } }, world)
      expect({ own, status, message: json.message }).toEqual({ own, status: 201 })
      expect(json.spec.initContainers ?? []).toHaveLength(pulling.includes(world) ? 1 : 0)
      for (const container of json.spec.initContainers ?? [])
        expect(container).toMatchObject({ resources: {}, terminationMessagePolicy: 'FallbackToLogsOnError' })
    }
  })

  it.each(withEnvFiles)(
    'are stored with their own resources and variables from files, with %s',
    async (world) => {
      const pod = await fromField('pod-level-resources/pod.yaml')
      const { status, json } = await create(pod, world, asVariable(world))
      expect({ status, message: json.message }).toEqual({ status: 201 })
      expect(json.spec.initContainers).toMatchObject([
        { resources: {}, terminationMessagePolicy: 'FallbackToLogsOnError' },
      ])
    },
  )

  it.each(['vault', ...pulling])(
    'are denied for Windows because %s needs a Linux container',
    async (world) => {
      const windows = await fromField('windows-pod/pod.yaml')
      const asked = [undefined, ...(withEnvFiles.includes(world) ? [asVariable(world)] : [])]
      for (const secret of asked) {
        const { status, json } = await create(windows, world, secret)
        expect(status).toBe(400)
        expect(json.message).toContain('it needs a Linux container, but the pod is for Windows')
      }
    },
  )

  it.each(['k8s', 'embedded', 'embedded-aws'])(
    'are stored for Windows with a variable from %s',
    async (world) => {
      const { status, json } = await create(await fromField('windows-pod/pod.yaml'), world, asVariable(world))
      expect({ status, message: json.message }).toEqual({ status: 201 })
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

  it('are sent with labels that no pod can have, and denied for them', async () => {
    const pod = { metadata: {}, spec: { containers: [{ name: 'main', image: 'i' }] } }
    const { metadata, ...rest } = inWorld(named(asking(pod, file)), 'embedded-aws')
    const long = { ...metadata, labels: { ...metadata.labels, organization: 'o'.repeat(1_000_000) } }
    const { status, json } = await api.send('POST', pods, { ...rest, metadata: long })
    expect(status).toBe(400)
    expect(json.message).toContain('Kubernetes does not allow the value of the label organization')
  })

  it.each(['/', '/etc', 'etc/flyte', '/etc//flyte/.', '/etc/flyte/secrets/'])(
    'are denied if their own read-only mount at %s would keep a container from starting',
    async (mountPath) => {
      const volumeMounts = [{ name: 'conf', mountPath, readOnly: true }]
      const pod = {
        metadata: {},
        spec: {
          volumes: [{ name: 'conf', emptyDir: {} }],
          containers: [{ name: 'main', image: 'i', volumeMounts }],
        },
      }
      const { status, json } = await create(pod, 'k8s')
      expect(status).toBe(400)
      expect(json.message).toContain('it mounts its own volume conf read-only at /')
      // No task mounts the volume of an env file.
      const { json: stored } = await create(pod, 'gcp', asVariable('gcp'))
      expect(stored.spec?.containers[0].volumeMounts).toMatchObject(volumeMounts)
    },
  )
})
