import { Redacted, SecretValue } from '../secret-value.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

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
