import { describe, expect, it } from 'vitest'
import { createEmbeddedK8s } from '../../lib/managers/embedded-k8s.ts'
import { createGlobal } from '../../lib/managers/global.ts'
import { comparable } from '../conformance/equality.ts'
import { cases } from '../conformance/recorded-cases.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { flyteLabels, podAsking, podServedBy, reviewedBy } from './decided.ts'
import { podFacts } from '../../lib/manager-testing/samples.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const fileMount = { image: 'busybox:1', resources: { limits: { cpu: '1' } }, containerName: 'init' }
const embeddedIn = (namespace: string) => createEmbeddedK8s({ envVarPrefix: '_UNION_', namespace, fileMount })
const embedded = embeddedIn('flytesnacks-development')
const flytePod = podFacts({ labels: flyteLabels })

const ref = (name: string, key: string) => ({ kind: 'secretKeyRef', name, key })
const names = {
  organization: ['0f2ca8a319f5a9566e3844b6a690803c', 'u__org__flyte__domain____project____key__openai'],
  domain: ['241369a31b964db209bed06b2e9697cb', 'u__org__flyte__domain__development__project____key__openai'],
  project: [
    'be902593ef346eb40b3f99f48740bdbc',
    'u__org__flyte__domain__development__project__flytesnacks__key__openai',
  ],
} as const

describe('an embedded secret of Kubernetes', () => {
  it.each(['ANY', 'ENV_VAR'] as const)(
    'is one variable with three sources, the narrowest last (%s)',
    async (mountRequirement) => {
      const asked = { key: 'openai', envVar: 'OPENAI_KEY', mountRequirement }
      expect(await resolved(embedded, asked, flytePod)).toEqual({
        kind: 'found',
        wants: [
          plain('FLYTE_SECRETS_ENV_PREFIX', '_UNION_'),
          {
            kind: 'variable',
            name: 'OPENAI_KEY',
            sources: [ref(...names.organization), ref(...names.domain), ref(...names.project)],
          },
        ],
      })
    },
  )

  it('is a file copied from three volumes, the narrowest first', async () => {
    const asked = { group: 'g', key: 'openai', envVar: 'KEY_FILE', mountRequirement: 'FILE' } as const
    const path = '/etc/flyte/secrets/openai'
    const scopes = [names.project, names.domain, names.organization]
    expect(await resolved(embedded, asked, flytePod)).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: expect.any(String),
          name: 'embedded-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: {
            args: [path, ...scopes.map(([md5]) => `/mnt/embedded-${md5}/value`)],
            volumes: scopes.map(([md5, name]) => ({
              kind: 'secret',
              name: `embedded-${md5}`,
              secretName: md5,
              items: [{ key: name, path: 'value' }],
            })),
          },
        },
        { kind: 'file', path, root: '/etc/flyte/secrets', identity: expect.any(String) },
        ...fileDiscovery,
        plain('KEY_FILE', path),
      ],
    })
  })

  const noKey = 'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ . with its scope)'
  it.each([
    { key: '', reason: 'it needs a key' },
    {
      key: 'k',
      labels: {},
      reason: 'the pod lacks the label organization, the label domain, the label project',
    },
    {
      key: 'k',
      namespace: 'elsewhere',
      reason:
        'its Secrets are in the namespace flytesnacks-development, and a pod can refer only to Secrets in its own namespace',
    },
    { key: 'a b', reason: noKey },
    { key: 'a/b', reason: noKey },
    { key: 'k'.repeat(200), reason: noKey },
    {
      key: 'k',
      labels: { ...flyteLabels, project: 'a b' },
      reason: 'Kubernetes does not allow the value of the label project',
    },
  ])('is not of Embedded: $reason', async ({ key, labels = flyteLabels, namespace, reason }) => {
    const pod = podFacts({ labels, ...(namespace === undefined ? {} : { namespace }) })
    for (const mountRequirement of ['ENV_VAR', 'FILE'] as const) {
      expect(await resolved(embedded, { key, mountRequirement }, pod)).toEqual({ kind: 'not-mine', reason })
    }
  })
})

describe('the file of an embedded secret of Kubernetes', () => {
  it('is not of Embedded if its name is not a valid path', async () => {
    const reason = 'the path of its file would have a segment "." or ".."'
    const asked = { key: '..', mountRequirement: 'FILE' } as const
    expect(await resolved(embedded, asked, flytePod)).toEqual({ kind: 'not-mine', reason })
  })
})

describe('the copying init container', () => {
  it('is the only one of the pod, restricted, and alone mounts the Secrets', async () => {
    const file = { mountRequirement: 'FILE' } as const
    const asking = podAsking(
      { key: 'openai', ...file },
      { key: 'Other', ...file },
      { key: 'openai', ...file },
    )
    const { spec }: Json = await podServedBy(embedded, asking)
    expect(spec.initContainers).toHaveLength(1)
    const [container] = spec.initContainers
    expect(container).toMatchObject({
      name: 'init',
      image: 'busybox:1',
      resources: { limits: { cpu: '1' } },
      securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    })
    expect(container.env).toBeUndefined()
    const secrets = spec.volumes.filter(({ secret }: Json) => secret !== undefined)
    expect(secrets).toHaveLength(6)
    for (const { secret } of secrets) expect(secret).toMatchObject({ optional: true })
    expect(container.volumeMounts).toEqual([
      { name: 'embedded-secret-vol', mountPath: '/etc/flyte/secrets' },
      ...secrets.map(({ name }: Json) => ({ name, mountPath: `/mnt/${name}`, readOnly: true })),
    ])
    expect(spec.containers[0].volumeMounts).toEqual([
      { name: 'embedded-secret-vol', mountPath: '/etc/flyte/secrets', readOnly: true },
    ])
  })
})

describe('the recorded cases of Embedded K8s', () => {
  const recorded = cases.filter(({ id }) => /embedded-k8s/.test(id))

  it('are five', () => expect(recorded).toHaveLength(5))

  it.each(recorded.map((one) => [one.id, one]))('%s', async (_, { config, pod, expect: expected }) => {
    const { namespace = 'flyte' } = config.webhook.embeddedSecretManagerConfig.k8sConfig ?? {}
    const managers = [createGlobal({ envVarPrefix: '_UNION_', stores: [] }), embeddedIn(namespace)]
    const review = await reviewedBy(managers, pod)
    expect(review.response.allowed).toBe(expected.allowed)
    if (!expected.allowed) {
      expect(review.response.status.code).toBe(expected.code)
      for (const name of expected.names) expect(review.response.status.message).toContain(name)
      return
    }
    if (expected.unchanged) expect(operationsOf(review)).toEqual([])
    const result = patched(pod, review)
    expect(comparable(result, pod)).toEqual(comparable(expected.pod ?? pod, pod))
    for (const again of [result, withApiServerDefaults(result)]) {
      expect(operationsOf(await reviewedBy(managers, again))).toEqual([])
    }
  })
})
