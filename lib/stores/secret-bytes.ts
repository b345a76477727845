import { SecretValue } from '../secret-value.ts'

const redacted = '[redacted]'
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes that must not be seen: however they are printed, inspected or serialised, they show as `[redacted]`. */
export class SecretBytes {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
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
