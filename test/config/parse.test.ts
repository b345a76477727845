import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../lib/webhook-yaml.ts'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

const sidecar = (sidecarImage: string) => ({
  sidecarImage,
  resources: { requests: { cpu: '200m', memory: '500Mi' }, limits: { cpu: '200m', memory: '500Mi' } },
})

const flyte1 = {
  webhook: {
    secretManagerTypes: ['K8s'],
    secretEnvVarPrefix: '_FSEC_',
    awsSecretManager: sidecar('docker.io/amazon/aws-secrets-manager-secret-sidecar:v0.1.4'),
    gcpSecretManager: sidecar('gcr.io/google.com/cloudsdktool/cloud-sdk:alpine'),
    azureSecretManager: sidecar('mcr.microsoft.com/azure-cli:cbl-mariner2.0'),
    vaultSecretManager: { role: 'flyte', kvVersion: '2', annotations: {} },
    embeddedSecretManagerConfig: {
      type: 'K8s',
      awsConfig: {},
      k8sConfig: { namespace: 'flyte' },
      fileMountInitContainer: {
        image: 'public.ecr.aws/docker/library/busybox:latest',
        resources: { requests: { cpu: '100m', memory: '100Mi' }, limits: { cpu: '100m', memory: '100Mi' } },
        containerName: 'init-embedded-secret',
      },
    },
  },
  secrets: { 'env-prefix': 'FLYTE_SECRET_', 'secrets-prefix': '/etc/secrets' },
  function: {
    profile: 'flyte1',
    onFailure: 'deny',
    callers: { tokenSha256: {} },
    globalSecrets: { secretsManager: [], ttlMs: 300_000, maxStaleMs: 86_400_000 },
    embedded: {},
    gcp: {},
    aws: { fetcher: 'sidecar', cliImage: 'public.ecr.aws/aws-cli/aws-cli:2.31.0' },
    registration: { reinvocation: 'Never', timeoutSeconds: 15 },
  },
}

describe('the defaults', () => {
  test('match an empty file, with no notice', () => {
    const { digest, ...rest } = configOf('')
    expect(rest).toStrictEqual(flyte1)
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
    expect(noticesOf('')).toEqual([])
  })

  test('of the profile flyte2 differ only in the prefix', () => {
    const { digest, ...rest } = configOf(
      '{function: {profile: flyte2}, webhook: {secretManagerTypes: [K8s]}}',
    )
    expect(rest).toStrictEqual({
      ...flyte1,
      webhook: { ...flyte1.webhook, secretEnvVarPrefix: '_UNION_' },
      function: { ...flyte1.function, profile: 'flyte2' },
    })
    expect(digest).not.toBe(configOf('').digest)
  })

  const withoutValues = [
    { text: 'webhook:\nsecrets:\nfunction:\n' },
    { text: 'webhook: {}\nsecrets: ~\nfunction: null\n' },
    {
      text: 'webhook:\n  secretManagerTypes: []\n  secretEnvVarPrefix:\n  vaultSecretManager: {role: , annotations: }\nfunction: {profile: flyte1}\n',
    },
    { text: 'webhook:\n  awsSecretManager: {sidecarImage: ~, resources: {requests: ~, limits: }}\n' },
    {
      text: 'function:\n  profile:\n  registration: {timeoutSeconds: , namespaceSelector: }\n  globalSecrets:\n',
    },
  ]
  test.each(withoutValues)('apply if a key has no value: $text', ({ text }) => {
    expect(configOf(text)).toStrictEqual(configOf(''))
  })
})

describe('the digest', () => {
  test('is the same for equivalent configurations', () => {
    const { digest } = configOf(
      'webhook: {secretManagerType: aws}\nsecrets: {secrets-prefix: /etc//secrets/}\n',
    )
    expect(
      configOf(
        'secrets: {}\nwebhook:\n  secretManagerTypes: [AWS, Aws]\n  listenPort: 1\nfunction: {profile: flyte1}\n',
      ).digest,
    ).toBe(digest)
  })

  test('does not depend on the order of keys', () => {
    const one = configOf('webhook: {vaultSecretManager: {annotations: {a: "1", b: "2"}}}')
    const other = configOf('webhook: {vaultSecretManager: {annotations: {b: "2", a: "1"}}}')
    expect(one.digest).toBe(other.digest)
  })

  const changes = [
    { text: 'webhook: {secretManagerType: AWS}' },
    { text: 'webhook: {secretManagerTypes: [K8s, AWS]}\nfunction: {profile: flyte1}' },
    { text: 'webhook: {secretManagerTypes: [AWS, K8s]}\nfunction: {profile: flyte1}' },
    { text: 'webhook: {secretEnvVarPrefix: X_}\nfunction: {profile: flyte1}' },
    { text: 'webhook: {gcpSecretManager: {resources: {requests: {cpu: 1m}}}}' },
    { text: 'webhook: {vaultSecretManager: {kvVersion: 1}}' },
    { text: 'webhook: {vaultSecretManager: {annotations: {a: b}}}' },
    { text: 'secrets: {env-prefix: X_}' },
    { text: 'secrets: {secrets-prefix: /opt/x}' },
    { text: 'function: {onFailure: admit}' },
    { text: 'function: {callers: {anonymous: local}}' },
    { text: 'function: {registration: {timeoutSeconds: 16}}' },
    { text: 'function: {registration: {namespaceSelector: {}}}' },
  ]
  test('differs for each of these', () => {
    const digests = [configOf(''), ...changes.map(({ text }) => configOf(text))].map(({ digest }) => digest)
    expect(new Set(digests).size).toBe(changes.length + 1)
  })
})

