import { annotationOf } from './annotation.ts'
import type { Json } from './pods.ts'
import { reviewOf } from './webhook.ts'

/** A review that an attacker could send, directly or through an API server. */
export interface HostilePod {
  readonly name: string
  /** Builds the body of its review. A world's bodies together have hundreds of megabytes. */
  readonly body: () => string
}

/** The webhook's limits (specification §6). */
const maxBodyBytes = 5 * 1024 * 1024
const maxRequests = 256
const arn = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const root = '/etc/flyte/secrets'
/** The namespace of every review. */
const namespace = 'flytesnacks-development'

/** A configuration with one manager, and a group that this manager takes. */
interface World {
  readonly sections: object
  readonly group: string
  /** Whether a request needs a version. Each of the others has a version of its own. */
  readonly isVersioned?: true
  /** The directory of the files. */
  readonly folder: string
}

const flyte1 = { profile: 'flyte1' }
const flyte2 = { profile: 'flyte2' }
const embedded = (config: Json): object => ({
  webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: config },
})

/** Every manager, in both profiles. */
export const worlds = {
  K8s: { sections: { function: flyte1 }, group: 'db', folder: `${root}/db` },
  CSI: {
    sections: { webhook: { secretManagerType: 'CSI' }, function: flyte2 },
    group: 'db',
    folder: `${root}/db`,
  },
  AWS: {
    sections: { webhook: { secretManagerType: 'AWS' }, function: flyte1 },
    group: arn,
    folder: `${root}/${arn}`,
  },
  'AWS CLI': {
    sections: {
      webhook: { secretManagerType: 'AWS' },
      function: { ...flyte2, aws: { fetcher: 'cli' }, envFiles: true },
    },
    group: arn,
    folder: `${root}/${arn}`,
  },
  GCP: {
    sections: { webhook: { secretManagerType: 'GCP' }, function: { ...flyte1, envFiles: true } },
    group: 'db',
    isVersioned: true,
    folder: `${root}/db`,
  },
  Azure: {
    sections: { webhook: { secretManagerType: 'Azure' }, function: { ...flyte2, envFiles: true } },
    group: 'https://v.vault.azure.net/secrets/db',
    isVersioned: true,
    folder: `${root}/db`,
  },
  Vault: {
    sections: { webhook: { secretManagerType: 'Vault' }, function: { ...flyte1, envFiles: true } },
    group: 'kv/db',
    folder: `${root}/kv/db`,
  },
  'Embedded K8s': {
    sections: { ...embedded({ type: 'K8s', k8sConfig: { namespace } }), function: flyte2 },
    group: 'db',
    folder: root,
  },
  'Embedded AWS': {
    sections: { ...embedded({ type: 'AWS', awsConfig: { region: 'us-east-1' } }), function: flyte2 },
    group: 'db',
    folder: root,
  },
} as const satisfies Record<string, World>

export type WorldName = keyof typeof worlds

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const long = (bytes: number, text = 'x'): string => text.repeat(Math.floor(bytes / text.length))

type Secret = Parameters<typeof annotationOf>[0]

/** Returns requests for files or variables of one group, by default as many as a pod can have. */
const secretsOf =
  ({ group, isVersioned }: World, count = maxRequests) =>
  (mountRequirement = 'ANY'): readonly Secret[] =>
    times(count, (index) => ({
      group,
      ...(isVersioned ? { group_version: `key-${index}` } : {}),
      key: `key-${index}`,
      mount_requirement: mountRequirement,
    }))

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

/** The names of this webhook's own init containers. */
const pullNames = [
  'aws-pull-secret-0',
  'aws-pull-secrets',
  'gcp-pull-secret-0',
  'azure-pull-secret-0',
  'init-embedded-secret',
]

/** Requests with long names, as many as a pod can have. */
const requestsNamed = (text: string, value: string): Json =>
  Object.fromEntries(
    times(maxRequests, (index) => [`flyte.secrets/s${index}${text.slice(0, 1_000)}`, value.slice(0, 1_600)]),
  )

