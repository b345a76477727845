import type { AnyDescription, Host } from '../manager-kit/definition.ts'
import type { SecretManager } from '../manager-kit/manager.ts'
import type { ReadSecrets, StoreAccess } from './store-definition.ts'

/** A manager and how it is made, whatever its keys are. `Global` is made by hand: its stores are those of the function. */
export interface AnyDefinition extends AnyDescription {
  readonly reads?: (options: never) => readonly ReadSecrets[]
  readonly create?: (options: never, host: Host, access: () => StoreAccess) => SecretManager
}
