import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase32, encodeBase32 } from '../../lib/request/base32.ts'

const bytesOf = (text: string) => Buffer.from(text)

describe("Flyte's base32", () => {
  it.each([
    { text: '', encoded: '' },
    { text: 'k', encoded: 'nm' },
    { text: 'kk', encoded: 'nnvq' },
    { text: 'kkk', encoded: 'nnvww' },
    { text: 'kkkk', encoded: 'nnvww1y' },
    { text: 'kkkkk', encoded: 'nnvww12l' },
    { text: 'key: "my_key"\n', encoded: 'nnsxsoraejwxsx2lmv3secq' },
    { text: 'group: ";\':/\\\\"\n', encoded: 'm4zg54lqhiqceozhhixvyxbcbi' },
  ])('writes $text as "$encoded" and reads it back', ({ text, encoded }) => {
    expect(encodeBase32(bytesOf(text))).toBe(encoded)
    expect(decodeBase32(encoded)).toEqual({ kind: 'bytes', bytes: bytesOf(text) })
  })

  it('reads back any bytes that it wrote, using only its alphabet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const encoded = encodeBase32(bytes)
        expect(encoded).toMatch(/^[a-z1-6]*$/)
        expect(decodeBase32(encoded)).toEqual({ kind: 'bytes', bytes: Buffer.from(bytes) })
      }),
    )
  })

  it('treats every byte as eight bits', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(decodeBase32(encodeBase32(all))).toEqual({ kind: 'bytes', bytes: Buffer.from(all) })
  })

  it.each([
    { what: 'an upper-case letter', text: 'nM', offset: 1 },
    { what: 'the 7 of standard base32', text: 'nnv7', offset: 3 },
    { what: 'a zero', text: '0m', offset: 0 },
    { what: 'padding', text: 'nm======', offset: 2 },
    { what: 'a space', text: 'nm nm', offset: 2 },
    { what: 'a letter beyond ASCII', text: 'né', offset: 1 },
  ])('refuses $what at its place', ({ text, offset }) => {
    expect(decodeBase32(text)).toEqual({
      kind: 'malformed',
      offset,
      why: 'expected a-z or 1-6',
    })
  })

  it.each([
    { what: 'line ends', text: 'nn\r\nvq\n', read: 'kk' },
    { what: 'set bits that belong to no byte', text: 'np', read: 'k' },
    { what: 'a character that completes no byte', text: 'nnvww12ln', read: 'kkkkk' },
  ])("skips $what, as Go's decoder does", ({ text, read }) => {
    expect(decodeBase32(text)).toEqual({ kind: 'bytes', bytes: bytesOf(read) })
  })
})
