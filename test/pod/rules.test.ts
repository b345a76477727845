import { describe, expect, it } from 'vitest'
import { annotationsFit, whyNotAName, whyNotAValue } from '../../lib/pod/rules.ts'

describe('the name of a variable', () => {
  it.each(['A', '_FSEC_A-B.C:D', 'with space', '1', ' ', '<', '>', '~'])('can be %j', (name) => {
    expect(whyNotAName(name)).toBeUndefined()
  })

  it.each(['', 'A=B', 'é', 'A\n', '\t', '\x7f', '🔑'])('cannot be %j', (name) => {
    expect(whyNotAName(name)).toBe('a variable name must be printable ASCII without "=" (ValidateEnv)')
  })
})

describe('the value of a variable', () => {
  const tooLong = 'its name and value exceed the 131072 bytes that Linux allows'
  it('can be any text, including the empty one', () => {
    expect(['', 'a\nb', 'é', '=$'].map((value) => whyNotAValue('A', value))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('cannot hold a NUL', () => {
    expect(whyNotAValue('A', 'hunter\0')).toBe('a variable cannot contain a NUL')
  })

  it.each([
    {
      what: 'with its name',
      name: 'ABCD',
      longest: 'v'.repeat(131_072 - 6),
      longer: 'v'.repeat(131_072 - 5),
    },
    { what: 'not in characters', name: 'AB', longest: 'é'.repeat(65_534), longer: 'é'.repeat(65_535) },
  ])('is as long as Linux allows, counted in bytes, $what', ({ name, longest, longer }) => {
    expect(whyNotAValue(name, longest)).toBeUndefined()
    expect(whyNotAValue(name, longer)).toBe(tooLong)
  })
})

describe('the annotations of a pod', () => {
  it('fit into 256 KiB, counting names and values in bytes', () => {
    const half = 'é'.repeat(64 * 1024)
    expect(annotationsFit([])).toBe(true)
    expect(annotationsFit([['a', 'v'.repeat(256 * 1024 - 1)]])).toBe(true)
    expect(annotationsFit([['a', 'v'.repeat(256 * 1024)]])).toBe(false)
    expect(
      annotationsFit([
        [half, ''],
        ['', half],
      ]),
    ).toBe(true)
    expect(
      annotationsFit([
        [half, 'a'],
        ['', half],
      ]),
    ).toBe(false)
  })
})
