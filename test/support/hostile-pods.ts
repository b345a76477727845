import { annotationOf } from './annotation.ts'
import type { Json } from './pods.ts'
import { reviewOf } from './webhook.ts'

/** A review that an attacker could send, directly or through an API server. */
export interface HostilePod {
  readonly name: string
  readonly body: string
}

export type Manager = 'K8s' | 'AWS' | 'Vault' | 'Embedded'

/** The webhook's limits (specification §6). */
const maxBodyBytes = 5 * 1024 * 1024
const maxRequests = 256
const arn = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const root = '/etc/flyte/secrets'

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const long = (bytes: number, text = 'x'): string => text.repeat(Math.floor(bytes / text.length))

type Secret = Parameters<typeof annotationOf>[0]

/** Returns requests for files and variables of one group, by default as many as a pod can have. */
const secretsOf =
  (group: string, count = maxRequests) =>
  (mountRequirement = 'ANY'): readonly Secret[] =>
    times(count, (index) => ({ group, key: `key-${index}`, mount_requirement: mountRequirement }))

const podOf = (secrets: readonly Secret[], spec: Json, metadata: Json = {}): Json => ({
  metadata: {
    ...metadata,
    labels: {
      'inject-flyte-secrets': 'true',
      organization: 'flyte',
      domain: 'development',
      project: 'flytesnacks',
      ...metadata.labels,
    },
    annotations: {
      ...metadata.annotations,
      ...Object.fromEntries(
        secrets.map((secret, index) => [`flyte.secrets/s${index}`, annotationOf(secret)]),
      ),
    },
  },
  spec: { containers: [{ name: 'main', image: 'i' }], ...spec },
})

const container = (fields: Json, name = 'main'): Json => ({ containers: [{ name, image: 'i', ...fields }] })
const mounts = (count: number, pathOf: (index: number) => string, more: Json = {}): Json => ({
  volumeMounts: times(count, (index) => ({ name: 'v', mountPath: pathOf(index), ...more })),
})

const groupOf = { K8s: 'db', AWS: arn, Vault: 'kv/db', Embedded: 'db' } as const

/** Pods that are hostile to every manager. Each is built on demand. */
const forAny = (manager: Manager): readonly (readonly [string, () => Json])[] => {
  const secrets = secretsOf(groupOf[manager])()
  const hidden = (index: number): string => `${root}/${groupOf[manager]}/key-${index % maxRequests}`
  const texts = [long(1_000_000), long(200_000, '\u0001'), long(200_000, '語'), long(1_000_000, `"\\$'`)]
  return [
    [
      'a long name and thousands of mounts in the way',
      () => podOf(secrets, container(mounts(3_600, hidden), long(150_000))),
    ],
    [
      'as many mounts as there is room for',
      () => podOf(secrets, container(mounts(36_000, (i) => `/data/${i}`))),
    ],
    ['all of them in the way', () => podOf(secrets, container(mounts(30_000, hidden)))],
    [
      'all of them read-only and above',
      () => podOf(secrets, container(mounts(36_000, () => '/etc', { readOnly: true }))),
    ],
    ['all of them above and writable', () => podOf(secrets, container(mounts(36_000, () => '/etc')))],
    [
      'mounts of thousands of segments',
      () => podOf(secrets, container(mounts(400, () => `${root}${long(6_000, '/a')}`))),
    ],
    [
      'paths that have to be cleaned',
      () => podOf(secrets, container(mounts(300, () => long(9_000, '/./..//')))),
    ],
    [
      'a volume of thousands of fields, mounted thousands of times',
      () =>
        podOf(secrets, {
          ...container(mounts(20_000, () => '/etc')),
          volumes: [
            { name: 'v', ...Object.fromEntries(times(50_000, (i) => [`field${i}`, { readOnly: false }])) },
          ],
        }),
    ],
    [
      'as many containers as there is room for',
      () => podOf(secrets, { containers: times(80_000, (i) => ({ name: `c${i}` })) }),
    ],
    [
      'containers that are all in the way',
      () => podOf(secrets, { containers: times(12_000, (i) => ({ name: `c${i}`, ...mounts(1, hidden) })) }),
    ],
    [
      'as many variables as there is room for',
      () => podOf(secrets, container({ env: times(90_000, (i) => ({ name: `V${i}` })) })),
    ],
    [
      'as many volumes as there is room for',
      () => podOf(secrets, { volumes: times(60_000, (i) => ({ name: `v${i}`, emptyDir: {} })) }),
    ],
    [
      'as many annotations as there is room for',
      () =>
        podOf(
          secrets,
          {},
          {
            annotations: Object.fromEntries(
              times(60_000, (i) => [`vault.hashicorp.com/agent-inject-secret-${i}`, '/']),
            ),
          },
        ),
    ],
    [
      'a label as long as there is room for, in the name of each secret',
      () => podOf(secrets, {}, { labels: { organization: long(2_800_000) } }),
    ],
    [
      'long requests',
      () =>
        podOf(
          times(maxRequests, (i) => ({
            group: long(3_000, 'g/'),
            key: `${long(2_000, "'$")}${i}`,
            env_var: long(500, 'V'),
          })),
          {},
        ),
    ],
    [
      'requests of control characters',
      () =>
        podOf(
          times(maxRequests, () => ({ group: long(500, '\u0001'), key: long(500, '\u0002') })),
          {},
        ),
    ],
    [
      'files that are all directories of the next',
      () =>
        podOf(
          times(maxRequests, (i) => ({ group: groupOf[manager], key: long(2 * (i + 1), 'a/') })),
          {},
        ),
    ],
    ...texts.flatMap(
      (text, at) =>
        [
          [
            `a long name of a container (${at})`,
            () => podOf(secrets, { containers: [{ name: text, image: 'i', ...mounts(300, hidden) }] }),
          ],
          [
            `a long name of a volume (${at})`,
            () =>
              podOf(secrets, {
                ...container({ volumeMounts: [{ name: text, mountPath: root }] }),
                volumes: [{ name: text }],
              }),
          ],
          [`a long path (${at})`, () => podOf(secrets, container(mounts(1, () => `${root}/${text}`)))],
          [
            `a long variable (${at})`,
            () => podOf(secrets, container({ env: [{ name: text, value: text }] })),
          ],
          [`a long env_var (${at})`, () => podOf([{ group: groupOf[manager], key: 'k', env_var: text }], {})],
          [`a long group (${at})`, () => podOf([{ group: text, key: 'k' }], {})],
          [`a long key (${at})`, () => podOf([{ group: groupOf[manager], key: text }], {})],
          [
            `a long version (${at})`,
            () => podOf([{ group: groupOf[manager], group_version: text, key: 'k' }], {}),
          ],
          [`a long label (${at})`, () => podOf(secrets, {}, { labels: { project: text } })],
          [
            `a long annotation (${at})`,
            () => podOf([], {}, { annotations: { [`flyte.secrets/s${text}`]: text } }),
          ],
          [`a long owner (${at})`, () => podOf(secrets, {}, { ownerReferences: [{ kind: text }] })],
        ] as const,
    ),
  ]
}

