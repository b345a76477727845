/** Replaces a secret text in output. */
export const redacted = '[redacted]'

/** A secret value: printed, inspected or serialised, it always shows as `[redacted]`. */
export abstract class Redacted {
  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  /** The output of Node's `util.inspect`, and therefore of `console`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted
  }
}

/** Secret text. Only the code that writes the patch reveals it. */
export class SecretValue extends Redacted {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  /** The text itself. Use it only for the patch. */
  reveal(): string {
    return this.#text
  }
}

/** The text of a value that may be secret, as `reveal` returns it. */
export const textOf = (value: string | SecretValue): string =>
  value instanceof SecretValue ? value.reveal() : value
