import type { SecretManagerType } from './config.ts'
import { namedManagers, resolveManagers } from './managers.ts'
import { valueAt } from './plain-data.ts'
import type { Finding, Path } from './problem.ts'
import type { WebhookYaml } from './schema.ts'

/** What the specification has and this version has not: refused, never ignored. Whoever builds a feature deletes its line. */
const notYetManagers: readonly SecretManagerType[] = [
  'Embedded', //
]
const notYetKeys: readonly { readonly path: Path; readonly value?: string }[] = [
  { path: ['function', 'callers', 'publicEndpoint'] },
  { path: ['function', 'globalSecrets'] },
  { path: ['function', 'embedded'] },
  { path: ['function', 'aws', 'fetcher'], value: 'cli' },
  { path: ['function', 'aws', 'cliImage'] },
  { path: ['function', 'aws', 'region'] },
  { path: ['function', 'aws', 'endpoint'] },
]

const notSupported = 'is not supported by this version'

/** Every use of a feature that this version lacks. */
export const findNotYet = (input: WebhookYaml): readonly Finding[] => [
  ...notYetKeys.flatMap(({ path, value }) => findKey(input, path, value)),
  ...namedManagers(input)
    .filter(({ name }) => notYetManagers.includes(name))
    .map(({ name, path }) => ({ path, message: `${name} ${notSupported}` })),
  ...findDefaultManager(input),
]

const findKey = (input: WebhookYaml, path: Path, refused: string | undefined): readonly Finding[] => {
  const value = valueAt(input, path) ?? undefined
  if (value === undefined || (refused !== undefined && value !== refused)) return []
  return [{ path, message: refused === undefined ? notSupported : `${refused} ${notSupported}` }]
}

const findDefaultManager = (input: WebhookYaml): readonly Finding[] => {
  const unnamed = namedManagers(input).length === 0 ? resolveManagers(input) : []
  return unnamed
    .filter((name) => notYetManagers.includes(name))
    .map((name) => ({
      path: ['function', 'profile'],
      message: `without a manager named, ${input.function?.profile} uses ${name}, which ${notSupported}: name webhook.secretManagerTypes`,
      reads: [
        ['webhook', 'secretManagerTypes'],
        ['webhook', 'secretManagerType'],
        ['function', 'profile'],
      ],
    }))
}
