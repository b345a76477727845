import type { WebhookError } from '../errors.ts'
import { Redacted, SecretValue } from '../secret-value.ts'
import { utf8 } from '../utf8.ts'

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
   * Fetches one secret by one call, and by further ones while the store does not answer: until the signal is aborted, or until
   * `mayRepeat` is false, which it calls with what went wrong each time before it repeats. A call that met a dead connection of an
   * earlier one went nowhere, and is repeated without that. An aborted fetch settles at once.
   */
  fetch(name: string, signal: AbortSignal, mayRepeat?: (error: WebhookError) => boolean): Promise<Fetched>
  /** Whether the store could have a secret of this name; one that cannot is absent without a call. Without it any name can be. */
  canHold?(name: string): boolean
}

/** Bytes that must not be seen. */
export class SecretBytes extends Redacted {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    super()
    this.#bytes = bytes
  }

  /** The bytes themselves, for what writes files and nothing else. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  /** The bytes as text, byte order mark included; undefined where they are not UTF-8. */
  text(): SecretValue | undefined {
    try {
      return new SecretValue(utf8.decode(this.#bytes))
    } catch {
      return undefined
    }
  }
}