/** Pods that are hostile to every manager. Each is built on demand. */
const forAny = (world: World): readonly (readonly [string, () => Json])[] => {
  const { group, folder } = world
  const secrets = secretsOf(world)()
  const hidden = (index: number): string => `${folder}/key-${index % maxRequests}`
  const texts = [
    long(1_000_000),
    long(200_000, '\u0001'),
    long(200_000, '\u200b'),
    long(200_000, '語'),
    long(1_000_000, `"\\$'`),
  ]
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
      'annotations of Vault that mount thousands of volumes',
      () =>
        podOf(
          secrets,
          {},
          {
            annotations: Object.fromEntries(
              times(35_000, (i) => [`vault.hashicorp.com/secret-volume-path-${i}`, `${root}/a${i}`]),
            ),
          },
        ),
    ],
    [
      'a long path of Vault that has to be cleaned',
      () =>
        podOf(
          secrets,
          {},
          { annotations: { 'vault.hashicorp.com/secret-volume-path': long(2_500_000, '/./..//') } },
        ),
    ],
    [
      'files in deep directories, and a volume of Vault beside them',
      () =>
        podOf(
          times(maxRequests, (i) => ({ group, key: `${long(3_900, 'a/')}${i}` })),
          {},
          { annotations: { 'vault.hashicorp.com/secret-volume-path-a': `${root}/other` } },
        ),
    ],
    [
      'an annotation of Vault that names thousands of containers',
      () =>
        podOf(
          secrets,
          { containers: times(60_000, (i) => ({ name: `c${i}` })) },
          { annotations: { 'vault.hashicorp.com/agent-inject-containers': long(1_000_000, 'a,') } },
        ),
    ],
    [
      'labels that become part of the names of secrets',
      () =>
        podOf(
          secrets,
          {},
          { labels: { organization: long(1_000_000), domain: long(1_000_000), project: long(1_000_000) } },
        ),
    ],
    ...(['ANY', 'ENV_VAR'] as const).map(
      (mount) =>
        [
          `variables and mounts in init containers of this webhook (${mount})`,
          () =>
            podOf(secretsOf(world)(mount), {
              initContainers: pullNames.map((name) => ({
                name,
                env: times(6_000, (i) => ({ name: `V${i}` })),
                ...mounts(2_000, (i) => `/mnt/${i}`),
              })),
            }),
        ] as const,
    ),
    [
      'as many init containers as there is room for',
      () =>
        podOf(secretsOf(world)('ENV_VAR'), {
          initContainers: times(60_000, (i) => ({ name: `gcp-pull-secret-${i}-` })),
        }),
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
          times(maxRequests, (i) => ({ group: group, key: long(2 * (i + 1), 'a/') })),
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
          [`a long env_var (${at})`, () => podOf([{ group: group, key: 'k', env_var: text }], {})],
          [`a long group (${at})`, () => podOf([{ group: text, key: 'k' }], {})],
          [`a long key (${at})`, () => podOf([{ group: group, key: text }], {})],
          [`a long version (${at})`, () => podOf([{ group: group, group_version: text, key: 'k' }], {})],
          [`a long label (${at})`, () => podOf(secrets, {}, { labels: { project: text } })],
          [
            `long names of requests that cannot be read (${at})`,
            () => podOf([], {}, { annotations: requestsNamed(text, '') }),
          ],
          [
            `long names of requests that nobody serves (${at})`,
            () =>
              podOf([], {}, { annotations: requestsNamed(text, annotationOf({ group: text, key: '..' })) }),
          ],
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
  podOf(secretsOf(worlds.K8s)('FILE'), {
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

const forValues = [
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

const forOne: Partial<Record<WorldName, readonly (readonly [string, () => Json])[]>> = {
  K8s: forK8s,
  'Embedded AWS': forValues,
}

/** Returns reviews at the API server's size limit for a world, each hostile in its own way. */
export const hostilePods = (world: WorldName): readonly HostilePod[] => [
  ...[...forAny(worlds[world]), ...(forOne[world] ?? [])].map(([name, make]) => ({
    name,
    body: () => {
      const body = reviewOf(make(), { namespace })
      if (Buffer.byteLength(body) > maxBodyBytes) throw new Error(`${name}: ${Buffer.byteLength(body)} bytes`)
      return body
    },
  })),
  ...deeplyNested.flatMap(([name, nested]) =>
    Object.entries(nestedIn(secretsOf(worlds[world])())).map(([where, pod]) => ({
      name: `${name} in ${where}`,
      body: () => reviewOf(pod, { namespace }).replaceAll('"@"', nested),
    })),
  ),
]

/** Deeper than any stack: only a call that does not come from an API server can have it in a field of the Kubernetes API. */
const depth = 100_000
const deeplyNested = [
  ['lists', `${'['.repeat(depth)}${']'.repeat(depth)}`],
  ['objects', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
] as const

/** Pods with the text `@` where the nested value belongs. */
const nestedIn = (secrets: readonly Secret[]): Readonly<Record<string, Json>> => ({
  'an unknown field': podOf(secrets, { future: '@' }, { future: '@' }),
  'managed fields': podOf(secrets, {}, { name: 'p', managedFields: ['@'] }),
  'a container': podOf(
    secrets,
    container({
      command: '@',
      env: [{ name: 'FLYTE_SECRETS_ENV_PREFIX', value: '@', valueFrom: '@' }],
      volumeMounts: [{ name: 'v', mountPath: '/etc', readOnly: '@', subPath: '@' }],
    }),
  ),
  'the command of an init container of this webhook': podOf(secrets, {
    initContainers: pullNames.map((name) => ({ name, command: '@' })),
  }),
  'a volume of this webhook': podOf(secrets, {
    volumes: [
      { name: 'mrrf5', secret: { secretName: 'db', optional: true, items: [{ key: '@', path: '@' }] } },
    ],
  }),
})