describe('problems', () => {
  test('come all at once, in the order of their lines', () => {
    const text = `webhook:
  listenPort: 9443
  secretManagerTypes: [K9s, Embedded]
  awsSecretManager:
    sidecarImag: x
    resources:
      requests: {cpu: 1, memory: lots}
  awsSecretManager: {}
secrets:
  env-prefix: ""
function:
  profile: flyte1
  aws: {fetcher: cli}
  registration:
    timeoutSeconds: 0
    namespaceSelector:
      matchExpressions:
        - {operator: In}
        - {key: a, operator: Exists, values: [b]}
extra: 1
`
    expect(problemsOf(text).map((problem) => problem.slice(0, problem.indexOf(': ')))).toEqual([
      '3 webhook.secretManagerTypes[0]',
      '5 webhook.awsSecretManager.sidecarImag',
      '7 webhook.awsSecretManager.resources.requests.memory',
      '8 webhook.awsSecretManager',
      '10 secrets.env-prefix',
      '15 function.registration.timeoutSeconds',
      '18 function.registration.namespaceSelector.matchExpressions[0].key',
      '19 function.registration.namespaceSelector.matchExpressions[1].values',
      '20 extra',
    ])
    expect(noticesOf(text)).toHaveLength(1)
  })

  const unknown = [
    { text: 'webhok: {}', says: '1 webhok: unknown key; did you mean webhook?' },
    {
      text: 'webhook:\n  awsSecretManger: {}',
      says: '2 webhook.awsSecretManger: unknown key; did you mean awsSecretManager?',
    },
    {
      text: 'webhook: {vaultSecretManager: {rolle: x}}',
      says: '1 webhook.vaultSecretManager.rolle: unknown key; did you mean role?',
    },
    {
      text: 'secrets: {env_prefix: X_}',
      says: '1 secrets.env_prefix: unknown key; did you mean env-prefix?',
    },
    {
      text: 'awsSecretManager: {}',
      says: '1 awsSecretManager: unknown key; did you mean webhook.awsSecretManager?',
    },
    {
      text: 'awssecretmanager: {}',
      says: '1 awssecretmanager: unknown key; did you mean webhook.awsSecretManager?',
    },
    {
      text: 'secretManagerType: AWS',
      says: '1 secretManagerType: unknown key; did you mean webhook.secretManagerType?',
    },
    { text: 'profile: flyte2', says: '1 profile: unknown key; did you mean function.profile?' },
    {
      text: 'function: {timeoutSeconds: 15}',
      says: '1 function.timeoutSeconds: unknown key; did you mean function.registration.timeoutSeconds?',
    },
    ...['annotations', 'enabled', 'image', 'type', 'resources', 'namespaceSelector', 'service'].map(
      (key) => ({
        text: `${key}: 1`,
        says: `1 ${key}: unknown key; the keys are webhook, secrets, function`,
      }),
    ),
    {
      text: 'webhook: {vaultSecretManager: {service: x}}',
      says: '1 webhook.vaultSecretManager.service: unknown key; the keys are role, annotations',
    },
    {
      text: 'webhook: {awsSecretManager: {image: x}}',
      says: '1 webhook.awsSecretManager.image: unknown key; the keys are sidecarImage, resources',
    },
    {
      text: 'webhook: {onFailure: deny}',
      says: '1 webhook.onFailure: unknown key; did you mean function.onFailure?',
    },
    { text: 'propeller: {}', says: '1 propeller: unknown key; the keys are webhook, secrets, function' },
    {
      text: 'webhook: {zzz: 1}',
      says: '1 webhook.zzz: unknown key; the keys are secretManagerTypes, secretEnvVarPrefix, awsSecretManager, gcpSecretManager, azureSecretManager, vaultSecretManager, embeddedSecretManagerConfig, namespaceSelector',
    },
    {
      text: 'function: {registration: {namespaceSelector: {matchExpressions: [{key: a, operator: Exists, vlues: []}]}}}',
      says: '1 function.registration.namespaceSelector.matchExpressions[0].vlues: unknown key; did you mean values?',
    },
    {
      text: '"<<": {webhook: {}}',
      says: '1 ["<<"]: unknown key; the keys are webhook, secrets, function',
    },
    {
      text: 'constructor: 1',
      says: '1 constructor: unknown key; the keys are webhook, secrets, function',
    },
    {
      text: 'webhook: {vaultSecretManager: {annotations: {__proto__: x}}}',
      says: '1 webhook.vaultSecretManager.annotations.__proto__: unknown key',
    },
  ]
  test.each(unknown)('name the right key: $text', ({ text, says }) => {
    expect(problemsOf(text)).toEqual([says])
  })

  test('name the right key of a cluster', () => {
    expect(problemsOf('function: {callers: {clusters: {a: {tokenSha: []}}}}')).toContain(
      '1 function.callers.clusters.a.tokenSha: unknown key; did you mean tokenSha256?',
    )
  })

  const shapes = [
    { text: '- webhook', says: '1 : must be a mapping of keys to values' },
    { text: '\nwebhook', says: '2 : must be a mapping of keys to values' },
    { text: 'webhook: [K8s]', says: '1 webhook: must be a mapping of keys to values' },
    {
      text: 'function: {profile: flyte1}\nwebhook: {secretManagerTypes: {K8s: AWS}}',
      says: '2 webhook.secretManagerTypes: must be a list',
    },
    {
      text: `function: {callers: {clusters: {a: {tokenSha256: ${'ab'.repeat(32)}}}}}`,
      says: '1 function.callers.clusters.a.tokenSha256: must be a list',
    },
    {
      text: 'webhook: {vaultSecretManager: {role: [7]}}',
      says: '1 webhook.vaultSecretManager.role: must be text',
    },
    {
      text: 'webhook: {vaultSecretManager: {annotations: [a]}}',
      says: '1 webhook.vaultSecretManager.annotations: must be a mapping of names to values',
    },
    {
      text: 'function: {registration: {timeoutSeconds: "15s"}}',
      says: '1 function.registration.timeoutSeconds: must be a whole number',
    },
    {
      text: 'function: {registration: {timeoutSeconds: 1.5}}',
      says: '1 function.registration.timeoutSeconds: must be a whole number',
    },
    {
      text: 'function: {profile: Flyte2}',
      says: '1 function.profile: must be flyte1 or flyte2; did you mean flyte2?',
    },
    { text: 'function: {profile: 2}', says: '1 function.profile: must be flyte1 or flyte2' },
    { text: 'a: [1', says: '1 : the indentation is wrong, or a bracket, brace or quote is not closed' },
  ]
  test.each(shapes)('say what is expected: $text', ({ text, says }) => {
    expect(problemsOf(text)).toEqual([says])
  })

  test('never contain the wrong value', () => {
    const planted = 'hunter2!'
    const keys = [
      'webhook',
      'secrets',
      'function',
      'webhook.secretManagerTypes',
      'webhook.secretManagerType',
      'webhook.secretEnvVarPrefix',
      'webhook.awsSecretManager',
      'webhook.awsSecretManager.resources.limits.cpu',
      'webhook.vaultSecretManager.kvVersion',
      'webhook.vaultSecretManager.annotations',
      'webhook.embeddedSecretManagerConfig.type',
      'webhook.embeddedSecretManagerConfig.k8sConfig.namespace',
      'webhook.embeddedSecretManagerConfig.imagePullSecrets.enabled',
      'webhook.unknown',
      'secrets.env-prefix',
      'secrets.secrets-prefix',
      'function.profile',
      'function.onFailure',
      'function.callers.anonymous',
      'function.callers.publicEndpoint',
      'function.callers.clusters.a.tokenSha256',
      'function.globalSecrets.ttlMs',
      'function.aws.endpoint',
      'function.registration.timeoutSeconds',
      'function.registration.namespaceSelector.matchLabels.a',
    ]
    for (const key of keys) {
      for (const value of [planted, [planted], { a: planted }]) {
        const document = key.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value)
        const parsed = parseConfig(JSON.stringify(document))
        const said = JSON.stringify([parsed.kind === 'problems' ? parsed.problems : [], parsed.notices])
        expect(said, key).not.toContain(planted)
      }
    }
  })
})

test('any plain data gives a configuration or problems with a path in the data, never an exception', () => {
  const names = fc.constantFrom(
    'webhook',
    'secrets',
    'function',
    'secretManagerTypes',
    'awsSecretManager',
    'resources',
    'requests',
    'limits',
    'cpu',
    'type',
    'registration',
    'namespaceSelector',
    'matchExpressions',
    'key',
    'operator',
    'values',
    'globalSecrets',
    'allow',
    'groups',
    'constructor',
    'a',
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(null, '', 'K8s', 'Embedded', 'In', '1', 1, -1, true, 1e300),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 5 }),
    ),
  }))
  fc.assert(
    fc.property(value, (data) => {
      const parsed = parseConfig(JSON.stringify(data))
      if (parsed.kind === 'problems')
        expect(parsed.problems.every(({ message }) => message !== '')).toBe(true)
      else expect(parsed.config.webhook.secretManagerTypes).not.toEqual([])
    }),
    { numRuns: 3000 },
  )
})
