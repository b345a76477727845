/** Flyte's alphabet: the characters of a label of a DNS name. Standard base32 has `234567` where this has `123456`. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz123456'
const bitsPerCharacter = 5

/** The value of a character, or -1; indexed by its code. */
const values = new Int8Array(128).fill(-1)
for (const [value, character] of [...alphabet].entries()) values[character.charCodeAt(0)] = value

export type Decoded = { readonly kind: 'bytes'; readonly bytes: Buffer } | Malformed
/** Text that cannot be decoded: the offset in characters or bytes from 0, and the reason. */
export interface Malformed {
  readonly kind: 'malformed'
  readonly offset: number
  readonly why: string
}

/** The answer for text that cannot be decoded. */
export const malformed = (offset: number, why: string): Malformed => ({ kind: 'malformed', offset, why })

/** Writes bytes in Flyte's base32, without padding (specification §1). */
export const encodeBase32 = (bytes: Uint8Array): string => {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= bitsPerCharacter) {
      bits -= bitsPerCharacter
      text += alphabet[(buffer >> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + alphabet[(buffer << (bitsPerCharacter - bits)) & 31]
}

/** The bytes of a last block of this length that Go drops: such a block comes only from truncated text. */
const droppedBytes: Readonly<Record<number, number>> = { 3: 1, 6: 3 }

/**
 * Reads Flyte's base32 as Go's `encoding/base32` does (specification §1): lower case, without padding. It skips line ends
 * and drops trailing characters that do not make a whole block.
 */
export const decodeBase32 = (text: string): Decoded => {
  const bytes = Buffer.allocUnsafe(Math.floor((text.length * bitsPerCharacter) / 8))
  let length = 0
  let buffer = 0
  let bits = 0
  let characters = 0
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset)
    if (code === 10 || code === 13) continue
    const value = values[code] ?? -1
    if (value < 0) return malformed(offset, 'expected a-z or 1-6')
    characters++
    buffer = (buffer << bitsPerCharacter) | value
    bits += bitsPerCharacter
    if (bits < 8) continue
    bits -= 8
    bytes[length++] = buffer >> bits
    buffer &= (1 << bits) - 1
  }
  return { kind: 'bytes', bytes: bytes.subarray(0, length - (droppedBytes[characters % 8] ?? 0)) }
}
