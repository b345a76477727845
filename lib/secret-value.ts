const redacted = '[redacted]'

/**
 * Text that must not be seen. However it is printed, inspected or serialised, it shows as `[redacted]`;
 * only what writes the patch reveals it.
 */
export class SecretValue {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself, for the patch and nothing else. */
  reveal(): string {
    return this.#text
  }

  /** Whether two values are the same text; tells nothing else about either. */
  equals(other: SecretValue): boolean {
    return this.#text === other.#text
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  /** What Node's `util.inspect`, and with it `console`, shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted
  }
}
