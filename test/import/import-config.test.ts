import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { importConfig } from '../../infra/import/import-config.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { parseConfig } from '../../lib/webhook-yaml.ts'

const imported = (...texts: readonly string[]) =>
  importConfig(texts.map((text, index) => ({ name: `file ${index + 1}`, text })))

/** Returns the imported YAML. Throws if nothing was found. */
const yamlOf = (...texts: readonly string[]): string => {
  const result = imported(...texts)
  if (result.kind === 'found') return result.yaml
  throw new Error(result.why.join('\n'))
}

const notesOf = (...texts: readonly string[]): readonly string[] => {
  const result = imported(...texts)
  return result.kind === 'found' ? result.notes : result.why
}

const configMap = (data: Readonly<Record<string, string>>, name = 'flyte-binary-config') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'flyte', name },
  data,
})

const flyteCore = `
flytepropeller: {replicaCount: 1}
webhook:
  enabled: true
  serviceAccount: {create: true}
  service: {type: ClusterIP}
secrets:
  adminOauthClientCredentials: {enabled: true, clientSecret: foobar}
configmap:
  admin:
    admin: {endpoint: 'flyteadmin:81'}
  core:
    propeller: {workers: 4}
    webhook:
      certDir: /etc/webhook/certs
      serviceName: flyte-pod-webhook
      secretManagerType: Vault
      vaultSecretManager: {role: flyte, kvVersion: 1}
  global:
    secrets: {env-prefix: TASK_SECRET_}
`
const flyteBinary = `
flyte-core-components: {propeller: {disableWebhook: false}}
configuration:
  database: {username: flyteadmin, password: hunter2}
  inlineConfigMap: more-config
  inlineSecretRef: ''
  inline:
    plugins: {k8s: {inject-finalizer: true}}
    webhook: {secretManagerType: GCP}
`
const flyte2Rendered = stringify(
  configMap({
    '000-core.yaml': `
logger: {show-source: true, level: 1}
webhook:
  certDir: /var/run/flyte/certs
  localCert: true
  secretName: flyte-binary-webhook-secret
  serviceName: flyte-binary-webhook
  servicePort: 443
  secretManagerTypes: [Embedded]
  embeddedSecretManagerConfig: {type: K8s, k8sConfig: {namespace: flyte}}
`,
    '002-database.yaml': 'runs: {database: {postgres: {host: postgres}}}',
    '100-inline-config.yaml': 'webhook: {secretEnvVarPrefix: _TASK_}',
    'README.md': 'webhook: {secretManagerType: AWS}',
  }),
)

