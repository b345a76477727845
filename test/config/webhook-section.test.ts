import { describe, expect, test } from 'vitest'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

const yaml = (section: object): string =>
  JSON.stringify({ webhook: section, function: { profile: 'flyte1' } })

describe('the prefix of variables', () => {
  const right = ['_X_', 'X', '0', 'A-B.C', ' ', '$(A)', '`~{|}'].map((prefix) => ({ prefix }))
  test.each(right)('can be "$prefix"', ({ prefix }) => {
    expect(configOf(yaml({ secretEnvVarPrefix: prefix })).webhook.secretEnvVarPrefix).toBe(prefix)
  })

  const wrong = [
    { prefix: '_fsec_', says: 'lower-case' },
    { prefix: 'Xa', says: 'lower-case' },
    { prefix: '', says: 'empty' },
    { prefix: 'A=', says: 'printable ASCII' },
    { prefix: 'Ä_', says: 'printable ASCII' },
    { prefix: 'A\n', says: 'printable ASCII' },
    { prefix: 'A\u007f', says: 'printable ASCII' },
  ]
  test.each(wrong)('cannot be "$prefix"', ({ prefix, says }) => {
    expect(problemsOf(yaml({ secretEnvVarPrefix: prefix }))).toEqual([
      expect.stringMatching(`webhook.secretEnvVarPrefix: .*${says}`),
    ])
  })
})

describe.each(['awsSecretManager', 'gcpSecretManager', 'azureSecretManager'] as const)('%s', (manager) => {
  test('accepts another image', () => {
    const config = configOf(yaml({ [manager]: { sidecarImage: 'registry.local:5000/a/b@sha256:0' } }))
    expect(config.webhook[manager].sidecarImage).toBe('registry.local:5000/a/b@sha256:0')
  })

  test.each(['', ' a', 'a b', 'a\n'].map((sidecarImage) => ({ sidecarImage })))(
    'refuses the image "$sidecarImage"',
    (written) => {
      expect(problemsOf(yaml({ [manager]: written }))).toEqual([
        expect.stringContaining(`webhook.${manager}.sidecarImage: must be an image name`),
      ])
    },
  )

  test('refuses a request over its limit', () => {
    const resources = { requests: { cpu: '2' }, limits: { cpu: '1999m' } }
    expect(problemsOf(yaml({ [manager]: { resources } }))).toEqual([
      expect.stringContaining(
        `webhook.${manager}.resources.requests.cpu: the request 2 exceeds the limit 1999m`,
      ),
    ])
  })
})

describe('Vault', () => {
  const versions = [
    { kvVersion: '1', is: '1' },
    { kvVersion: '2', is: '2' },
    { kvVersion: 1, is: '1' },
    { kvVersion: 2, is: '2' },
  ]
  test.each(versions)('accepts the version $kvVersion', ({ kvVersion, is }) => {
    expect(configOf(yaml({ vaultSecretManager: { kvVersion } })).webhook.vaultSecretManager.kvVersion).toBe(
      is,
    )
  })

  test.each([0, 3, '', 'KVVersion2', 'kv2', true, [2]].map((kvVersion) => ({ kvVersion })))(
    'refuses the version $kvVersion',
    ({ kvVersion }) => {
      expect(problemsOf(yaml({ vaultSecretManager: { kvVersion } }))).toEqual([
        '1 webhook.vaultSecretManager.kvVersion: must be "1" or "2"',
      ])
    },
  )

  test('accepts a role and annotations', () => {
    const annotations = { 'vault.hashicorp.com/role': 'other', x: 'config', 'Example.COM/A': '' }
    const { vaultSecretManager } = configOf(
      yaml({ vaultSecretManager: { role: 'tasks', annotations } }),
    ).webhook
    expect(vaultSecretManager).toEqual({ role: 'tasks', kvVersion: '2', annotations })
  })

  const wrong = [
    { vault: { role: '' }, says: 'role: must not be empty' },
    { vault: { role: ' ' }, says: 'role: must not be empty' },
    {
      vault: { annotations: { 'a b': 'x' } },
      says: 'annotations["a b"]: is not a valid annotation key',
    },
    {
      vault: { annotations: { 'a/b/c': 'x' } },
      says: 'annotations["a/b/c"]: is not a valid annotation key',
    },
    { vault: { annotations: { a: [1] } }, says: 'annotations.a: must be text' },
    { vault: { annotations: { a: {} } }, says: 'annotations.a: must be text' },
    { vault: { annotations: { a: null } }, says: 'annotations.a: must be text' },
    { vault: { annotations: { a: 'x'.repeat(256 * 1024) } }, says: 'annotations: must be at most 256 KiB' },
  ]
  test.each(wrong)('refuses $says', ({ vault, says }) => {
    expect(problemsOf(yaml({ vaultSecretManager: vault }))).toEqual(
      [`1 webhook.vaultSecretManager.${says}`].map((start) => expect.stringContaining(start)),
    )
  })

  const of = (name: string, value: unknown) => ({ [`vault.hashicorp.com/${name}`]: value })
  const defeating = [
    { annotation: of('agent-inject', false), why: 'must be true' },
    ...['false', 'False', 'f', '0', '', 'yes', 'on', ' true'].flatMap((value) => [
      {
        annotation: of('agent-inject', value),
        why: "must be true: any other value stops Vault's injector from adding its agent",
      },
      {
        annotation: of('agent-pre-populate', value),
        why: 'must be true: otherwise no container fetches the secrets before the task starts',
      },
    ]),
    {
      annotation: of('agent-inject-status', 'injected'),
      why: "must not be injected: Vault's injector would treat every pod as already changed",
    },
    {
      annotation: of('agent-configmap', 'c'),
      why: "must be omitted: with a ConfigMap, Vault's agent ignores the annotations that ask for secrets",
    },
  ]
  test.each(defeating)(
    'refuses an annotation that defeats injection in every pod: $annotation',
    ({ annotation, why }) => {
      const [key = ''] = Object.keys(annotation)
      expect(problemsOf(yaml({ vaultSecretManager: { annotations: annotation } }))).toEqual([
        expect.stringContaining(`1 webhook.vaultSecretManager.annotations["${key}"]: ${why}`),
      ])
    },
  )

  const harmless = [
    ...['1', 't', 'T', 'TRUE', 'true', 'True', true].flatMap((value) => [
      of('agent-inject', value),
      of('agent-pre-populate', value),
    ]),
    of('agent-inject-status', 'update'),
    of('agent-configmap', ''),
    of('agent-pre-populate-only', 'false'),
  ]
  test.each(harmless)('accepts an annotation that leaves injection on: %j', (annotation) => {
    expect(problemsOf(yaml({ vaultSecretManager: { annotations: annotation } }))).toEqual([])
  })

  test('accepts annotations of exactly 256 KiB', () => {
    expect(
      problemsOf(yaml({ vaultSecretManager: { annotations: { a: 'x'.repeat(256 * 1024 - 1) } } })),
    ).toEqual([])
  })
})

