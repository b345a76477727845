import type { AnyDescription, Host } from '../manager-kit/definition.ts'
import type { SecretManager } from '../manager-kit/manager.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { AwsSecret } from './aws-secret.ts'
import type { ReadSecrets, StoreAccess } from './store-definition.ts'

/** A manager and how it is made, whatever its keys are. `Global` is made by hand: its stores are those of the function. */
export interface AnyDefinition extends AnyDescription {
  readonly reads?: (options: never) => readonly ReadSecrets[]
  /** Which secret of AWS Secrets Manager a request names, where that is the store; undefined where it names none. */
  readonly secretsManagerSecret?: (request: SecretRequest) => Pick<AwsSecret, 'id' | 'region'> | undefined
  readonly create?: (options: never, host: Host, access: () => StoreAccess) => SecretManager
}
