import type { Description, Host } from '../manager-kit/definition.ts'
import type { Keys, OptionsOf } from '../manager-kit/keys.ts'
import type { SecretManager } from '../manager-kit/manager.ts'
import type { SecretCache } from '../stores/cache.ts'

/** A manager's access to AWS Secrets Manager. */
export interface StoreAccess {
  /** Opens a separate cache. `absenceMs` is how long a missing secret counts as missing without asking again. */
  open(options: { readonly region?: string; readonly absenceMs?: number }): SecretCache
}

/** Secrets that a manager reads. The function's role may read only these. */
export interface ReadSecrets {
  /** A name, in which `*` stands for any text. */
  readonly name: string
  /** The function's region, unless the options name another. */
  readonly region?: string
}

/** A manager of this project that may read AWS Secrets Manager while a pod is admitted. */
export interface StoreDefinition<All extends Keys, More extends Keys> extends Description<All, More> {
  /** Undefined if these options read nothing. */
  readonly reads: (options: OptionsOf<All & More>) => readonly ReadSecrets[]
  /** Only a manager with `reads` may call `access`. */
  readonly create: (options: OptionsOf<All & More>, host: Host, access: () => StoreAccess) => SecretManager
}