describe('the import of a configuration', () => {
  it.each([
    {
      what: 'Helm values of flyte-core',
      text: flyteCore,
      yaml: {
        webhook: {
          certDir: '/etc/webhook/certs',
          serviceName: 'flyte-pod-webhook',
          secretManagerType: 'Vault',
          vaultSecretManager: { role: 'flyte', kvVersion: 1 },
        },
        secrets: { 'env-prefix': 'TASK_SECRET_' },
        function: { profile: 'flyte1' },
      },
    },
    {
      what: 'Helm values of flyte-binary',
      text: flyteBinary,
      yaml: { webhook: { secretManagerType: 'GCP' }, function: { profile: 'flyte1' } },
    },
    {
      what: 'Helm values of a chart that depends on flyte-binary',
      text: stringify({ minio: { enabled: true }, 'flyte-binary': parse(flyteBinary) }),
      yaml: { webhook: { secretManagerType: 'GCP' }, function: { profile: 'flyte1' } },
    },
    {
      what: 'Helm values of such a chart that depends on cert-manager too, below an alias',
      text: stringify({
        base: { certs: { webhook: { enabled: true, resources: {} } }, flyte: parse(flyteBinary) },
      }),
      yaml: { webhook: { secretManagerType: 'GCP' }, function: { profile: 'flyte1' } },
    },
    {
      what: 'Helm values in a HelmRelease of Flux',
      text: stringify({
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        spec: { values: parse(flyteBinary) },
      }),
      yaml: { webhook: { secretManagerType: 'GCP' }, function: { profile: 'flyte1' } },
    },
    {
      what: 'Helm values in an Application of Argo CD, as text',
      text: stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        spec: { source: { helm: { values: flyteBinary } } },
      }),
      yaml: { webhook: { secretManagerType: 'GCP' }, function: { profile: 'flyte1' } },
    },
    {
      what: "Helm values with a section of Flyte 2's own",
      text: 'configuration: {inline: {runs: {storagePrefix: "s3://b"}, webhook: {webhookTimeout: 10}}}',
      yaml: { webhook: { webhookTimeout: 10 }, function: { profile: 'flyte2' } },
    },
    {
      what: "the ConfigMap of Flyte 2's chart",
      text: flyte2Rendered,
      yaml: {
        webhook: {
          certDir: '/var/run/flyte/certs',
          localCert: true,
          secretName: 'flyte-binary-webhook-secret',
          serviceName: 'flyte-binary-webhook',
          servicePort: 443,
          secretManagerTypes: ['Embedded'],
          embeddedSecretManagerConfig: { type: 'K8s', k8sConfig: { namespace: 'flyte' } },
          secretEnvVarPrefix: '_TASK_',
        },
        function: { profile: 'flyte2' },
      },
    },
    {
      what: 'a list of Kubernetes objects, as JSON',
      text: JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'ServiceAccount', secrets: [{ name: 'a' }] },
          configMap({ 'core.yaml': 'webhook: {secretManagerType: AWS}' }),
        ],
      }),
      yaml: { webhook: { secretManagerType: 'AWS' }, function: { profile: 'flyte1' } },
    },
    {
      what: 'manifests, as helm template writes them',
      text: `---\n# Source: a\nkind: Secret\napiVersion: v1\nwebhook: {secretManagerType: GCP}\n---\n${stringify(configMap({ 'core.yaml': 'webhook: {secretManagerType: AWS}' }))}---\n`,
      yaml: { webhook: { secretManagerType: 'AWS' }, function: { profile: 'flyte1' } },
    },
    {
      what: "Flyte's own file",
      text: 'propeller: {workers: 4}\nwebhook: {secretManagerType: AWS}\nsecrets: {type: local}\n',
      yaml: {
        webhook: { secretManagerType: 'AWS' },
        secrets: { type: 'local' },
        function: { profile: 'flyte1' },
      },
    },
    {
      what: 'a webhook.yaml',
      text: 'webhook: {secretManagerTypes: [GCP]}\nfunction: {profile: flyte1, onFailure: admit}\n',
      yaml: {
        webhook: { secretManagerTypes: ['GCP'] },
        function: { profile: 'flyte1', onFailure: 'admit' },
      },
    },
  ])('accepts $what and writes a valid configuration', ({ text, yaml }) => {
    const written = yamlOf(text)
    expect(parse(written)).toEqual(yaml)
    expect(parseConfig(written)).toMatchObject({ kind: 'config' })
  })

  it('accepts every configuration of the field and writes a valid one', async () => {
    const folder = join(projectRoot, 'test/field')
    const files = (await readdir(folder, { recursive: true })).filter((file) =>
      /(webhook[^/]*|cluster)\.yaml$/.test(file),
    )
    const kinds = await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(folder, file), 'utf8')
        const result = imported(text)
        return `${file}: ${result.kind === 'found' ? parseConfig(result.yaml).kind : result.kind}`
      }),
    )
    expect(kinds.filter((kind) => !kind.endsWith(': config'))).toEqual([
      'chart-values-pasted/webhook-chart-section.yaml: nothing',
    ])
    expect(kinds.length).toBeGreaterThan(8)
  })

  it('merges several like Flyte, in any spelling, and says what wins', () => {
    const first =
      'webhook: {secretManagerTypes: [AWS, GCP], certDir: a, gcpSecretManager: {sidecarImage: "g:1"}}'
    const second =
      'Webhook: {SecretManagerTypes: [Azure], certDir: null, gcpSecretManager: {resources: {limits: {cpu: 1}}}}'
    expect(parse(yamlOf(first, second)).webhook).toEqual({
      secretManagerTypes: ['Azure'],
      certDir: 'a',
      gcpSecretManager: { sidecarImage: 'g:1', resources: { limits: { cpu: 1 } } },
    })
    expect(notesOf(first, second)).toEqual([
      'file 2: webhook.secretManagerTypes overrides an earlier file, as in Flyte',
    ])
    expect(parse(yamlOf(second, first)).webhook.secretManagerTypes).toEqual(['AWS', 'GCP'])
  })

  it('reads the files of a ConfigMap in the order of their names, like Flyte', () => {
    const data = {
      'z.yaml': 'webhook: {secretManagerType: GCP}',
      'a.yaml': 'webhook: {secretManagerType: AWS}',
    }
    expect(parse(yamlOf(stringify(configMap(data)))).webhook).toEqual({ secretManagerType: 'GCP' })
  })

  it('says which profile it detected and how, and where everything comes from', () => {
    expect(yamlOf(flyteBinary)).toBe(`# From file 1, configuration.inline.
# It has no keys of Flyte 2. If your Flyte is version 2, write function.profile: flyte2.
webhook:
  secretManagerType: GCP
function:
  profile: flyte1
`)
    expect(yamlOf(flyte2Rendered)).toMatch(
      /^# From ConfigMap flyte\/flyte-binary-config, 000-core\.yaml; ConfigMap flyte\/flyte-binary-config, 100-inline-config\.yaml\.\n# It has keys of Flyte 2\./,
    )
  })

  it('puts a comment above every key that has no effect', () => {
    const text = yamlOf(
      'webhook: {secretManagerTypes: [K8s, K8s], secretManagerType: GCP, certDir: c, embeddedSecretManagerConfig: {type: K8s}}\nsecrets: {type: x}\n',
    )
    const lines = text.split('\n')
    const below = lines.flatMap((line, index) =>
      /^ *# has no effect/.test(line) ? (lines[index + 1] ?? '').trim() : [],
    )
    expect(below.toSorted()).toEqual(
      ['- K8s', 'certDir: c', 'embeddedSecretManagerConfig:', 'secretManagerType: GCP', 'type: x'].toSorted(),
    )
    const said = parseConfig(text).notices.filter(({ message }) => message.includes('no effect'))
    expect(said).toHaveLength(below.length)
  })

  it('marks invalid keys, and Helm templates', () => {
    const result = imported(`configuration:
  inline:
    webhook:
      vaultSecretManager: {role: '{{ .Values.role }}'}
      newKeyOfFlyte: 1
`)
    expect(result).toMatchObject({
      kind: 'found',
      problems: [
        expect.stringMatching(/^webhook\.vaultSecretManager\.role: is a Helm template: /),
        expect.stringMatching(/^webhook\.newKeyOfFlyte: /),
      ],
      yaml: expect.stringMatching(
        /\n {4}# WRONG: is a Helm template: .*\n {4}role: .*\n {2}# WRONG: .*\n {2}newKeyOfFlyte: 1\n/,
      ),
    })
  })

  it('leaves out everything else, including every password', () => {
    for (const text of [yamlOf(flyteCore), yamlOf(flyteBinary)]) expect(text).not.toMatch(/foobar|hunter2/)
  })

  it('names the ConfigMaps and Secrets that hold more of it', () => {
    expect(notesOf(flyteBinary)).toEqual([
      'configuration.inlineConfigMap names the ConfigMap more-config, which Flyte also reads: import it too, with --configmap',
    ])
    expect(notesOf('configuration: {externalSecretRef: all}')).toEqual([
      expect.stringContaining('(these are Helm values of flyte-binary)'),
      'configuration.externalSecretRef names the Secret all, which Flyte also reads: add its keys for the webhook',
    ])
  })

  it.each([
    { what: 'nothing', text: '' },
    { what: 'a text', text: 'webhook' },
    { what: 'an empty section', text: 'webhook: {}\nsecrets:\n' },
    { what: 'a section with another name', text: 'webhooks: {certDir: x}' },
    { what: 'a nested section', text: 'flyte: {webhook: {certDir: x}}' },
    { what: 'a ConfigMap without data', text: stringify({ ...configMap({}), data: null }) },
    {
      what: 'a ConfigMap without the section',
      text: stringify(configMap({ 'core.yaml': 'logger: {level: 5}' })),
    },
    { what: 'the settings of a Deployment', text: 'webhook: {enabled: true, resources: {}}' },
    { what: 'another object', text: 'apiVersion: v1\nkind: Secret\nsecrets: {env-prefix: A_}' },
  ])('finds nothing in $what', ({ text }) => {
    expect(imported(text)).toMatchObject({
      kind: 'nothing',
      why: [expect.stringMatching(/^file 1: found no section webhook: or secrets:/)],
    })
  })

  it.each([
    { what: 'a file', text: 'a: 1\n---\nwebhook: {role: "a" hunter2}\n', place: 'file 1:3' },
    {
      what: 'a file in a ConfigMap',
      text: stringify(configMap({ 'core.yaml': 'logger: {}\nwebhook: {role: "a" hunter2}\n' })),
      place: 'ConfigMap flyte/flyte-binary-config, core.yaml:2',
    },
  ])('refuses $what with invalid YAML, naming its line but not its text', ({ text, place }) => {
    const attempt = (): unknown => imported(text)
    expect(attempt).toThrow(expect.objectContaining({ status: 2 }))
    expect(attempt).toThrow(place)
    expect(attempt).not.toThrow('hunter2')
  })
})
