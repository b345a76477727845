import type { Json } from '../../support/pods.ts'
import { type Ask, texts } from '../../consumers/secrets.ts'
import { both, files, flytekitSecrets, type ManagerConsumer, type Texts } from '../../consumers/ways.ts'

const vaultTexts: Texts = {
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

const { creds: _, ...keyed } = vaultTexts
/** Vault's answers: KV 2 has the keys below `data` once more. */
export const vault: Json = {
  'secret/data/app': { data: keyed, metadata: { version: 1 } },
  'kv/app': keyed,
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
  ],
  missing: [
    {
      name: 'Vault',
      mount: 'FILE',
      fields: { group: 'secret/data/app', key: 'none' },
      said: { pod: 'map has no entry for key "none"' },
    },
  ],
}
