import { md5Hex } from '../../lib/digest.ts'
import { namespace } from '../e2e/registration.ts'
import type { Json } from '../support/pods.ts'
import { type Ask, type Mount, ofFlyte, ofFlytekit, type Secret, texts } from './secrets.ts'

type Profile = 'flyte1' | 'flyte2'

/** A way by which secrets reach tasks: a deployment in some profiles, and the secrets of a pod that asks there. */
export interface Consumer {
  readonly name: string
  readonly profiles: readonly Profile[]
  /** What `webhook:` says. */
  readonly webhook: Json
  readonly function?: Json
  readonly mounts: readonly Mount[]
  readonly secrets: (mount: Mount) => readonly Secret[]
}

const both = ['flyte1', 'flyte2'] as const
const onlyFlyte2 = ['flyte2'] as const
const files = ['ANY', 'FILE'] as const
export const accountArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret'
/** Every second secret asks for a variable of its own; the long one would stand in the pod once more. */
const envVarOf = (index: number, key: string): string | undefined =>
  index % 2 === 0 || key === 'long' ? undefined : `ALSO_${index}`

const textOfKey = (key: string): string => texts[key] ?? ''

interface Way {
  readonly from: (mount: Mount) => 'file' | 'variable'
  readonly keys?: readonly string[]
  readonly fields: (key: string, index: number) => Ask
  readonly ask: (key: string, index: number) => Ask
  readonly textOf?: (key: string) => string
  /** Whether `env_var` takes the place of the variable in which flytekit looks. */
  readonly envVarReplaces?: boolean
}

/** Secrets of flytekit, one for each key. */
const flytekitSecrets =
  ({ from, keys = Object.keys(texts), fields, ask, textOf = textOfKey, envVarReplaces = false }: Way) =>
  (mount: Mount): readonly Secret[] =>
    keys.map((key, index) =>
      ofFlytekit({
        fields: fields(key, index),
        mount,
        ask: ask(key, index),
        from: from(mount),
        envVar: envVarOf(index, key),
        text: textOf(key),
        envVarReplaces: envVarReplaces && from(mount) === 'variable',
      }),
    )

/** Secrets of the Flyte 2 SDK, one for each key. */
const flyteSecrets =
  (group: string | undefined, pathOf: (key: string) => string, keys = Object.keys(texts)) =>
  (mount: Mount): readonly Secret[] =>
    keys.map((key, index) => {
      const text = textOfKey(key)
      const named = group === undefined ? { key } : { key, group }
      return mount === 'FILE'
        ? ofFlyte(
            { ...named, mount: '/etc/flyte/secrets' },
            { file: `/etc/flyte/secrets/${pathOf(key)}` },
            text,
          )
        : ofFlyte({ ...named, as_env_var: `SDK_${index}` }, { variable: `SDK_${index}` }, text)
    })

const fileUnlessVariable = (mount: Mount) => (mount === 'ENV_VAR' ? 'variable' : 'file')
export const nonEmpty = Object.keys(texts).filter((key) => texts[key] !== '')
const groupAndKey = (group: string) => (key: string) => ({ group, key })

/** Where each global secret is: the function's environment, its files, one JSON secret of Secrets Manager. */
export const globalGroups = ['conf', 'filed', 'app'] as const
const globalAsk = (key: string, index: number): Ask => ({
  group: globalGroups[index % globalGroups.length] ?? '',
  key,
})
export const vaultTexts: Readonly<Record<string, string>> = {
  ...texts,
  'a "key" \\ {{ $(X)': 'quoted key',
  'grün\tkey': 'Unicode key',
  creds: 'password: p$(X)\nusername: u\n',
}
/** Engines by turns: the default, which is 2, 1, and 2; `creds` is the database engine's, of which the file holds all. */
const vaultRequest = (key: string, index: number): Ask => {
  if (key === 'creds') return { group: 'database/creds/app', key, group_version: 'db' }
  if (index % 4 === 1) return { group: 'kv/app', key, group_version: 'kv1' }
  return { group: 'secret/data/app', key, ...(index % 4 === 3 ? { group_version: 'kv2' } : {}) }
}
/** By turns a resource and the name of a secret. */
const gcpAsk = (key: string, index: number): Ask => ({
  group: index % 2 === 0 ? `projects/p/secrets/${key}` : key,
  group_version: index % 2 === 0 ? '1' : 'latest',
})
const azureVersion = (index: number): Ask => (index % 2 === 0 ? {} : { group_version: '0f3a' })
/** By turns a secret of its own and a key of a JSON secret, and an earlier version. */
const cliKeys = [...nonEmpty.map((key, index) => (index % 2 === 0 ? key : `json#${key}`)), 'turned']

