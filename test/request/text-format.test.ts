import { describe, expect, it } from 'vitest'
import { tokenize } from '../../lib/request/text-format.ts'

const read = (text: string) => tokenize(Buffer.from(text).toString('latin1'))

/** Returns the value of the only string literal in a text. */
const stringIn = (text: string): string | undefined => {
  const result = read(text)
  const token = result.kind === 'tokens' && result.tokens.length === 1 ? result.tokens[0] : undefined
  return token?.kind === 'string' ? Buffer.from(token.text, 'latin1').toString() : undefined
}

describe('the tokens of a text', () => {
  it('are names, symbols, strings and numbers, each with its offset', () => {
    expect(read('key:"a";m_2 : 0x1F,')).toEqual({
      kind: 'tokens',
      tokens: [
        { kind: 'name', text: 'key', offset: 0 },
        { kind: 'symbol', text: ':', offset: 3 },
        { kind: 'string', text: 'a', offset: 4 },
        { kind: 'symbol', text: ';', offset: 7 },
        { kind: 'name', text: 'm_2', offset: 8 },
        { kind: 'symbol', text: ':', offset: 12 },
        { kind: 'number', text: '0x1F', offset: 14 },
        { kind: 'symbol', text: ',', offset: 18 },
      ],
    })
  })

  it.each([
    { what: 'white space of all kinds', text: ' \t\r\nkey\n' },
    { what: 'a comment before', text: '# "no string\nkey' },
    { what: 'a comment after', text: 'key#:;,' },
    { what: 'a comment without a line end', text: 'key # the end' },
  ])('leave out $what', ({ text }) => {
    expect(read(text)).toEqual({
      kind: 'tokens',
      tokens: [{ kind: 'name', text: 'key', offset: text.indexOf('key') }],
    })
  })

  it('are empty for an empty text', () => {
    expect(read('')).toEqual({ kind: 'tokens', tokens: [] })
  })

  it.each([
    { what: 'a message', text: 'key { }', offset: 4 },
    { what: 'a list', text: 'key: [', offset: 5 },
    { what: 'a letter beyond ASCII', text: 'é', offset: 0 },
    { what: 'a NUL', text: 'key\0', offset: 3 },
  ])('are refused with $what', ({ text, offset }) => {
    expect(read(text)).toEqual({ kind: 'malformed', offset, why: 'unexpected character' })
  })
})

describe('a string literal', () => {
  it.each([
    { text: '""', value: '' },
    { text: '"it\'s"', value: "it's" },
    { text: '\'say "x"\'', value: 'say "x"' },
    { text: '"# no comment"', value: '# no comment' },
    { text: '"grün"', value: 'grün' },
    { text: String.raw`"\a\b\f\n\r\t\v"`, value: '\x07\b\f\n\r\t\v' },
    { text: String.raw`"\"\'\\\?"`, value: '"\'\\?' },
    { text: String.raw`"\1\12\1012"`, value: '\x01\nA2' },
    { text: String.raw`"\x4\x41\X4a1"`, value: '\x04AJ1' },
    { text: String.raw`"\303\xa9"`, value: 'é' },
    { text: String.raw`"\u00e9\U0001f511"`, value: 'é🔑' },
    { text: String.raw`"\ud83d\udd11"`, value: '🔑' },
    { text: String.raw`"\ud800\udc00\udbff\udfff"`, value: '\u{10000}\u{10ffff}' },
    { text: String.raw`"\ue000\ud7ff\U0010FFFF"`, value: '\ue000\ud7ff\u{10ffff}' },
  ])('$text holds $value', ({ text, value }) => {
    expect(stringIn(text)).toBe(value)
  })

  it('can hold the byte of the greatest octal escape', () => {
    expect(read(String.raw`"\377"`)).toMatchObject({ tokens: [{ text: '\xff' }] })
  })

  it.each([
    { text: '"open', offset: 0, why: 'the string has no closing quote' },
    { text: '\'other"', offset: 0, why: 'the string has no closing quote' },
    { text: '"a\nb"', offset: 2, why: 'a string cannot contain an unescaped newline or NUL' },
    { text: '"a\0b"', offset: 2, why: 'a string cannot contain an unescaped newline or NUL' },
    { text: '"\\', offset: 1, why: 'unknown escape' },
    { text: String.raw`"a\z"`, offset: 2, why: 'unknown escape' },
    { text: String.raw`"\8"`, offset: 1, why: 'unknown escape' },
    { text: String.raw`"\400"`, offset: 1, why: 'the highest octal escape is \\377' },
    { text: String.raw`"\xg"`, offset: 1, why: 'a hex escape needs a digit' },
    { text: String.raw`"\u00e"`, offset: 1, why: 'a unicode escape needs 4 hex digits of a code point' },
    { text: String.raw`"\u12`, offset: 1, why: 'a unicode escape needs 4 hex digits of a code point' },
    { text: String.raw`"\U0001f51"`, offset: 1, why: 'a unicode escape needs 8 hex digits of a code point' },
    { text: String.raw`"\U00110000"`, offset: 1, why: 'a unicode escape needs 8 hex digits of a code point' },
    { text: String.raw`"\ud83d"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud83d\n"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud83d\u0041"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud83d\ue000"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud83d\udd1"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud83d-udd11"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\ud800"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\udfff"`, offset: 1, why: 'half of a surrogate pair' },
    { text: String.raw`"\u0041\udc00"`, offset: 7, why: 'half of a surrogate pair' },
    { text: String.raw`"\ue000\udc00"`, offset: 7, why: 'half of a surrogate pair' },
    { text: String.raw`"\udd11\ud83d"`, offset: 1, why: 'half of a surrogate pair' },
  ])('$text is refused at $offset: $why', ({ text, offset, why }) => {
    expect(read(text)).toEqual({ kind: 'malformed', offset, why })
  })
})