describe('Embedded', () => {
  const right = {
    type: 'aws',
    awsConfig: { region: 'us-east-2' },
    gcpConfig: { project: '' },
    azureConfig: { vaultURI: '' },
    k8sConfig: { namespace: 'flyte' },
    fileMountInitContainer: { image: 'busybox', resources: { limits: { cpu: '1' } }, containerName: 'c' },
    imagePullSecrets: { enabled: false },
  }
  test('is accepted as in Flyte 2, and reported while no list names it', () => {
    expect(configOf(yaml({ embeddedSecretManagerConfig: right })).webhook.secretManagerTypes).toEqual(['K8s'])
    expect(noticesOf(yaml({ embeddedSecretManagerConfig: right }))).toEqual([
      '1 webhook.embeddedSecretManagerConfig: has no effect: Embedded is not in webhook.secretManagerTypes',
    ])
    expect(
      noticesOf(
        yaml({ secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig: { ...right, type: 'K8s' } }),
      ),
    ).toEqual([expect.stringContaining('function.embedded.allow')])
  })

  const wrong = [
    { embedded: { type: 'GCP' }, says: 'type: Embedded does not read from GCP here' },
    { embedded: { type: 'azure' }, says: 'type: Embedded does not read from Azure here' },
    { embedded: { type: 'Vault' }, says: 'type: must be K8s or AWS' },
    { embedded: { type: 3 }, says: 'type: must be K8s or AWS' },
    {
      embedded: { imagePullSecrets: { enabled: true } },
      says: 'imagePullSecrets.enabled: must be false: unlike Flyte 2',
    },
    { embedded: { awsConfig: { region: '' } }, says: 'awsConfig.region: must be an AWS region' },
    { embedded: { awsConfig: { region: 'us-*' } }, says: 'awsConfig.region: must be an AWS region' },
    { embedded: { k8sConfig: { namespace: 'Flyte' } }, says: 'k8sConfig.namespace: must be a DNS label' },
    {
      embedded: { k8sConfig: { namespace: 'n'.repeat(64) } },
      says: 'k8sConfig.namespace: must be a DNS label',
    },
    {
      embedded: { fileMountInitContainer: { containerName: '-' } },
      says: 'fileMountInitContainer.containerName: must be a DNS',
    },
    {
      embedded: { fileMountInitContainer: { image: '' } },
      says: 'fileMountInitContainer.image: must be an image name',
    },
    {
      embedded: { fileMountInitContainer: { resources: { limits: { memory: '1Mi' } } } },
      says: 'fileMountInitContainer.resources.limits.memory: the request 100Mi exceeds',
    },
  ]
  test.each(wrong)('is refused: $says', ({ embedded, says }) => {
    expect(problemsOf(yaml({ embeddedSecretManagerConfig: embedded }))).toEqual([
      expect.stringContaining(`1 webhook.embeddedSecretManagerConfig.${says}`),
    ])
  })
})

describe("Flyte's keys that have no effect here", () => {
  const keys = [
    'metrics-prefix',
    'certDir',
    'localCert',
    'listenPort',
    'serviceName',
    'servicePort',
    'secretName',
    'webhookTimeout',
    'imageBuilderConfig',
    'kubeClientConfig',
    'cacheInvalidationPort',
    'disableCreateMutatingWebhookConfig',
  ].map((key) => ({ key }))
  test.each(keys)('$key is accepted with any value, and reported', ({ key }) => {
    for (const value of ['x', 1, { a: [{ b: null }] }]) {
      expect(configOf(yaml({ [key]: value }))).toStrictEqual(configOf(''))
      expect(noticesOf(yaml({ [key]: value }))).toEqual([
        expect.stringContaining(`1 webhook.${key}: has no effect here`),
      ])
    }
  })

  test('are reported with their line, including nested ones', () => {
    expect(
      noticesOf(
        'webhook:\n  certDir: a\n  embeddedSecretManagerConfig:\n    k8sConfig:\n      kubeClientConfig: {qps: 1}\nsecrets:\n  type: local\nfunction: {profile: flyte1}\n',
      ).map((notice) => notice.split(': ')[0]),
    ).toEqual([
      '2 webhook.certDir',
      '3 webhook.embeddedSecretManagerConfig',
      '5 webhook.embeddedSecretManagerConfig.k8sConfig.kubeClientConfig',
      '7 secrets.type',
    ])
  })
})
