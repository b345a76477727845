import type { WebhookError } from '../errors.ts'
import type { SecretValue } from '../secret-value.ts'

/** What a store says of a secret. A store that failed is not one that does not have the secret. */
export type StoreAnswer =
  | {
      readonly kind: 'value'
      readonly value: SecretValue
      /** All groups, folded, that the value may be meant for, where the store cannot tell. */
      readonly groups?: readonly string[]
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** Where global secrets are kept. A store that needs no waiting answers at once. */
export interface SecretStore {
  get(group: string, key: string, signal: AbortSignal): StoreAnswer | Promise<StoreAnswer>
}

export const absent: StoreAnswer = { kind: 'absent' }
