import { isObject } from '../../lib/json.ts'
import type { PodFacts, SecretManager } from '../../lib/manager-kit/manager.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Json } from '../support/pods.ts'

/** A request that asks for these fields, as it is read from an annotation. */
export const requestOf = (fields: Partial<SecretRequest>): SecretRequest => ({
  annotation: 'flyte.secrets/s0',
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
  ...fields,
})

/** What a manager may know of its deployment. */
export const host = { envVarPrefix: '_FSEC_', profile: 'flyte1' } as const

/** What a manager may know of a pod with these labels. */
export const podFacts = (labels: Readonly<Record<string, string>> = {}): PodFacts => ({
  namespace: 'flytesnacks-development',
  labels,
  annotations: {},
  initContainers: [],
  containers: ['main'],
  cluster: 'local',
  user: 'flytepropeller',
  envFiles: false,
})

/** What a manager says of a request, each secret value as its text: equality does not see into them. */
export const resolved = async (
  manager: SecretManager,
  fields: Partial<SecretRequest>,
  pod = podFacts(),
): Promise<Json> => revealed(await manager.resolve(requestOf(fields), pod, new AbortController().signal))

const revealed = (value: unknown): Json => {
  if (value instanceof SecretValue) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (!isObject(value) || value instanceof Error) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]))
}

/** A variable of a plain value among wants. */
export const plain = (name: string, value: string) => ({
  kind: 'variable',
  name,
  sources: [{ kind: 'literal', value }],
})

/** The two variables that every file brings. */
export const fileDiscovery = [
  plain('FLYTE_SECRETS_DEFAULT_DIR', '/etc/flyte/secrets'),
  plain('FLYTE_SECRETS_FILE_PREFIX', ''),
]
