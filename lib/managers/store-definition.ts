import type { Description, Host } from '../manager-kit/definition.ts'
import type { Keys, OptionsOf } from '../manager-kit/keys.ts'
import type { SecretManager } from '../manager-kit/manager.ts'
import type { SecretCache } from '../stores/cache.ts'

/** AWS Secrets Manager, as a manager is given it. */
export interface StoreAccess {
  /** Opens a cache of its own. `absenceMs` is how long a secret is taken to be absent without asking again. */
  open(options: { readonly region?: string; readonly absenceMs?: number }): SecretCache
}

/** Secrets that a manager reads: the function's role gets these and no others. */
export interface ReadSecrets {
  /** A name, of which `*` stands for any text. */
  readonly name: string
  /** That of the function unless the options say another. */
  readonly region?: string
}

/** A manager of this project that may read AWS Secrets Manager while a pod is admitted. */
export interface StoreDefinition<All extends Keys, More extends Keys> extends Description<All, More> {
  /** None where these options read nothing. */
  readonly reads: (options: OptionsOf<All & More>) => readonly ReadSecrets[]
  /** Only a manager that `reads` may call `access`. */
  readonly create: (options: OptionsOf<All & More>, host: Host, access: () => StoreAccess) => SecretManager
}
