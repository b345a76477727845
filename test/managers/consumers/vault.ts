import type { Json } from '../../support/pods.ts'
import { type Ask, envFileTexts, texts, unfitByKey } from '../../consumers/secrets.ts'
import {
  both,
  envFileKeys,
  files,
  flyteSecrets,
  flytekitSecrets,
  type ManagerConsumer,
  onlyFlyte2,
  type Texts,
  unfitRows,
} from '../../consumers/ways.ts'

const vaultTexts: Texts = {
  ...texts,
  'a "key" \\ {{ $(X)': 'quoted key',
  'grün\tkey': 'Unicode key',
  creds: 'password: p$(X)\nusername: u\n',
}
/** The engines in turn: the default (2), 1, and 2. `creds` belongs to the database engine, whose file holds the whole secret. */
const vaultRequest = (key: string, index: number): Ask => {
  if (key === 'creds') return { group: 'database/creds/app', key, group_version: 'db' }
  if (index % 4 === 1) return { group: 'kv/app', key, group_version: 'kv1' }
  return { group: 'secret/data/app', key, ...(index % 4 === 3 ? { group_version: 'kv2' } : {}) }
}

const variableRequest = (key: string, index: number): Ask =>
  index % 2 === 0 ? { group: 'secret/data/env', key } : { group: 'kv/env', key, group_version: 'kv1' }
const variableTexts = { ...envFileTexts, ...unfitByKey }

const { creds: _, ...keyed } = vaultTexts
/** Vault's answers. KV 2 nests the keys in another `data`. */
export const vault: Json = {
  'secret/data/app': { data: keyed, metadata: { version: 1 } },
  'kv/app': keyed,
  'secret/data/env': { data: { ...variableTexts, null: null } },
  'kv/env': variableTexts,
  'database/creds/app': { username: 'u', password: 'p$(X)' },
}

export const consumer: ManagerConsumer = {
  ways: [
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
    {
      name: 'Vault, variables',
      profiles: both,
      webhook: { secretManagerTypes: ['Vault'] },
      function: { envFiles: true },
      mounts: ['ENV_VAR'],
      secrets: flytekitSecrets({
        from: () => 'variable',
        keys: envFileKeys,
        fields: variableRequest,
        ask: (key, index) => ({ group: variableRequest(key, index).group ?? '', key }),
      }),
    },
    {
      name: 'Vault, Flyte 2 SDK',
      profiles: onlyFlyte2,
      webhook: { secretManagerTypes: ['Vault'] },
      function: { envFiles: true },
      mounts: ['ENV_VAR'],
      secrets: flyteSecrets('secret/data/env', (key) => key, envFileKeys),
    },
  ],
  missing: [
    {
      name: 'Vault',
      mount: 'FILE',
      fields: { group: 'secret/data/app', key: 'none' },
      said: { pod: 'map has no entry for key "none"' },
    },
    {
      name: 'Vault, variables',
      mount: 'ENV_VAR',
      fields: { group: 'secret/data/env', key: 'none' },
      said: { pod: 'it has no value under its key, so it cannot be a variable: ask for it as a file' },
    },
    {
      name: 'Vault, variables',
      mount: 'ENV_VAR',
      fields: { group: 'secret/data/env', key: 'null' },
      said: { pod: 'it has no value under its key, so it cannot be a variable: ask for it as a file' },
    },
    ...unfitRows('Vault, variables', (key) => ({ group: 'secret/data/env', key })),
  ],
}
