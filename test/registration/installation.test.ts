import { inspect } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { ApiFailure, type Cluster } from '../../infra/kubernetes/cluster.ts'
import { install, refuseInClusterWebhook, uninstall } from '../../infra/registration/installation.ts'
import { whyNotOurs } from '../../infra/registration/ownership.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import { configOf } from '../support/webhook.ts'

const url = 'https://h.example/prod/production/abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJK-0123/mutate--v1-pod'
const registration = createRegistration(configOf(''), { url })

/** Creates an empty cluster that records its calls. */
const emptyCluster = (changes: Partial<Cluster>) => {
  const asked: string[] = []
  const cluster: Cluster = {
    kubeConfig: new KubeConfig(),
    version: async () => 'v1.30.0',
    date: async () => undefined,
    read: async ({ kind }) => void asked.push(`read ${kind}`),
    readSecretMetadata: async () => undefined,
    list: async () => [],
    apply: async (object) => object,
    merge: async (object) => object,
    create: async (object) => object,
    remove: async () => false,
    ...changes,
  }
  return { cluster, asked }
}

describe('an API server that refuses a registration', () => {
  it('quotes its URL, but never the token', async () => {
    const message = `clientConfig.url: Invalid value: "${url}": no`
    const refuse = () =>
      Promise.reject(new ApiFailure(message, { code: 422, reason: 'Invalid', cause: new Error(message) }))
    const { cluster } = emptyCluster({ apply: refuse })
    const options = { force: false, dryRun: false }
    const error: unknown = await install(cluster, [registration], options).catch(
      (failure: unknown) => failure,
    )
    expect(inspect(error)).toContain('clientConfig.url: Invalid value: "https://h.example/prod/')
    expect(inspect(error)).not.toContain('abcdefghijklmnopqrstuvwxyz')
  })
})

describe('a cluster older than ValidatingAdmissionPolicy', () => {
  it('is not searched for a guard', async () => {
    const { cluster, asked } = emptyCluster({ version: async () => 'v1.29.8-eks-a737599' })
    expect(await uninstall(cluster, { force: false, dryRun: false })).toEqual([])
    expect(asked).toEqual(['read MutatingWebhookConfiguration'])
  })
})

describe('an object of the cluster', () => {
  const ours = { manager: 'flyte-webhook', operation: 'Apply' }
  const service = { name: 'flyte-pod-webhook', namespace: 'flyte' }
  const calling = [{ ...registration.webhooks?.[0], clientConfig: { service } }]

  it.each([
    { what: 'created by this project', managedFields: [ours], why: undefined },
    {
      what: 'with a status that a controller writes',
      managedFields: [ours, { manager: 'kube-controller-manager', subresource: 'status' }],
      why: undefined,
    },
    { what: 'of an unknown owner', managedFields: [], why: 'its owner is unknown' },
    {
      what: 'of another owner',
      managedFields: [{ manager: 'argocd' }],
      why: 'argocd owns some of its fields',
    },
    {
      what: 'that another manager has changed',
      managedFields: [ours, { manager: 'kubectl-edit' }],
      why: 'kubectl-edit owns some of its fields',
    },
  ])('$what: $why', ({ managedFields, why }) => {
    expect(whyNotOurs({ metadata: { managedFields } })).toBe(why)
  })

  it('that calls a Service belongs to another webhook, whoever created it', () => {
    expect(whyNotOurs({ metadata: { managedFields: [ours] }, webhooks: calling as never })).toBe(
      "it calls the Service flyte/flyte-pod-webhook, as Flyte's own webhook does",
    )
  })
})

describe('registering beside Flyte’s own webhook, under any name', () => {
  const config = configOf('function: {registration: {namespaceSelector: {matchLabels: {team: a}}}}')
  const service = { name: 'flyte-binary-webhook', namespace: 'flyte' }
  const namespaces = ['a', 'b'].map((team) => ({ metadata: { name: team, labels: { team } } }))
  const registerBeside = (changes: object) => {
    const webhook = { ...registration.webhooks?.[0], clientConfig: { service }, ...changes }
    const configurations = [{ metadata: { name: 'flyte-binary-webhook' }, webhooks: [webhook] }]
    const list = async (_: string, kind: string) => (kind === 'Namespace' ? namespaces : configurations)
    const { cluster } = emptyCluster({ list: list as never })
    return refuseInClusterWebhook(cluster, config)
  }

  it.each([
    { what: 'all namespaces', changes: { namespaceSelector: {} } },
    { what: 'a namespace of both', changes: { namespaceSelector: { matchLabels: { team: 'a' } } } },
  ])('is refused if it serves $what', async ({ changes }) => {
    await expect(registerBeside(changes)).rejects.toThrow(
      'MutatingWebhookConfiguration flyte-binary-webhook calls the Service flyte/flyte-binary-webhook',
    )
  })

  it.each([
    { what: 'it serves other namespaces', changes: { namespaceSelector: { matchLabels: { team: 'b' } } } },
    { what: 'it serves no namespace', changes: { namespaceSelector: { matchLabels: { none: 'true' } } } },
    { what: 'the Service belongs to another webhook', changes: { name: 'other.example.com' } },
  ])('is possible if $what', async ({ changes }) => {
    await expect(registerBeside(changes)).resolves.toBeUndefined()
  })
})