export const consumers: readonly Consumer[] = [
  {
    name: 'Global',
    profiles: both,
    webhook: { secretManagerTypes: ['Global'] },
    function: {
      globalSecrets: { secretsManager: [{ secretId: 'json', group: 'app' }] },
      callers: { publicEndpoint: 'accepted' },
    },
    mounts: ['ANY', 'ENV_VAR'],
    secrets: flytekitSecrets({ from: () => 'variable', fields: globalAsk, ask: globalAsk }),
  },
  {
    name: 'K8s',
    profiles: both,
    webhook: { secretManagerTypes: ['K8s'] },
    mounts: ['ANY', 'FILE', 'ENV_VAR'],
    secrets: flytekitSecrets({
      from: fileUnlessVariable,
      fields: (key, index) => ({ group: 'db', key, ...(index % 2 === 0 ? { group_version: 'v1' } : {}) }),
      ask: groupAndKey('db'),
    }),
  },
  {
    name: 'K8s, Flyte 2 SDK',
    profiles: onlyFlyte2,
    webhook: { secretManagerTypes: ['K8s'] },
    mounts: ['FILE', 'ENV_VAR'],
    secrets: flyteSecrets('db', (key) => `db/${key.toLowerCase()}`),
  },
  {
    name: 'K8s, Flyte 2 SDK without a group',
    profiles: onlyFlyte2,
    webhook: { secretManagerTypes: ['K8s'] },
    mounts: ['FILE', 'ENV_VAR'],
    secrets: flyteSecrets(undefined, (key) => `${md5Hex(key)}/${key.toLowerCase()}`),
  },
  {
    name: 'AWS, sidecar',
    profiles: both,
    webhook: { secretManagerTypes: ['AWS'] },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      keys: nonEmpty,
      fields: groupAndKey(accountArn),
      ask: groupAndKey(accountArn),
    }),
  },
  {
    name: 'AWS, CLI',
    profiles: both,
    webhook: { secretManagerTypes: ['AWS'] },
    function: { aws: { fetcher: 'cli' } },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      keys: cliKeys,
      fields: (key) => ({
        group: accountArn,
        key,
        ...(key === 'turned' ? { group_version: 'AWSPREVIOUS' } : {}),
      }),
      ask: groupAndKey(accountArn),
      textOf: (key) => (key === 'turned' ? 'first' : (texts[key.replace('json#', '')] ?? '')),
    }),
  },
  {
    name: 'GCP',
    profiles: both,
    webhook: { secretManagerTypes: ['GCP'] },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      fields: gcpAsk,
      ask: gcpAsk,
    }),
  },
  {
    name: 'Azure',
    profiles: both,
    webhook: { secretManagerTypes: ['Azure'] },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      fields: (key, index) => ({
        group: `https://kv.vault.azure.net/secrets/${key}`,
        ...azureVersion(index),
      }),
      ask: (key, index) => ({ group: key, ...azureVersion(index) }),
      textOf: (key) => `${texts[key]}\n`,
    }),
  },
  {
    name: 'CSI',
    profiles: both,
    webhook: { secretManagerTypes: ['CSI'] },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      fields: groupAndKey('csi-db'),
      ask: groupAndKey('csi-db'),
    }),
  },
  {
    name: 'Vault',
    profiles: both,
    webhook: { secretManagerTypes: ['Vault'] },
    mounts: files,
    secrets: flytekitSecrets({
      from: () => 'file',
      keys: Object.keys(vaultTexts),
      fields: vaultRequest,
      ask: (key, index) => ({ group: vaultRequest(key, index).group ?? '', key }),
      textOf: (key) => vaultTexts[key] ?? '',
    }),
  },
  ...(['K8s', 'AWS'] as const).flatMap(embedded),
]

/** Flyte 2's manager in both its types; the group is ignored. */
function embedded(type: 'K8s' | 'AWS'): readonly Consumer[] {
  const embeddedSecretManagerConfig = type === 'K8s' ? { type, k8sConfig: { namespace } } : { type }
  const common = {
    webhook: { secretManagerTypes: ['Embedded'], embeddedSecretManagerConfig },
    function: { callers: { publicEndpoint: 'accepted' } },
  }
  // Secrets Manager holds no empty secret.
  const keys = type === 'K8s' ? Object.keys(texts) : nonEmpty
  const ask = (key: string): Ask => ({ key })
  return [
    {
      name: `Embedded ${type}`,
      profiles: both,
      ...common,
      mounts: ['ANY', 'FILE', 'ENV_VAR'],
      secrets: flytekitSecrets({
        from: (mount) => (mount === 'FILE' ? 'file' : 'variable'),
        keys,
        fields: (key) => ({ group: '', key }),
        ask,
        envVarReplaces: true,
      }),
    },
    {
      name: `Embedded ${type}, Flyte 2 SDK`,
      profiles: onlyFlyte2,
      ...common,
      mounts: ['FILE', 'ENV_VAR'],
      secrets: flyteSecrets('ignored', (key) => key, keys),
    },
  ]
}
