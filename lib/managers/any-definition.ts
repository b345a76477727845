import type { AnyDescription, Host } from '../manager-kit/definition.ts'
import type { SecretManager } from '../manager-kit/manager.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { AwsSecret } from './aws-secret.ts'
import type { ReadSecrets, StoreAccess } from './store-definition.ts'

/** A manager and its constructor, for any keys. `Global` is made by hand because it uses the function's stores. */
export interface AnyDefinition extends AnyDescription {
  readonly reads?: (options: never) => readonly ReadSecrets[]
  /** The secret of AWS Secrets Manager that a request names; undefined if it names none or the store is another. */
  readonly secretsManagerSecret?: (request: SecretRequest) => Pick<AwsSecret, 'id' | 'region'> | undefined
  readonly create?: (options: never, host: Host, access: () => StoreAccess) => SecretManager
}
