import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatQuantity, parseQuantity } from '../../lib/config/quantity.ts'

const canonical = (text: string): string | undefined => {
  const quantity = parseQuantity(text)
  return quantity && formatQuantity(quantity)
}

describe('a quantity is written like the API server stores it', () => {
  // From the comments and tests of apimachinery's pkg/api/resource/quantity.go.
  const cases = [
    { written: '200m', stored: '200m' },
    { written: '500Mi', stored: '500Mi' },
    { written: '0', stored: '0' },
    { written: '0Mi', stored: '0' },
    { written: '000', stored: '0' },
    { written: '+1', stored: '1' },
    { written: '1000m', stored: '1' },
    { written: '0.5', stored: '500m' },
    { written: '.5', stored: '500m' },
    { written: '1.', stored: '1' },
    { written: '1.G', stored: '1G' },
    { written: '1.5', stored: '1500m' },
    { written: '1.5Gi', stored: '1536Mi' },
    { written: '1024Mi', stored: '1Gi' },
    { written: '1024', stored: '1024' },
    { written: '1000k', stored: '1M' },
    { written: '0.5Ki', stored: '512' },
    { written: '1023Ki', stored: '1023Ki' },
    { written: '1.1Ki', stored: '1126400m' },
    { written: '0.0001Ki', stored: '102400u' },
    { written: '1e3', stored: '1e3' },
    { written: '12E2', stored: '1200' },
    { written: '1E-3', stored: '1e-3' },
    { written: '1e+6', stored: '1e6' },
    { written: '1E', stored: '1E' },
    { written: '1u', stored: '1u' },
    { written: '1n', stored: '1n' },
    { written: '0.1n', stored: '1n' },
    { written: '1e-50', stored: '1e-9' },
    { written: '7Ei', stored: '7Ei' },
    { written: '9223372036854775807', stored: '9223372036854775807' },
  ]
  test.each(cases)('$written becomes $stored', ({ written, stored }) => {
    expect(canonical(written)).toBe(stored)
  })
})

describe('a text that is not a quantity of a resource is refused', () => {
  const cases = [
    '',
    ' ',
    '.',
    '+',
    'm',
    '-1',
    '-0',
    '1 ',
    ' 1',
    '1..2',
    '1,5',
    '1K',
    '1mi',
    '1kI',
    '1ee3',
    '1e',
    '1e1.5',
    '1e100',
    '0x10',
    '1_000',
    'Infinity',
    'NaN',
    '8Ei',
    '9223372036854775808',
    '1Mi1',
    '１',
  ].map((written) => ({ written }))
  test.each(cases)('"$written"', ({ written }) => {
    expect(parseQuantity(written)).toBeUndefined()
  })
})

const suffixes = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 1000n],
  '': [1n, 1n],
  k: [1000n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  Ki: [1024n, 1n],
  Mi: [1024n ** 2n, 1n],
  Gi: [1024n ** 3n, 1n],
  Ti: [1024n ** 4n, 1n],
  e3: [1000n, 1n],
  'E-2': [1n, 100n],
} as const

const written = fc.record({
  digits: fc.bigInt({ min: 0n, max: 10n ** 6n }),
  decimals: fc.integer({ min: 0, max: 6 }),
  suffix: fc.constantFrom(...(Object.keys(suffixes) as (keyof typeof suffixes)[])),
})

type Written = typeof written extends fc.Arbitrary<infer T> ? T : never

const textOf = ({ digits, decimals, suffix }: Written): string => {
  const padded = String(digits).padStart(decimals + 1, '0')
  const whole = padded.slice(0, padded.length - decimals)
  return `${whole}${decimals > 0 ? `.${padded.slice(-decimals)}` : ''}${suffix}`
}

/** Returns the exact value as a fraction. */
const fractionOf = ({ digits, decimals, suffix }: Written): readonly [bigint, bigint] => {
  const [numerator, denominator] = suffixes[suffix]
  return [digits * numerator, denominator * 10n ** BigInt(decimals)]
}

describe('any quantity', () => {
  test('is read exactly, rounded up to a billionth', () => {
    fc.assert(
      fc.property(written, (quantity) => {
        const [numerator, denominator] = fractionOf(quantity)
        const exact = numerator * 10n ** 9n
        const nanos = parseQuantity(textOf(quantity))?.nanos ?? -1n
        expect(nanos * denominator >= exact && (nanos - 1n) * denominator < exact).toBe(true)
      }),
    )
  })

  test('compares like its fraction', () => {
    const wholeNanos = written.filter((quantity) => {
      const [numerator, denominator] = fractionOf(quantity)
      return (numerator * 10n ** 9n) % denominator === 0n
    })
    fc.assert(
      fc.property(wholeNanos, wholeNanos, (a, b) => {
        const [p, q] = fractionOf(a)
        const [r, s] = fractionOf(b)
        const left = parseQuantity(textOf(a))?.nanos ?? -1n
        const right = parseQuantity(textOf(b))?.nanos ?? -1n
        expect(left < right).toBe(p * s < r * q)
        expect(left === right).toBe(p * s === r * q)
      }),
    )
  })

  test('keeps its value in canonical notation, which is stable', () => {
    fc.assert(
      fc.property(written, (quantity) => {
        const text = textOf(quantity)
        const stored = canonical(text) ?? ''
        expect(parseQuantity(stored)?.nanos).toBe(parseQuantity(text)?.nanos)
        expect(canonical(stored)).toBe(stored)
      }),
    )
  })
})
