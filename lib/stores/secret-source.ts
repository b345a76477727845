import type { WebhookError } from '../errors.ts'
import { Redacted, SecretValue } from '../secret-value.ts'
import { utf8 } from '../utf8.ts'

/** A secret as its store keeps it. */
export type Content =
  | { readonly kind: 'text'; readonly text: SecretValue }
  | { readonly kind: 'binary'; readonly bytes: SecretBytes }

/** The result of fetching a secret. `store-unavailable` means that the source did not answer, `store-refused` that it refused. */
export type Fetched =
  | { readonly kind: 'value'; readonly content: Content }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: WebhookError }

/** Fetches secrets by name over a network. It never rejects. */
export interface SecretSource {
  /**
   * Fetches one secret. While the store does not answer, it retries until the signal aborts or `mayRepeat` returns false.
   * It calls `mayRepeat` with the failure before each retry. If an attempt used a dead connection of an
   * earlier call, it retries without `mayRepeat`. An aborted fetch settles at once.
   */
  fetch(name: string, signal: AbortSignal, mayRepeat?: (error: WebhookError) => boolean): Promise<Fetched>
  /** Whether the store could have a secret of this name. If not, it is absent without a call. By default any name is possible. */
  canHold?(name: string): boolean
}

/** Secret bytes. */
export class SecretBytes extends Redacted {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    super()
    this.#bytes = bytes
  }

  /** The bytes themselves. Use them only to write files. */
  reveal(): Uint8Array {
    return this.#bytes
  }

  /** The bytes as text, byte order mark included; undefined if they are not UTF-8. */
  text(): SecretValue | undefined {
    try {
      return new SecretValue(utf8.decode(this.#bytes))
    } catch {
      return undefined
    }
  }
}
