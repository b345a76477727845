import fc from 'fast-check'
import { fileManagers } from './managers.ts'
import { annotationOf } from './annotation.ts'
import type { Json } from './pods.ts'

/** Names come from small pools, so that pods collide with what the webhook adds. */
const variableNames = fc.constantFrom(
  'HOME',
  'TOKEN',
  '_FSEC_DB_PASSWORD',
  '_UNION_DB_PASSWORD',
  'FLYTE_SECRETS_DEFAULT_DIR',
)

const env = fc.array(
  fc.oneof(
    fc.record({ name: variableNames, value: fc.constantFrom('', 'x', '/etc/flyte/secrets', '$(HOME)') }),
    fc.record({ name: variableNames }),
    fc.record({
      name: variableNames,
      valueFrom: fc.constantFrom<Json>(
        { secretKeyRef: { name: 'db', key: 'password', optional: true } },
        { secretKeyRef: { name: 'db', key: 'password' } },
        { fieldRef: { fieldPath: 'status.podIP' } },
        { fileKeyRef: { volumeName: 'flyte-secret-env', path: 'x.env', key: 'V' } },
        { fileKeyRef: { volumeName: 'vault-secrets', path: '.env/x', key: 'V', optional: true } },
      ),
    }),
  ),
  { maxLength: 4 },
)

const volumes = fc.uniqueArray(
  fc.constantFrom<Json>(
    { name: 'data', emptyDir: {} },
    { name: 'conf', configMap: { name: 'conf', optional: false } },
    { name: 'aws-secret-vol', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    { name: 'gcp-secret-vol', hostPath: { path: '/' } },
    { name: 'flyte-secret-env', emptyDir: { medium: 'Memory' } },
    {
      name: 'mrrf5',
      secret: { secretName: 'db', optional: true, items: [{ key: 'user', path: 'user', mode: 256 }] },
    },
    { name: 'mfygsxy', secret: { secretName: 'api' } },
  ),
  { selector: ({ name }) => name, maxLength: 4 },
)

const mountPaths = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('/data', '/etc', '/work/', '/etc/flyte/secrets/extra/') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/etc/flyte/secrets', '/etc/flyte/secrets/db', '/etc/flyte/secrets/db/x'),
  },
)

const container = (name: string, volumeNames: readonly string[]): fc.Arbitrary<Json> =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constant('image'),
      args: fc.constant(['a', '$(HOME)']),
      env: fc.oneof(env, fc.constant(null)),
      volumeMounts: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('data', ...volumeNames),
          mountPath: mountPaths,
          readOnly: fc.boolean(),
        }),
        { selector: ({ mountPath }) => mountPath, maxLength: 3 },
      ),
      aFieldOfTheFuture: fc.jsonValue(),
    },
    { requiredKeys: ['name', 'image'] },
  )

const spec = volumes.chain((made) => {
  const names = made.map(({ name }) => name)
  return fc.record(
    {
      containers: fc
        .subarray(['main', 'sidecar', 'vault-agent', 'gcp-pull-secret-9'], { minLength: 1 })
        .chain((some) => fc.tuple(...some.map((name) => container(name, names)))),
      initContainers: fc
        .subarray(['prepare', 'gcp-pull-secret-1', 'aws-pull-secrets', 'vault-agent-init'])
        .chain((some) => fc.tuple(...some.map((name) => container(name, names)))),
      volumes: fc.constantFrom(...(made.length === 0 ? [undefined, null, []] : [made])),
      nodeName: fc.jsonValue(),
      resources: fc.constantFrom<Json>({}, { limits: { cpu: '1' } }),
      os: fc.oneof(
        { weight: 9, arbitrary: fc.constant<Json>({ name: 'linux' }) },
        { weight: 1, arbitrary: fc.constant<Json>({ name: 'windows' }) },
      ),
    },
    { requiredKeys: ['containers', 'volumes'] },
  )
})

/** Requests that look real, and occasionally contain arbitrary text. */
const requests = fc.array(
  fc.record(
    {
      group: fc.oneof(
        {
          weight: 30,
          arbitrary: fc.constantFrom(
            'db',
            'api',
            'arn:aws:secretsmanager:us-east-2:1:secret',
            'kv/app',
            'https://v/secrets/A/',
          ),
        },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
      ),
      group_version: fc.constantFrom('1', 'kv1', 'kv2'),
      key: fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom('password', 'token', 'user', 'a.b', 'x-y', 'X-Y') },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
      ),
      mount_requirement: fc.constantFrom('ANY', 'ANY', 'FILE', 'ENV_VAR'),
      env_var: fc.oneof(
        { weight: 20, arbitrary: fc.constant('') },
        { weight: 3, arbitrary: variableNames },
        { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
      ),
    },
    { requiredKeys: ['group', 'group_version', 'key', 'mount_requirement'] },
  ),
  { minLength: 1, maxLength: 3 },
)

/** Annotations for Vault's Agent Injector. */
const vaultAnnotations = fc
  .record(
    {
      'secret-volume-path': fc.constantFrom('/vault/secrets', '/etc/flyte/secrets', '/etc/flyte/secrets/kv'),
      'agent-inject-secret-own': fc.constantFrom('kv/own', ''),
      'agent-init-first': fc.constantFrom('true', 'false'),
      'agent-inject-containers': fc.constantFrom('main', ''),
      'agent-inject-status': fc.constantFrom('injected', 'update', 'update', 'update'),
    },
    { requiredKeys: [] },
  )
  .map((said) =>
    Object.fromEntries(Object.entries(said).map(([name, value]) => [`vault.hashicorp.com/${name}`, value])),
  )

/** A labelled pod with requests, as an API server sends it, in any state that other webhooks can leave. */
export const pods: fc.Arbitrary<Json> = fc
  .tuple(spec, requests, vaultAnnotations)
  .map(([made, asked, vault]) =>
    asReceived({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'f1-n0-0',
        labels: { 'inject-flyte-secrets': 'true' },
        annotations: {
          'vault.hashicorp.com/role': 'mine',
          ...vault,
          ...Object.fromEntries(
            asked.map((secret, index) => [`flyte.secrets/s${index}`, annotationOf(secret)]),
          ),
        },
      },
      spec: made,
    }),
  )

const asReceived = (value: Json): Json => JSON.parse(JSON.stringify(value))

/** Keys of `function:` that affect variables from files. The cluster is `local`. */
export const envFileSections = {
  envFiles: fc.constantFrom<Json>(true, ['local'], ['elsewhere']),
  aws: fc.record({ fetcher: fc.constantFrom('cli', 'sidecar') }),
  gcp: fc.record({ defaultVersion: fc.constant('latest') }, { requiredKeys: [] }),
}

/** Configurations of every kind that creates patches. */
export const configurations = fc.record({
  webhook: fc.record({
    secretManagerTypes: fc.constantFrom(
      ['K8s'],
      ['Global'],
      ...fileManagers.map((name) => [name]),
      ['K8s', 'AWS'],
      ['Vault', 'K8s'],
      ['K8s', 'GCP', 'Vault'],
    ),
  }),
  function: fc.record({ profile: fc.constantFrom('flyte1', 'flyte2'), ...envFileSections }),
})
