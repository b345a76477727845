import { SecretValue } from '../../lib/secret-value.ts'
import { SecretBytes, type Fetched, type SecretSource } from '../../lib/stores/secret-source.ts'
import { fetchedFromError } from '../../lib/stores/secrets-manager-error.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, filesAre, webhookIn } from '../support/webhook.ts'

/** Creates AWS Secrets Manager from a case: name → `{string}`, `{binary}` (base64) or `{error}`. */
const storeOf = (store: Json): SecretSource => ({
  fetch: async (name): Promise<Fetched> => {
    const { string, binary, error } = store?.[name] ?? {}
    if (error !== undefined) return fetchedFromError(name, Object.assign(new Error(''), { name: error }))
    if (string !== undefined)
      return { kind: 'value', content: { kind: 'text', text: new SecretValue(string) } }
    if (binary === undefined) return { kind: 'absent' }
    return {
      kind: 'value',
      content: { kind: 'binary', bytes: new SecretBytes(Buffer.from(binary, 'base64')) },
    }
  },
})

/** Creates the webhook of a case, with its configuration and secrets. */
export const worldOf = ({ profile, config, environment, files, store }: Json) => {
  const sections = { ...config, function: { ...config?.function, profile } }
  const prefix = config?.secrets?.['secrets-prefix'] ?? '/etc/secrets'
  const fileSystem = filesAre(
    Object.fromEntries(
      Object.entries<string>(files ?? {}).map(([path, content]) => [`${prefix}/${path}`, content]),
    ),
  )
  return webhookIn({
    config: configFrom(sections),
    environment: environment ?? {},
    fileSystem,
    createSecretSource: () => storeOf(store),
  })
}
