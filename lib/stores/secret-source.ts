import type { WebhookError } from '../errors.ts'
import type { SecretValue } from '../secret-value.ts'
import type { SecretBytes } from './secret-bytes.ts'

/** A secret as its store keeps it. */
export type Content =
  | { readonly kind: 'text'; readonly text: SecretValue }
  | { readonly kind: 'binary'; readonly bytes: SecretBytes }

/** What fetching a secret gave. A source that did not answer (`store-unavailable`) is not one that says no (`store-refused`). */
export type Fetched =
  | { readonly kind: 'value'; readonly content: Content }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** Where secrets are fetched from by name, over a network. It never rejects. */
export interface SecretSource {
  /**
   * Fetches one secret, with retries until the signal is aborted; an aborted fetch settles at once. Each time before it
   * retries it calls `onFailedAttempt` with what went wrong.
   */
  fetch(name: string, signal: AbortSignal, onFailedAttempt?: (error: WebhookError) => void): Promise<Fetched>
}
