import { type Malformed, malformed } from './base32.ts'

/** A token of protobuf's text format. Its text is binary, with one character for each byte; offsets count bytes from 0. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol'
  /** The content of a string, without quotes and escapes. */
  readonly text: string
  readonly offset: number
}

export type Tokens = { readonly kind: 'tokens'; readonly tokens: readonly Token[] } | Malformed

/** Each pattern matches at the current position, possibly the empty text. */
const comment = /[^\n]*/y
const word = /[\w.+-]*/y
const octalDigits = /[0-7]{0,3}/y
const hexDigits = { 2: /[0-9A-Fa-f]{0,2}/y, 4: /[0-9A-Fa-f]{0,4}/y, 8: /[0-9A-Fa-f]{0,8}/y } as const

/** The offset of the next byte that does not stand for itself in a string. */
const endOfPlainText = (text: string, start: number, quote: string): number => {
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === quote || character === '\\' || character === '\n' || character === '\0') return at
  }
  return text.length
}

const nameStart = /^[A-Za-z_]/
const simpleEscapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }).concat(
    [...'"\'\\?'].map((character) => [character, character]),
  ),
)

/** The match of the pattern at `start`. */
const take = (pattern: RegExp, text: string, start: number): string => {
  pattern.lastIndex = start
  return pattern.test(text) ? text.slice(start, pattern.lastIndex) : ''
}

/**
 * Splits protobuf's text format (one character for each byte) into tokens: names, numbers, strings in either quote with every
 * escape, and the symbols `:`, `,` and `;`. It drops comments and white space. Messages, lists and extensions do not occur in a request and
 * are malformed. Source: the Text Format Language Specification of protobuf, "Lexical Elements".
 */
export const tokenize = (text: string): Tokens => {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    switch (character) {
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        at++
        break
      case '#':
        at += take(comment, text, at).length
        break
      case ':':
      case ',':
      case ';':
        tokens.push({ kind: 'symbol', text: character, offset: at++ })
        break
      case '"':
      case "'": {
        const literal = readString(text, at, character)
        if (literal.kind === 'malformed') return literal
        tokens.push({ kind: 'string', text: literal.text, offset: at })
        at = literal.end
        break
      }
      default: {
        const taken = take(word, text, at)
        if (taken === '') return malformed(at, 'unexpected character')
        tokens.push({ kind: nameStart.test(taken) ? 'name' : 'number', text: taken, offset: at })
        at += taken.length
      }
    }
  }
  return { kind: 'tokens', tokens }
}

/** The text that was read, and the offset after it. */
type Read = { readonly kind: 'read'; readonly text: string; readonly end: number } | Malformed

/** Reads the string that begins with the quote at `start`. */
const readString = (text: string, start: number, quote: string): Read => {
  let content = ''
  let at = start + 1
  while (at < text.length) {
    const end = endOfPlainText(text, at, quote)
    content += text.slice(at, end)
    at = end
    const next = text.charAt(at)
    if (next === quote) return { kind: 'read', text: content, end: at + 1 }
    if (next === '\n' || next === '\0')
      return malformed(at, 'a string cannot contain an unescaped newline or NUL')
    if (next !== '\\') break
    const escape = readEscape(text, at)
    if (escape.kind === 'malformed') return escape
    content += escape.text
    at = escape.end
  }
  return malformed(start, 'the string has no closing quote')
}

/** Reads the escape whose backslash is at `start`. */
const readEscape = (text: string, start: number): Read => {
  const character = text.charAt(start + 1)
  const simple = simpleEscapes.get(character)
  if (simple !== undefined) return { kind: 'read', text: simple, end: start + 2 }
  const octal = take(octalDigits, text, start + 1)
  if (octal !== '') {
    const value = Number.parseInt(octal, 8)
    return value > 0xff
      ? malformed(start, 'the highest octal escape is \\377')
      : { kind: 'read', text: String.fromCharCode(value), end: start + 1 + octal.length }
  }
  if (character === 'x' || character === 'X') {
    const hex = take(hexDigits[2], text, start + 2)
    return hex === ''
      ? malformed(start, 'a hex escape needs a digit')
      : { kind: 'read', text: String.fromCharCode(Number.parseInt(hex, 16)), end: start + 2 + hex.length }
  }
  if (character === 'u') return readUnicodeEscape(text, start, 4)
  if (character === 'U') return readUnicodeEscape(text, start, 8)
  return malformed(start, 'unknown escape')
}

/** `\uXXXX`, `\UXXXXXXXX`, and two `\u` that make a surrogate pair. */
const readUnicodeEscape = (text: string, start: number, length: 4 | 8): Read => {
  const first = codeUnit(text, start + 2, length)
  if (first === undefined || first > 0x10ffff) {
    return malformed(start, `a unicode escape needs ${length} hex digits of a code point`)
  }
  let end = start + 2 + length
  let point = first
  if (first >= 0xd800 && first <= 0xdbff && text.startsWith('\\u', end)) {
    const second = codeUnit(text, end + 2, 4)
    if (second !== undefined && second >= 0xdc00 && second <= 0xdfff) {
      point = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
      end += 6
    }
  }
  return point >= 0xd800 && point <= 0xdfff
    ? malformed(start, 'half of a surrogate pair')
    : { kind: 'read', text: Buffer.from(String.fromCodePoint(point)).toString('latin1'), end }
}

const codeUnit = (text: string, start: number, length: 4 | 8): number | undefined => {
  const digits = take(hexDigits[length], text, start)
  return digits.length === length ? Number.parseInt(digits, 16) : undefined
}
