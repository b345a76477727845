import type { Malformed } from './base32.ts'

/** A piece of protobuf's text format. Offsets count bytes from 0. */
export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly offset: number }
  | { readonly kind: 'number'; readonly text: string; readonly offset: number }
  | { readonly kind: 'string'; readonly bytes: readonly number[]; readonly offset: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly offset: number }

export type Tokens = { readonly kind: 'tokens'; readonly tokens: readonly Token[] } | Malformed

const code = (character: string): number => character.charCodeAt(0)
const space = new Set([...' \n\r\t'].map(code))
const symbols = new Set([...':,;'].map(code))
const simpleEscapes = new Map(
  Object.entries({ a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '"': 34, "'": 39, '\\': 92, '?': 63 }).map(
    ([character, value]) => [code(character), value],
  ),
)
const hexDigit = /^[0-9A-Fa-f]$/
const octalDigit = /^[0-7]$/
const wordCharacter = /^[A-Za-z0-9_.+-]$/
const nameStart = /^[A-Za-z_]$/

const malformed = (offset: number, why: string): Malformed => ({ kind: 'malformed', offset, why })

/**
 * Cuts protobuf's text format into tokens: names, numbers, strings in either quote with every escape, and the symbols
 * `:`, `,` and `;`. Comments and white space end here. Messages, lists and extensions do not occur in a request for
 * a secret and are malformed. Source: the Text Format Language Specification of protobuf, "Lexical Elements".
 */
export const tokenize = (bytes: Uint8Array): Tokens => {
  const tokens: Token[] = []
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    const character = String.fromCharCode(byte)
    if (space.has(byte)) {
      at++
    } else if (character === '#') {
      while (at < bytes.length && bytes[at] !== 10) at++
    } else if (symbols.has(byte)) {
      tokens.push({ kind: 'symbol', text: character, offset: at++ })
    } else if (character === '"' || character === "'") {
      const literal = readString(bytes, at)
      if (literal.kind === 'malformed') return literal
      tokens.push({ kind: 'string', bytes: literal.bytes, offset: at })
      at = literal.end
    } else if (wordCharacter.test(character)) {
      const offset = at
      let text = ''
      for (; at < bytes.length; at++) {
        const next = String.fromCharCode(bytes[at] ?? 0)
        if (!wordCharacter.test(next)) break
        text += next
      }
      tokens.push({ kind: nameStart.test(text.charAt(0)) ? 'name' : 'number', text, offset })
    } else {
      return malformed(at, 'unexpected character')
    }
  }
  return { kind: 'tokens', tokens }
}

type Literal =
  | { readonly kind: 'string'; readonly bytes: readonly number[]; readonly end: number }
  | Malformed
type Escape = { readonly kind: 'escape'; readonly bytes: readonly number[]; readonly end: number } | Malformed

/** Reads the string that begins with the quote at `start`; `end` is the offset after its closing quote. */
const readString = (bytes: Uint8Array, start: number): Literal => {
  const quote = bytes[start]
  const content: number[] = []
  let at = start + 1
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === quote) return { kind: 'string', bytes: content, end: at + 1 }
    if (byte === 10 || byte === 0) return malformed(at, 'a string cannot hold a line end or NUL as it stands')
    if (byte !== 92) {
      content.push(byte)
      at++
      continue
    }
    const escape = readEscape(bytes, at)
    if (escape.kind === 'malformed') return escape
    content.push(...escape.bytes)
    at = escape.end
  }
  return malformed(start, 'the string has no closing quote')
}

/** Reads the escape whose backslash stands at `start`. */
const readEscape = (bytes: Uint8Array, start: number): Escape => {
  const byte = bytes[start + 1] ?? 0
  const character = String.fromCharCode(byte)
  const simple = simpleEscapes.get(byte)
  if (simple !== undefined) return { kind: 'escape', bytes: [simple], end: start + 2 }
  if (octalDigit.test(character)) {
    const digits = takeDigits(bytes, start + 1, { pattern: octalDigit, most: 3 })
    const value = Number.parseInt(digits, 8)
    return value > 0xff
      ? malformed(start, 'an octal escape ends at \\377')
      : { kind: 'escape', bytes: [value], end: start + 1 + digits.length }
  }
  if (character === 'x' || character === 'X') {
    const digits = takeDigits(bytes, start + 2, { pattern: hexDigit, most: 2 })
    return digits === ''
      ? malformed(start, 'a hex escape needs a digit')
      : { kind: 'escape', bytes: [Number.parseInt(digits, 16)], end: start + 2 + digits.length }
  }
  if (character === 'u' || character === 'U') return readUnicodeEscape(bytes, start)
  return malformed(start, 'unknown escape')
}

/** `\uXXXX`, `\UXXXXXXXX`, and two `\u` that make a surrogate pair. */
const readUnicodeEscape = (bytes: Uint8Array, start: number): Escape => {
  const length = bytes[start + 1] === code('u') ? 4 : 8
  const first = codeUnit(bytes, start + 2, length)
  if (first === undefined || first > 0x10ffff) {
    return malformed(start, `a unicode escape needs ${length} hex digits of a code point`)
  }
  let end = start + 2 + length
  let point = first
  if (first >= 0xd800 && first <= 0xdbff && bytes[end] === 92 && bytes[end + 1] === code('u')) {
    const second = codeUnit(bytes, end + 2, 4)
    if (second !== undefined && second >= 0xdc00 && second <= 0xdfff) {
      point = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
      end += 6
    }
  }
  return point >= 0xd800 && point <= 0xdfff
    ? malformed(start, 'half of a surrogate pair')
    : { kind: 'escape', bytes: [...new TextEncoder().encode(String.fromCodePoint(point))], end }
}

const codeUnit = (bytes: Uint8Array, start: number, length: number): number | undefined => {
  const digits = takeDigits(bytes, start, { pattern: hexDigit, most: length })
  return digits.length === length ? Number.parseInt(digits, 16) : undefined
}

const takeDigits = (
  bytes: Uint8Array,
  start: number,
  { pattern, most }: { pattern: RegExp; most: number },
): string => {
  let digits = ''
  for (let at = start; at < bytes.length && digits.length < most; at++) {
    const character = String.fromCharCode(bytes[at] ?? 0)
    if (!pattern.test(character)) break
    digits += character
  }
  return digits
}
