/** What stands in the place of what must not be seen. */
export const redacted = '[redacted]'

/** What must not be seen: however it is printed, inspected or serialised, it shows as `[redacted]`. */
export abstract class Redacted {
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

/** Text that must not be seen; only what writes the patch reveals it. */
export class SecretValue extends Redacted {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  /** The text itself, for the patch and nothing else. */
  reveal(): string {
    return this.#text
  }
}

/** The text of a value that may be one that nobody may see, as `reveal` gives it. */
export const textOf = (value: string | SecretValue): string =>
  value instanceof SecretValue ? value.reveal() : value
