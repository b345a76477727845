import { isObject } from '../../lib/json.ts'
import type { SecretManager } from '../../lib/manager-kit/manager.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Json } from '../support/pods.ts'

/** Returns a manager's answer to a request, with secret values as texts, because equality does not compare them. */
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

/** Returns the want of a variable with a plain value. */
export const plain = (name: string, value: string) => ({
  kind: 'variable',
  name,
  sources: [{ kind: 'literal', value }],
})

/** The two variables that come with every file. */
export const fileDiscovery = [
  plain('FLYTE_SECRETS_DEFAULT_DIR', '/etc/flyte/secrets'),
  plain('FLYTE_SECRETS_FILE_PREFIX', ''),
]
