/** A Kubernetes quantity that is not negative: an exact number of billionths, and its original notation. */
export interface Quantity {
  readonly nanos: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

/** `<number><suffix>` of apimachinery's `pkg/api/resource`, without a minus sign: no resource can be negative. */
export const quantityPattern = /^\+?(?=\.?\d)(\d*)\.?(\d*)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/

const decimalExponents: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const decimalSuffixes = new Map([...decimalExponents].map(([suffix, exponent]) => [exponent, suffix]))
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const nanosPerUnit = 10n ** 9n

/** Kubernetes truncates binary quantities here, and older versions write larger decimal ones incorrectly. */
const maxNanos = (2n ** 63n - 1n) * nanosPerUnit

/** Reads a quantity as `resource.ParseQuantity` does, rounding up to whole billionths. Undefined for any other text. */
export const parseQuantity = (text: string): Quantity | undefined => {
  const [matched, whole = '', fraction = '', suffix = ''] = quantityPattern.exec(text) ?? []
  if (matched === undefined) return undefined
  const { format, numerator, denominator } = multiplier(suffix)
  const divisor = denominator * 10n ** BigInt(fraction.length)
  const dividend = BigInt(whole + fraction) * numerator * nanosPerUnit
  const nanos = (dividend + divisor - 1n) / divisor
  return nanos > maxNanos ? undefined : { nanos, format }
}

interface Multiplier {
  readonly format: Quantity['format']
  readonly numerator: bigint
  readonly denominator: bigint
}

const multiplier = (suffix: string): Multiplier => {
  const power = binarySuffixes.indexOf(suffix)
  if (power > 0) return { format: 'BinarySI', numerator: 1024n ** BigInt(power), denominator: 1n }
  const named = decimalExponents.get(suffix)
  const exponent = named ?? Number(suffix.slice(1))
  return {
    format: named === undefined ? 'DecimalExponent' : 'DecimalSI',
    numerator: exponent > 0 ? 10n ** BigInt(exponent) : 1n,
    denominator: exponent < 0 ? 10n ** BigInt(-exponent) : 1n,
  }
}

/** Writes a quantity as `Quantity.CanonicalizeBytes` does: the form in which the API server stores it. */
export const formatQuantity = ({ nanos, format }: Quantity): string => {
  if (nanos === 0n) return '0'
  const isWhole = nanos % nanosPerUnit === 0n
  return format === 'BinarySI' && isWhole && nanos >= 1024n * nanosPerUnit
    ? formatBinary(nanos / nanosPerUnit)
    : formatDecimal(nanos, format)
}

const formatBinary = (units: bigint): string => {
  let mantissa = units
  let power = 0
  for (; mantissa % 1024n === 0n; power += 1) mantissa /= 1024n
  return `${mantissa}${binarySuffixes[power]}`
}

const formatDecimal = (nanos: bigint, format: Quantity['format']): string => {
  let mantissa = nanos
  let exponent = -9
  for (; mantissa % 1000n === 0n; exponent += 3) mantissa /= 1000n
  if (format !== 'DecimalExponent') return `${mantissa}${decimalSuffixes.get(exponent)}`
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`
}
