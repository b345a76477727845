import { md5Hex } from '../../lib/digest.ts'
import type { Json } from '../support/pods.ts'
import { accountArn, globalGroups, nonEmpty, vaultTexts } from './consumers.ts'
import { texts } from './secrets.ts'

/** The labels that say whose a pod is. */
export const flyteLabels = { organization: 'org', domain: 'development', project: 'flytesnacks' } as const

type Texts = Readonly<Record<string, string>>

/** The name of an embedded secret at a scope (specification §4.7). */
const scoped = (key: string, domain: string, project: string): string =>
  `u__org__${flyteLabels.organization}__domain__${domain}__project__${project}__key__${key}`

/** The embedded secrets: by turns the narrowest scope that has one is the project, the domain, the organization; wider ones are wrong. */
const embedded = (keys: readonly string[]): Texts =>
  Object.fromEntries(
    keys.flatMap((key, index) => {
      const { domain, project } = flyteLabels
      const names = [scoped(key, domain, project), scoped(key, domain, ''), scoped(key, '', '')]
      return names.slice(index % 3).map((name, at) => [name, at === 0 ? (texts[key] ?? '') : 'wrong scope'])
    }),
  )

const entries = Object.entries(texts)

/** The Secrets of the pods' namespace: name → key → text. */
export const kubernetesSecrets: Readonly<Record<string, Texts>> = {
  db: texts,
  'of-the-user': { token: 'user' },
  'csi-db': Object.fromEntries(entries.map(([key, text]) => [key.toLowerCase(), text])),
  ...Object.fromEntries(entries.map(([key, text]) => [md5Hex(key), { [key]: text }])),
  ...Object.fromEntries(
    Object.entries(embedded(Object.keys(texts))).map(([name, text]) => [md5Hex(name), { [name]: text }]),
  ),
}

const globalTexts = (group: (typeof globalGroups)[number]): readonly (readonly [string, string])[] =>
  entries.filter((_, index) => globalGroups[index % globalGroups.length] === group)

/** The function's own environment and files. */
export const globalEnvironment: Texts = Object.fromEntries(
  globalTexts('conf').map(([key, text]) => [`FLYTE_SECRET_CONF_${key.toUpperCase()}`, text]),
)
export const globalFiles: Texts = Object.fromEntries(
  globalTexts('filed').map(([key, text]) => [`filed/${key}`, text]),
)

/** Secrets Manager's secrets, each as its versions. It takes 64 KiB, and so no object with the long text. */
export const secretsManager: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(nonEmpty.map((key) => [key, [texts[key] ?? '']])),
  ...Object.fromEntries(Object.entries(embedded(nonEmpty)).map(([name, text]) => [name, [text]])),
  json: [JSON.stringify(Object.fromEntries(entries.filter(([key]) => key !== 'long')))],
  turned: ['first', 'second'],
}

/** What the stores of Google, Azure and AWS's sidecar hold, by the name that each is asked for. */
export const held: Texts = Object.fromEntries(
  entries.flatMap(([key, text]) => [
    [`${accountArn}:${key}`, text],
    [`projects/p/secrets/${key}/versions/1`, text],
    [`${key}/versions/latest`, text],
    [`https://kv.vault.azure.net/secrets/${key}/`, text],
    [`https://kv.vault.azure.net/secrets/${key}/0f3a`, text],
  ]),
)

const { creds: _, ...keyed } = vaultTexts
/** Vault's answers: KV 2 has the keys below `data` once more. */
export const vault: Json = {
  'secret/data/app': { data: keyed, metadata: { version: 1 } },
  'kv/app': keyed,
  'database/creds/app': { username: 'u', password: 'p$(X)' },
}
