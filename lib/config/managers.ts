import type { Profile } from './config.ts'
import { functionDefaults, profileDefaults } from './defaults.ts'
import type { Path } from '../yaml/path.ts'
import type { WebhookYaml } from './schema.ts'

/** A manager that the file names, and where. */
export interface NamedManager {
  readonly name: string
  readonly path: Path
}

/** The profile that applies. */
export const resolveProfile = (input: WebhookYaml): Profile =>
  input.function?.profile ?? functionDefaults.profile

/** The managers that the file names. As in Flyte, `secretManagerType` counts only if the list is missing or empty. */
export const namedManagers = (input: WebhookYaml): readonly NamedManager[] => {
  const listed = (input.webhook?.secretManagerTypes ?? []).flatMap((name, index) =>
    name === undefined ? [] : [{ name, path: ['webhook', 'secretManagerTypes', index] }],
  )
  const single = input.webhook?.secretManagerType
  if (listed.length > 0 || !single) return listed
  return [{ name: single, path: ['webhook', 'secretManagerType'] }]
}

/** The managers to ask, in order and without repetitions. */
export const resolveManagers = (input: WebhookYaml): readonly string[] => {
  const named = namedManagers(input).map(({ name }) => name)
  return named.length > 0 ? [...new Set(named)] : [profileDefaults[resolveProfile(input)].secretManagerType]
}
