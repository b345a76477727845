import type { WebhookError } from '../errors.ts'
import type { SecretValue } from '../secret-value.ts'

/** A store's answer about a secret. A failure does not mean that the secret is missing. */
export type StoreAnswer =
  | {
      readonly kind: 'value'
      readonly value: SecretValue
      /** All groups, folded, that the value may belong to, if the store cannot tell. */
      readonly groups?: readonly string[]
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** A store of global secrets. A store that does not have to wait answers at once. */
export interface SecretStore {
  get(group: string, key: string, signal: AbortSignal): StoreAnswer | Promise<StoreAnswer>
}

export const absent: StoreAnswer = { kind: 'absent' }