/** Kept variables: as many as 256 requests create, with all their names in a warning. */
const keptVariables = (): Json => {
  const secrets = times(maxRequests, (index) => ({
    group: 'db',
    key: `key-${index}`,
    mount_requirement: 'ENV_VAR',
    env_var: `OWN_${index}`,
  }))
  const own = secrets.flatMap(({ key, env_var }) => [
    { name: `_FSEC_DB_${key.toUpperCase()}` },
    { name: env_var },
  ])
  return podOf(secrets, container({ env: [...own, { name: 'FLYTE_SECRETS_ENV_PREFIX' }] }, long(150_000)))
}

/** Many items in the volume that this webhook shares. */
const manyItems = (): Json =>
  podOf(secretsOf('db')('FILE'), {
    volumes: [
      {
        name: 'mrrf5',
        secret: {
          secretName: 'db',
          optional: true,
          items: times(50_000, (index) => ({ key: `k${index}`, path: `p/${index}` })),
        },
      },
    ],
  })

const forK8s = [
  ['kept variables of a long name', keptVariables],
  ['a volume of thousands of items', manyItems],
] as const

/** The end of the names of secrets that are as large as Secrets Manager allows. */
export const largeSecret = 'large'

const largeSecrets = (from: number, to: number, mountRequirement = 'ENV_VAR'): readonly Secret[] =>
  times(to - from, (i) => ({ key: `${from + i}${largeSecret}`, mount_requirement: mountRequirement }))

const forEmbedded = [
  [
    'one large secret in many variables',
    () =>
      podOf(
        times(maxRequests, (i) => ({ key: largeSecret, env_var: `V${i}` })),
        {},
      ),
  ],
  [
    'one large secret in variables that many containers have',
    () =>
      podOf(
        times(maxRequests, (i) => ({ key: largeSecret, env_var: `V${i}` })),
        {
          containers: times(400, (i) => ({
            name: `c${i}`,
            env: times(maxRequests, (at) => ({ name: `V${at}` })),
          })),
        },
      ),
  ],
  ['many large secrets', () => podOf(largeSecrets(0, 100), {})],
  ['other large secrets', () => podOf(largeSecrets(100, 200), {})],
  [
    'more large secrets than one pod can ask for, because they are known',
    () => podOf(largeSecrets(0, 200), {}),
  ],
  ['large secrets in files', () => podOf(largeSecrets(0, 200, 'FILE'), {})],
] as const

/** Yields reviews at the API server's size limit for this manager, each hostile in its own way. */
export function* hostilePods(manager: Manager): Generator<HostilePod> {
  const own = { K8s: forK8s, AWS: [], Vault: [], Embedded: forEmbedded }[manager]
  for (const [name, make] of [...forAny(manager), ...own]) {
    const body = reviewOf(make())
    if (Buffer.byteLength(body) > maxBodyBytes) throw new Error(`${name}: ${Buffer.byteLength(body)} bytes`)
    yield { name, body }
  }
}
